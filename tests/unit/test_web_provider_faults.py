"""A provider that is down, slow, at fault or leads elsewhere: one plain sentence says what to do."""

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from werkzeug.wrappers import Response

from db.engine import Database
from tests.identity_provider import (
    DISCOVERY,
    ITS_OWN_WARNINGS,
    JWKS,
    SECRET,
    TOKEN,
    RealProvider,
    approve,
    running,
)
from tests.servers import free_port
from tests.small_clinic import SmallClinic
from tests.unit.provider_steps import begin, come_back, link, press, running_for, set_issuer
from web import provider_client
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
    with running_for(database, clinic) as started:
        link(database, clinic.clinician, started, "s-1")
        yield started


def test_a_provider_that_is_down_is_said_so(database: Database, clinic: SmallClinic) -> None:
    """The page on which to sign in stays, with the other ways."""
    set_issuer(database, clinic, f"http://127.0.0.1:{free_port()}")

    _, status, text = press(clinic)

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
    client, address = begin(clinic)
    monkeypatch.setattr(provider_client, "LIMIT_SECONDS", 0.5)

    def wait(_response: Response) -> None:
        released.wait(30)

    provider.bends[path] = wait

    status, text = come_back(client, approve(address, "s-1"))
    released.set()

    assert (status, SILENT in text) == (502, True)


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN, JWKS])
def test_nobody_follows_a_provider_elsewhere(
    clinic: SmallClinic, provider: RealProvider, path: str
) -> None:
    """Not even if it says of itself that we do; what it sends us on to hears nothing."""
    client, address = begin(clinic)
    with running() as other:
        provider.bend_json(DISCOVERY, follow_redirects=True, verify=False, proxy=other.issuer)

        def send_on(response: Response) -> None:
            response.status_code = 307
            response.headers["Location"] = f"{other.issuer}{path}"
            response.set_data("")

        provider.bends[path] = send_on
        status, text = come_back(client, approve(address, "s-1"))

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

    client, status, text = press(clinic)

    assert (status, NOT_SET_UP in text) == (502, True)
    assert "mendline_provider" not in client.cookies


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN, JWKS])
def test_nonsense_of_a_provider_is_said_in_words(
    clinic: SmallClinic, provider: RealProvider, path: str
) -> None:
    """Whatever shape it has, nobody sees an error page, and nobody gets in."""
    for said in NONSENSE:
        client, address = begin(clinic)
        provider.bends[path] = partial(Response.set_data, value=said)

        status, text = come_back(client, approve(address, "s-1"))

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
        client, address = begin(clinic)
        provider.bends[path] = partial(fail, status=status)

        answered, text = come_back(client, approve(address, "s-1"))

        assert (answered, "canary" in text) == (502, False), status
        provider.bends.clear()


def test_a_provider_that_takes_the_secret_in_the_form_gets_it_there(
    clinic: SmallClinic, provider: RealProvider
) -> None:
    """Some take it no other way; it never stands in an address."""
    provider.bend_json(DISCOVERY, token_endpoint_auth_methods_supported=["client_secret_post"])
    client, address = begin(clinic)

    assert come_back(client, approve(address, "s-1")) == (303, "/")
    assert provider.asked(TOKEN)[-1]["client_secret"] == SECRET
    assert SECRET not in address
