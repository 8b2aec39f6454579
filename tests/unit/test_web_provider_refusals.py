"""A provider that misbehaves: nobody gets in, and one plain sentence says what to do."""

import html
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlmodel import select
from werkzeug.wrappers import Response

from db.engine import Database, reading, writing
from db.identities import Identity, link_identity
from db.models import AuditRow, utc_now
from db.providers import Provider, set_provider
from tests.identity_provider import (
    AUTHORIZE,
    CLIENT_ID,
    DISCOVERY,
    ITS_OWN_WARNINGS,
    JWKS,
    SECRET,
    TOKEN,
    RealProvider,
    approve,
    deny,
    running,
)
from tests.servers import free_port
from tests.small_clinic import SmallClinic
from tests.unit.test_web_provider import FROM_ELSEWHERE, GO_ON
from tests.web_client import FORM, TestClient, browser
from web import provider_client
from web.provider import NOT_ALLOWED
from web.provider_client import NOT_ACCEPTED, NOT_SET_UP, SILENT

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("clock"),
    ITS_OWN_WARNINGS,
]

NONSENSE = (
    "",
    "<html>",
    "[]",
    "7",
    "null",
    "{}",
    '{"keys": 7}',
    '{"keys": [{}]}',
    '{"keys": [null]}',
    '{"id_token": 7}',
    '{"id_token": "a.b.c", "access_token": "x"}',
    '"\\ud800"',
    "[" * 2_000,
)


@pytest.fixture
def provider(database: Database, clinic: SmallClinic) -> Iterator[RealProvider]:
    """Return a provider whose account ``s-1`` opens the clinician's account."""
    with running() as started:
        _set(database, clinic, started.issuer)
        with writing(database) as session:
            identity = Identity(issuer=started.issuer, subject="s-1")
            link_identity(session, clinic.clinician, identity, utc_now())
        yield started


def _set(database: Database, clinic: SmallClinic, issuer: str) -> None:
    wanted = Provider(
        clinic_id=clinic.clinic_id,
        name="Oak staff",
        issuer=issuer,
        client_id=CLIENT_ID,
        secret=SECRET,
    )
    with writing(database) as session:
        set_provider(session, wanted)


def _press(clinic: SmallClinic) -> tuple[TestClient, int, str]:
    client = browser()
    form = {"clinic": str(clinic.clinic_id)}
    answer = client.post("/provider/start", data=form, headers=FORM)
    return client, answer.status_code, html.unescape(answer.text)


def _begin(clinic: SmallClinic) -> tuple[TestClient, str]:
    client, status, text = _press(clinic)
    assert status == 200
    [address] = GO_ON.findall(text)
    return client, str(address)


def _come_back(client: TestClient, path: str) -> tuple[int, str]:
    answer = client.get(path, headers=FROM_ELSEWHERE)
    return answer.status_code, answer.headers.get("location", html.unescape(answer.text))


def _try(clinic: SmallClinic) -> tuple[int, str]:
    """Sign in as ``s-1``; return what came of it, when nobody got in."""
    client, address = _begin(clinic)
    status, text = _come_back(client, approve(address, "s-1"))
    assert "mendline_session" not in client.cookies
    return status, text


def _state_in(address: str) -> str:
    return dict(parse_qsl(urlsplit(address).query))["state"]


def _refusals(database: Database) -> list[str]:
    with reading(database) as session:
        rows = session.exec(select(AuditRow).where(AuditRow.action == "sign_in.refused"))
        return [row.reason for row in rows]


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of-another-sign-in"},
        {"nonce": None},
        {"iss": "https://id.elsewhere.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": []},
        {"aud": None},
        {"aud": ["another-client", CLIENT_ID], "azp": "another-client"},
        {"aud": ["another-client", CLIENT_ID]},
        {"exp": 0},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": 10**11},
        {"nbf": 10**11},
        {"sub": None},
        {"sub": ""},
        {"sub": ["s-1"]},
        {"sub": {"s-1": 1}},
    ],
)
def test_an_answer_for_another_proves_nothing(
    database: Database, clinic: SmallClinic, provider: RealProvider, claims: dict[str, Any]
) -> None:
    """Rightly signed, but of another sign-in, issuer, client or time, or about nobody."""
    provider.bend_token(**claims)

    status, text = _try(clinic)

    assert (status, NOT_ACCEPTED in text) == (401, True)
    assert _refusals(database) == [NOT_ACCEPTED]


