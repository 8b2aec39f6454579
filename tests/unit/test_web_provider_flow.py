"""A sign-in at a provider on its way there and back: it belongs to one browser, counts once and ends soon."""

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from db.auth_sessions import resolve
from db.engine import Database, reading
from db.models import utc_now
from tests.identity_provider import (
    AUTHORIZE,
    CLIENT_ID,
    ITS_OWN_WARNINGS,
    SECRET,
    TOKEN,
    RealProvider,
    approve,
)
from tests.small_clinic import SmallClinic
from tests.unit.provider_steps import FROM_ELSEWHERE, come_back, link, running_for, start
from tests.web_client import FORM, ORIGIN, PAGE, browser, signed_in
from web.provider import BEGUN_ELSEWHERE, LIFETIME, NOT_LINKED

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("clock"),
    ITS_OWN_WARNINGS,
]


@pytest.fixture
def provider(database: Database, clinic: SmallClinic) -> Iterator[RealProvider]:
    """Return a provider that the clinic has set."""
    with running_for(database, clinic) as started:
        yield started


def test_the_provider_hears_state_nonce_and_the_proof_of_who_asked(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """PKCE is always sent, though this provider does not say that it looks at it."""
    link(database, clinic.clinician, provider, "s-1")
    client = browser()
    assert come_back(client, approve(start(client, clinic), "s-1"))[0] == 303

    asked, fetched = provider.asked(AUTHORIZE)[-1], provider.asked(TOKEN)[-1]
    digest = hashlib.sha256(fetched["code_verifier"].encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert asked["code_challenge_method"] == "S256"
    assert (asked["response_type"], asked["scope"]) == ("code", "openid")
    assert asked["redirect_uri"] == fetched["redirect_uri"] == f"{ORIGIN}/provider/back"
    assert min(len(asked["state"]), len(asked["nonce"]), len(fetched["code_verifier"])) >= 43
    [authorization] = [each.authorization for each in provider.heard if each.path == TOKEN]
    assert base64.b64decode(authorization.split()[1]).decode() == f"{CLIENT_ID}:{SECRET}"


def test_it_takes_the_place_of_an_open_session(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """A planted or forgotten session does not live on beside the new one."""
    link(database, clinic.clinician, provider, "s-1")
    client = signed_in(database, clinic.patient)
    before = client.cookies["mendline_session"]

    assert come_back(client, approve(start(client, clinic), "s-1")) == (303, "/")

    assert client.get("/").text == "<p>clinician</p>"
    with reading(database) as session:
        assert resolve(session, before, utc_now()) is None


@pytest.mark.parametrize("query", ["", "?state=&code=x", "?state=forged&code=x", "?error=x"])
def test_a_forged_state_is_refused(clinic: SmallClinic, provider: RealProvider, query: str) -> None:
    """Missing, empty or made up; what was begun stays."""
    client = browser()
    address = start(client, clinic)
    tie = client.cookies["mendline_provider"]

    assert BEGUN_ELSEWHERE in come_back(client, f"/provider/back{query}")[1]

    client.cookies.set("mendline_provider", tie)
    assert NOT_LINKED in come_back(client, approve(address, "s-1"))[1]


@pytest.mark.parametrize("tie", [None, "", "another", "\xe9"])
def test_only_the_browser_that_began_it_ends_it(
    database: Database, clinic: SmallClinic, provider: RealProvider, tie: str | None
) -> None:
    """An address with somebody else's code, opened by mistake, signs nobody in; it is used up."""
    link(database, clinic.clinician, provider, "s-1")
    client, other = browser(), browser()
    path = approve(start(client, clinic), "s-1")
    brought = "" if tie is None else f"mendline_provider={tie}"

    headers = [(name.encode(), value.encode()) for name, value in FROM_ELSEWHERE.items()]
    answer = other.get(path, headers=[*headers, (b"cookie", brought.encode("latin-1"))])

    assert (answer.status_code, BEGUN_ELSEWHERE in answer.text) == (401, True)
    assert BEGUN_ELSEWHERE in come_back(client, path)[1]
    assert provider.asked(TOKEN) == []


def test_an_answer_counts_once(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Neither the address again, nor its code in another sign-in."""
    link(database, clinic.clinician, provider, "s-1")
    client = browser()
    path = approve(start(client, clinic), "s-1")
    tie = client.cookies["mendline_provider"]
    assert come_back(client, path)[0] == 303
    client.cookies.set("mendline_provider", tie)
    assert come_back(client, path)[0] == 401

    other = browser()
    [state] = parse_qs(urlsplit(start(other, clinic)).query)["state"]
    [code] = parse_qs(urlsplit(path).query)["code"]
    status, text = come_back(other, f"/provider/back?state={state}&code={code}")
    assert (status, "was not accepted" in text) == (401, True)
    assert "mendline_session" not in other.cookies


@pytest.mark.parametrize(
    ("after", "status"), [(LIFETIME - timedelta(seconds=30), 303), (LIFETIME, 401)]
)
def test_it_takes_ten_minutes_at_most(  # noqa: PLR0913, PLR0917 - fixtures and cases
    database: Database,
    clinic: SmallClinic,
    provider: RealProvider,
    clock: time_machine.Traveller,
    after: timedelta,
    status: int,
) -> None:
    """Whoever comes back later starts again."""
    link(database, clinic.clinician, provider, "s-1")
    client = browser()
    address = start(client, clinic)
    tie = client.cookies["mendline_provider"]
    clock.shift(after)
    client.cookies.set("mendline_provider", tie)

    assert come_back(client, approve(address, "s-1"))[0] == status


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/provider/back"])
def test_nobody_is_sent_elsewhere(
    database: Database, clinic: SmallClinic, provider: RealProvider, target: str
) -> None:
    """The page after signing in is one of ours."""
    link(database, clinic.clinician, provider, "s-1")
    client = browser()

    assert come_back(client, approve(start(client, clinic, target), "s-1")) == (303, "/")


def test_the_tie_to_the_browser_is_out_of_reach_of_scripts(
    clinic: SmallClinic, provider: RealProvider
) -> None:
    """Short-lived, and over TLS bound to this host; nothing of it in another cookie."""
    form = {"clinic": str(clinic.clinic_id)}
    plain = browser().post("/provider/start", data=form, headers=FORM)
    client = browser(base_url="https://127.0.0.1:8501")
    secure = client.post(
        "/provider/start", data=form, headers=FORM | {"Origin": "https://127.0.0.1:8501"}
    )

    [cookie] = plain.headers.get_list("set-cookie")
    assert re.fullmatch(
        r"mendline_provider=[\w-]{43}; HttpOnly; Max-Age=600; Path=/; SameSite=lax", cookie
    )
    [cookie] = secure.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-mendline_provider=")
    assert cookie.endswith("; Secure")
    assert "redirect_uri=https%3A%2F%2F127.0.0.1%3A8501%2Fprovider%2Fback" in secure.text


def test_a_foreign_form_starts_nothing(clinic: SmallClinic, provider: RealProvider) -> None:
    """Only our own pages do."""
    form = {"clinic": str(clinic.clinic_id)}
    foreign = FORM | {"Origin": "http://evil.example"}

    assert browser().post("/provider/start", data=form, headers=foreign).status_code == 403
    assert browser().get("/provider/start", headers=PAGE).headers["location"] == "/sign-in"
