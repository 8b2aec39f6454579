"""Sign-in at a clinic's own provider, against a real one: whom it opens, and linking."""

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from sqlmodel import col, select, update

from db.auth_sessions import resolve, revoke_all, start_session
from db.engine import Database, reading, serve, writing
from db.identities import Identity, link_identity, list_identities
from db.models import AccountRow, AuditRow, SignInFlowRow, utc_now
from db.providers import Provider, set_provider
from recovery.access import Actor
from recovery.sign_in import SignInWay
from tests.factories import PASSWORD
from tests.identity_provider import (
    AUTHORIZE,
    CLIENT_ID,
    ITS_OWN_WARNINGS,
    SECRET,
    TOKEN,
    RealProvider,
    approve,
    running,
)
from tests.small_clinic import SmallClinic
from tests.web_client import FORM, ORIGIN, PAGE, TestClient, browser, signed_in
from web.provider import BEGUN_ELSEWHERE, ENDED, LIFETIME, NOT_LINKED

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("clock"),
    ITS_OWN_WARNINGS,
]

PROOF = {"password": PASSWORD}
GO_ON = re.compile(r'class="button" href="([^"]+)"')
FROM_ELSEWHERE = PAGE | {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def provider(database: Database, clinic: SmallClinic) -> Iterator[RealProvider]:
    """Return a provider that the clinic has set."""
    with running() as started:
        with writing(database) as session:
            set_provider(session, settings(clinic, started.issuer))
        yield started


def settings(clinic: SmallClinic, issuer: str, name: str = "Oak staff") -> Provider:
    return Provider(
        clinic_id=clinic.clinic_id, name=name, issuer=issuer, client_id=CLIENT_ID, secret=SECRET
    )


def _link(database: Database, actor: Actor, provider: RealProvider, subject: str) -> None:
    with writing(database) as session:
        link_identity(session, actor, Identity(issuer=provider.issuer, subject=subject), utc_now())


def _start(client: TestClient, clinic: SmallClinic, target: str = "/") -> str:
    """Press the button on the sign-in page; return the provider's page that it leads to."""
    form = {"clinic": str(clinic.clinic_id), "next": target}
    return _sent_to(client, "/provider/start", form)


def _sent_to(client: TestClient, path: str, form: dict[str, str]) -> str:
    answer = client.post(path, data=form, headers=FORM)
    assert answer.status_code == 200, answer.text
    [address] = GO_ON.findall(answer.text)
    assert answer.headers["refresh"] == f"0;url={address.replace('&amp;', '&')}"
    return str(address).replace("&amp;", "&")


def _come_back(client: TestClient, path: str) -> tuple[int, str]:
    answer = client.get(path, headers=FROM_ELSEWHERE)
    return answer.status_code, answer.headers.get("location", answer.text)


def _acts(database: Database) -> list[tuple[str, object]]:
    with reading(database) as session:
        rows = session.exec(select(AuditRow).order_by(col(AuditRow.number)))
        wanted = ("sign_in", "identity")
        return [(row.action, row.actor_id) for row in rows if row.action.startswith(wanted)]


def test_a_linked_account_signs_in(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """One press, one sign-in there, and the page that was asked for opens; no code is asked."""
    _link(database, clinic.clinician, provider, "s-1")
    client = browser()
    shown = client.get("/sign-in?next=/review", headers=PAGE).text
    assert ("Sign in with Oak staff" in shown, shown.count('value="/review"')) == (True, 2)

    path = approve(_start(client, clinic, "/review"), "s-1")

    assert _come_back(client, path) == (303, "/review")
    assert client.get("/").text == "<p>clinician</p>"
    with reading(database) as session:
        info = resolve(session, client.cookies["mendline_session"], utc_now())
        assert session.exec(select(SignInFlowRow)).all() == []
    assert info is not None
    assert (info.way, info.needs_code, info.device) == (SignInWay.PROVIDER, False, "Unknown device")
    assert _acts(database)[-1] == ("sign_in.accepted", clinic.clinician.account_id)
    assert "mendline_provider" not in client.cookies


def test_the_provider_hears_state_nonce_and_the_proof_of_who_asked(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """PKCE is always sent, though this provider does not say that it looks at it."""
    _link(database, clinic.clinician, provider, "s-1")
    client = browser()
    assert _come_back(client, approve(_start(client, clinic), "s-1"))[0] == 303

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
    _link(database, clinic.clinician, provider, "s-1")
    client = signed_in(database, clinic.patient)
    before = client.cookies["mendline_session"]

    assert _come_back(client, approve(_start(client, clinic), "s-1")) == (303, "/")

    assert client.get("/").text == "<p>clinician</p>"
    with reading(database) as session:
        assert resolve(session, before, utc_now()) is None


def test_an_account_that_nobody_linked_opens_nothing(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Not even one whose name and e-mail are a user name here; it says what to do."""
    client = browser()

    status, text = _come_back(client, approve(_start(client, clinic), "clinician"))

    assert (status, NOT_LINKED in text) == (401, True)
    assert "mendline_session" not in client.cookies
    assert _acts(database) == [("sign_in.refused", None)]


def test_an_account_linked_in_another_clinic_opens_nothing_here(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic, provider: RealProvider
) -> None:
    """Two clinics may have one provider; each opens its own staff's accounts."""
    with writing(database) as session:
        set_provider(session, settings(other_clinic, provider.issuer, "Elm staff"))
    _link(database, other_clinic.clinician, provider, "s-2")
    client = browser()

    assert NOT_LINKED in _come_back(client, approve(_start(client, clinic), "s-2"))[1]
    assert _come_back(client, approve(_start(client, other_clinic), "s-2")) == (303, "/")


def test_a_suspended_account_opens_in_the_same_words(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """An outsider learns nothing about who is or was here."""
    _link(database, clinic.clinician, provider, "s-1")
    with writing(database) as session:
        session.exec(update(AccountRow).values(is_active=False))
    client = browser()

    assert NOT_LINKED in _come_back(client, approve(_start(client, clinic), "s-1"))[1]
    assert "mendline_session" not in client.cookies


def test_a_starting_password_is_still_to_be_changed(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """What somebody else knows does not stay a way in."""
    _link(database, clinic.clinician, provider, "s-1")
    with writing(database) as session:
        session.exec(update(AccountRow).values(must_change_password=True))
    client = browser()

    assert _come_back(client, approve(_start(client, clinic), "s-1")) == (303, "/account/password")


@pytest.mark.parametrize("query", ["", "?state=&code=x", "?state=forged&code=x", "?error=x"])
def test_a_forged_state_is_refused(clinic: SmallClinic, provider: RealProvider, query: str) -> None:
    """Missing, empty or made up; what was begun stays."""
    client = browser()
    address = _start(client, clinic)
    tie = client.cookies["mendline_provider"]

    assert BEGUN_ELSEWHERE in _come_back(client, f"/provider/back{query}")[1]

    client.cookies.set("mendline_provider", tie)
    assert NOT_LINKED in _come_back(client, approve(address, "s-1"))[1]


@pytest.mark.parametrize("tie", [None, "", "another", "\xe9"])
def test_only_the_browser_that_began_it_ends_it(
    database: Database, clinic: SmallClinic, provider: RealProvider, tie: str | None
) -> None:
    """An address with somebody else's code, opened by mistake, signs nobody in; it is used up."""
    _link(database, clinic.clinician, provider, "s-1")
    client, other = browser(), browser()
    path = approve(_start(client, clinic), "s-1")
    brought = "" if tie is None else f"mendline_provider={tie}"

    headers = [(name.encode(), value.encode()) for name, value in FROM_ELSEWHERE.items()]
    answer = other.get(path, headers=[*headers, (b"cookie", brought.encode("latin-1"))])

    assert (answer.status_code, BEGUN_ELSEWHERE in answer.text) == (401, True)
    assert BEGUN_ELSEWHERE in _come_back(client, path)[1]
    assert provider.asked(TOKEN) == []


def test_an_answer_counts_once(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Neither the address again, nor its code in another sign-in."""
    _link(database, clinic.clinician, provider, "s-1")
    client = browser()
    path = approve(_start(client, clinic), "s-1")
    tie = client.cookies["mendline_provider"]
    assert _come_back(client, path)[0] == 303
    client.cookies.set("mendline_provider", tie)
    assert _come_back(client, path)[0] == 401

    other = browser()
    [state] = parse_qs(urlsplit(_start(other, clinic)).query)["state"]
    [code] = parse_qs(urlsplit(path).query)["code"]
    status, text = _come_back(other, f"/provider/back?state={state}&code={code}")
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
    _link(database, clinic.clinician, provider, "s-1")
    client = browser()
    address = _start(client, clinic)
    tie = client.cookies["mendline_provider"]
    clock.shift(after)
    client.cookies.set("mendline_provider", tie)

    assert _come_back(client, approve(address, "s-1"))[0] == status


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/provider/back"])
def test_nobody_is_sent_elsewhere(
    database: Database, clinic: SmallClinic, provider: RealProvider, target: str
) -> None:
    """The page after signing in is one of ours."""
    _link(database, clinic.clinician, provider, "s-1")
    client = browser()

    assert _come_back(client, approve(_start(client, clinic, target), "s-1")) == (303, "/")


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


def test_the_page_is_unchanged_without_a_provider(database: Database, clinic: SmallClinic) -> None:
    """And nothing starts there, whatever clinic is named."""
    client = browser()
    assert "staff" not in client.get("/sign-in", headers=PAGE).text

    for named in ("", "oak", str(clinic.clinic_id), str(clinic.clinician.account_id)):
        answer = client.post("/provider/start", data={"clinic": named}, headers=FORM)
        assert (answer.status_code, "no sign-in of its own" in answer.text) == (422, True)


def test_a_demo_has_none(database: Database, clinic: SmallClinic, provider: RealProvider) -> None:
    """Nobody in it is real, and it asks no other machine."""
    serve(Database(database.engine, is_demo=True))
    client = browser()
    form = {"clinic": str(clinic.clinic_id)}

    assert "Oak staff" not in client.get("/sign-in", headers=PAGE).text
    assert client.post("/provider/start", data=form, headers=FORM).status_code == 422
    assert provider.heard == []


def test_a_foreign_form_starts_nothing(clinic: SmallClinic, provider: RealProvider) -> None:
    """Only our own pages do."""
    form = {"clinic": str(clinic.clinic_id)}
    foreign = FORM | {"Origin": "http://evil.example"}

    assert browser().post("/provider/start", data=form, headers=foreign).status_code == 403
    assert browser().get("/provider/start", headers=PAGE).headers["location"] == "/sign-in"


def test_a_member_of_staff_links_an_account_there(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Signed in another way first; from then on it opens the same account."""
    client = signed_in(database, clinic.clinician)

    path = approve(_sent_to(client, "/provider/link", {"next": "/account", **PROOF}), "s-1")

    assert _come_back(client, path) == (303, "/account")
    assert _come_back(client, path)[0] == 401
    with reading(database) as session:
        linked = list_identities(session, clinic.clinician.account_id)
    assert linked == [Identity(issuer=provider.issuer, subject="s-1")]
    assert _acts(database) == [("identity.linked", clinic.clinician.account_id)]
    other = browser()
    assert _come_back(other, approve(_start(other, clinic), "s-1")) == (303, "/")


def test_an_account_there_opens_one_account_here(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Whoever links it second is told to unlink it first."""
    _link(database, clinic.clinician, provider, "s-1")
    client = signed_in(database, clinic.assistant)

    status, text = _come_back(client, approve(_sent_to(client, "/provider/link", PROOF), "s-1"))

    assert (status, "linked to another account" in text) == (422, True)


def test_it_is_linked_only_in_the_session_that_began_it(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Ended, replaced by another sign-in of the same person, or by somebody else's."""
    for ending in ("signed out", "anew", "another"):
        client = signed_in(database, clinic.clinician)
        path = approve(_sent_to(client, "/provider/link", PROOF), "s-1")
        with writing(database) as session:
            revoke_all(session, clinic.clinician.account_id, utc_now())
            actor = clinic.clinician if ending == "anew" else clinic.assistant
            token = start_session(session, actor.account_id, actor.role, utc_now())
        if ending != "signed out":
            client.cookies.set("mendline_session", token)

        assert ENDED in _come_back(client, path)[1]
    assert _acts(database) == []


def test_patients_and_half_signed_in_staff_link_nothing(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Strangers are led to sign in, staff to their code."""
    half = browser()
    form = {"username": "clinician", "password": PASSWORD}
    assert half.post("/sign-in", data=form, headers=FORM).status_code == 303

    for client, status, target in (
        (browser(), 303, "/sign-in"),
        (half, 303, "/account/code"),
        (signed_in(database, clinic.patient), 403, None),
        (signed_in(database, clinic.carer), 403, None),
    ):
        answer = client.post("/provider/link", data=PROOF, headers=FORM)
        assert (answer.status_code, answer.headers.get("location")) == (status, target)
    assert provider.heard == []