def test_the_same_answer_rightly_made_opens(clinic: SmallClinic, provider: RealProvider) -> None:
    """So the refusals beside this are for what was changed."""
    provider.bend_token(acr="1")
    client, address = _begin(clinic)

    assert _come_back(client, approve(address, "s-1")) == (303, "/")


def test_a_nonce_changed_on_the_way_is_seen(clinic: SmallClinic, provider: RealProvider) -> None:
    """The provider signs what it was asked with, which is not what we asked."""
    client, address = _begin(clinic)
    split = urlsplit(address)
    query = dict(parse_qsl(split.query)) | {"nonce": "planted"}
    planted = split._replace(query=urlencode(query)).geturl()

    status, text = _come_back(client, approve(planted, "s-1"))

    assert (status, NOT_ACCEPTED in text) == (401, True)
    assert provider.asked(AUTHORIZE)[-1]["nonce"] == "planted"


@pytest.mark.parametrize("forged_with", ["nothing", "our secret", "the public key", "another key"])
@pytest.mark.parametrize("offers", [["RS256"], ["none", "HS256"]])
def test_only_the_providers_own_signature_counts(
    clinic: SmallClinic, provider: RealProvider, forged_with: str, offers: list[str]
) -> None:
    """Even if the provider says that it leaves answers unsigned, or signs with our secret."""
    public = RSAKey.generate_key(2048, {"kid": "bent"})
    keys: dict[str, tuple[str, Any]] = {
        "nothing": ("none", None),
        "our secret": ("HS256", OctKey.import_key(SECRET)),
        "the public key": ("HS256", OctKey.import_key(public.as_pem(private=False).hex())),
        "another key": ("RS256", RSAKey.generate_key(2048)),
    }
    algorithm, key = keys[forged_with]
    provider.bend_json(DISCOVERY, id_token_signing_alg_values_supported=offers)
    provider.bend_id_token(
        lambda claims: (
            jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])
            if key
            else _unsigned(claims)
        )
    )

    status, text = _try(clinic)

    assert (status, NOT_ACCEPTED in text) == (401, True)


def _unsigned(claims: dict[str, Any]) -> str:
    signed = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
    header = "eyJhbGciOiJub25lIn0"
    return f"{header}.{signed.split('.')[1]}."


def test_a_key_of_our_secret_among_the_published_ones_signs_nothing(
    clinic: SmallClinic, provider: RealProvider
) -> None:
    """What both sides know proves nothing of either."""
    own = OctKey.import_key(SECRET, {"kid": "shared"})
    provider.bend_json(JWKS, keys=[own.as_dict()])
    header = {"alg": "HS256", "kid": "shared"}
    provider.bend_id_token(lambda claims: jwt.encode(header, claims, own))

    assert _try(clinic)[0] == 401


def test_whoever_stops_there_can_start_again(clinic: SmallClinic, provider: RealProvider) -> None:
    """The provider says so; nothing it adds is shown."""
    client, address = _begin(clinic)

    # The standard asks for the state here too; this provider leaves it out.
    path = f"{deny(address)}&state={_state_in(address)}"
    status, text = _come_back(client, path)
    assert (status, NOT_ALLOWED in text) == (401, True)

    client, address = _begin(clinic)
    state = _state_in(address)
    said = urlencode({"state": state, "error": "server_error", "error_description": "<canary>"})
    status, text = _come_back(client, f"/provider/back?{said}")
    assert (status, NOT_SET_UP in text, "canary" in text) == (502, True, False)


@pytest.mark.parametrize("more", ["&iss=https%3A%2F%2Fid.elsewhere.example", "&iss="])
def test_an_answer_of_another_issuer_is_not_fetched(
    clinic: SmallClinic, provider: RealProvider, more: str
) -> None:
    """A provider that says whose answer it is has to be the one that was asked."""
    client, address = _begin(clinic)

    assert NOT_ACCEPTED in _come_back(client, approve(address, "s-1") + more)[1]
    assert provider.asked(TOKEN) == []


def test_a_provider_changed_meanwhile_is_not_asked(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """The answer belongs to the one that was asked."""
    client, address = _begin(clinic)
    path = approve(address, "s-1")
    with running() as other:
        _set(database, clinic, other.issuer)

        assert NOT_ACCEPTED in _come_back(client, path)[1]
        assert other.heard == []


def test_a_provider_that_is_down_is_said_so(database: Database, clinic: SmallClinic) -> None:
    """The page on which to sign in stays, with the other ways."""
    _set(database, clinic, f"http://127.0.0.1:{free_port()}")

    _, status, text = _press(clinic)

    assert (status, SILENT in text, "Password" in text) == (502, True, True)


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN, JWKS])
def test_a_provider_that_is_slow_is_not_waited_for(
    clinic: SmallClinic,
    provider: RealProvider,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    """All it is asked in one step has to be answered within one limit."""
    released = threading.Event()
    client, address = _begin(clinic)
    monkeypatch.setattr(provider_client, "LIMIT_SECONDS", 0.5)

    def wait(_response: Response) -> None:
        released.wait(30)

    provider.bends[path] = wait

    status, text = _come_back(client, approve(address, "s-1"))
    released.set()

    assert (status, SILENT in text) == (502, True)


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN, JWKS])
def test_nobody_follows_a_provider_elsewhere(
    clinic: SmallClinic, provider: RealProvider, path: str
) -> None:
    """Not even if it says of itself that we do; what it sends us on to hears nothing."""
    client, address = _begin(clinic)
    with running() as other:
        provider.bend_json(DISCOVERY, follow_redirects=True, verify=False, proxy=other.issuer)

        def send_on(response: Response) -> None:
            response.status_code = 307
            response.headers["Location"] = f"{other.issuer}{path}"
            response.set_data("")

        provider.bends[path] = send_on
        status, text = _come_back(client, approve(address, "s-1"))

        assert (status, other.heard) == (502, [])
        assert SILENT in text or NOT_SET_UP in text


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://id.elsewhere.example"},
        {"issuer": None},
        {"token_endpoint": "http://id.elsewhere.example/token"},
        {"token_endpoint": None},
        {"token_endpoint": ["x"]},
        {"jwks_uri": "file:///etc/hostname"},
        {"jwks_uri": "https://a@id.elsewhere.example/jwks"},
        {"authorization_endpoint": "http://id.elsewhere.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://id.elsewhere.example/\r\nX-Canary: 1"},
        {"id_token_signing_alg_values_supported": 7},
        {"token_endpoint_auth_methods_supported": 7},
    ],
)
def test_what_a_provider_says_of_itself_is_held_against_what_was_set(
    clinic: SmallClinic, provider: RealProvider, changes: dict[str, Any]
) -> None:
    """Another issuer, or an address where others could read along: nobody is sent there."""
    provider.bend_json(DISCOVERY, **changes)

    client, status, text = _press(clinic)

    assert (status, NOT_SET_UP in text) == (502, True)
    assert "mendline_provider" not in client.cookies


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN, JWKS])
def test_nonsense_of_a_provider_is_said_in_words(
    clinic: SmallClinic, provider: RealProvider, path: str
) -> None:
    """Whatever shape it has, nobody sees an error page, and nobody gets in."""
    for said in NONSENSE:
        client, address = _begin(clinic)
        provider.bends[path] = partial(Response.set_data, value=said)

        status, text = _come_back(client, approve(address, "s-1"))

        assert status in {401, 502}, said
        assert any(words in text for words in (SILENT, NOT_SET_UP, NOT_ACCEPTED)), said
        assert "mendline_session" not in client.cookies
        provider.bends.clear()


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN, JWKS])
def test_an_error_of_a_provider_is_said_in_words(
    clinic: SmallClinic, provider: RealProvider, path: str
) -> None:
    """And what it wrote is not shown."""

    def fail(response: Response, status: int) -> None:
        response.status_code = status
        response.set_data('{"error": "canary"}')

    for status in (302, 401, 404, 503):
        client, address = _begin(clinic)
        provider.bends[path] = partial(fail, status=status)

        answered, text = _come_back(client, approve(address, "s-1"))

        assert (answered, "canary" in text) == (502, False), status
        provider.bends.clear()


def test_a_provider_that_takes_the_secret_in_the_form_gets_it_there(
    clinic: SmallClinic, provider: RealProvider
) -> None:
    """Some take it no other way; it never stands in an address."""
    provider.bend_json(DISCOVERY, token_endpoint_auth_methods_supported=["client_secret_post"])
    client, address = _begin(clinic)

    assert _come_back(client, approve(address, "s-1")) == (303, "/")
    assert provider.asked(TOKEN)[-1]["client_secret"] == SECRET
    assert SECRET not in address
