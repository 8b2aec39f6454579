"""The entrance: the names under which the server answers, and to whom it listens."""

import socket
from collections.abc import Mapping

import pytest

from db.engine import Database
from tests.small_clinic import SmallClinic
from tests.web_client import ORIGIN, PAGE, asked, handshake_code, signed_in
from web.deployment import EXPOSED, PLAIN_WORDS
from web.entrance import UNKNOWN_HOST

# The queries behind these run on both engines in tests/db; here one will do.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FOREIGN = [
    b"evil.example",
    b"evil.example:8501",
    b"EVIL.EXAMPLE",
    b"clinic.example.evil.example",
    b"evil-clinic.example",
    b"clinic.example.",
    b"clinic.example:8501:1",
    b"clinic.example, evil.example",
    b"a@clinic.example",
    b"a:b@clinic.example",
    b"localhost.evil.example",
    b"localhost.",
    b"127.0.0.1.evil.example",
    b"127.0.0.1.",
    b"127.1",
    b"2130706433",
    b"0.0.0.0:8501",
    b"[::]",
    b"[::2]:8501",
    b"[::ffff:127.0.0.1]",
    b"::1",
    b"[::1",
    b"localhost\n",
    b"localhost\xb2",
    b"http://localhost",
    b"",
    b" ",
]


@pytest.mark.parametrize("settings", [None, {"MENDLINE_HOSTS": "clinic.example"}])
@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_is_refused(host: bytes, settings: Mapping[str, str] | None) -> None:
    """Even for the health of the server, and without a word of the name in the answer."""
    assert asked((b"host", host), settings=settings) == (400, UNKNOWN_HOST)


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        [b"localhost", b"localhost"],
        [b"localhost", b"evil.example"],
        [b"evil.example", b"localhost"],
    ],
)
def test_a_request_has_one_name(hosts: list[bytes]) -> None:
    """With none or two, the next reader might take another one than we did."""
    assert asked(*((b"host", host) for host in hosts)) == (400, UNKNOWN_HOST)


@pytest.mark.parametrize("path", ["http://evil.example/", "http://localhost/", "*", ""])
def test_a_target_with_a_host_of_its_own_is_refused(path: str) -> None:
    """It would name a second host beside the header."""
    assert asked((b"host", b"localhost"), path=path) == (400, UNKNOWN_HOST)


@pytest.mark.parametrize(
    "host", [b"localhost", b"LocalHost:1", b"127.0.0.1:8501", b"[::1]", b"[::1]:8501"]
)
def test_loopback_has_three_names(host: bytes) -> None:
    """They hold over loopback alone, whichever way its address is written."""
    assert asked((b"host", host)) == (0, "")
    assert asked((b"host", host), server=("::ffff:127.0.0.1", 8501)) == (0, "")
    agreed = {"MENDLINE_WITHOUT_TLS": PLAIN_WORDS}
    for server in [("192.168.1.5", 8501), None, ("/run/socket", None)]:
        assert asked((b"host", host), settings=agreed, server=server) == (400, UNKNOWN_HOST)


@pytest.mark.parametrize(
    "host", [b"clinic.example", b"Clinic.EXAMPLE:8501", b"[2001:db8::1]:80", b"192.168.1.5"]
)
def test_the_names_of_the_site_are_answered(host: bytes) -> None:
    """In any case and on any port, also beside the plain words."""
    settings = {
        "MENDLINE_HOSTS": "clinic.example,[2001:db8::1],192.168.1.5",
        "MENDLINE_WITHOUT_TLS": PLAIN_WORDS,
    }

    assert asked((b"host", host), settings=settings, server=("192.168.1.5", 80)) == (0, "")


@on_sqlite
def test_a_foreign_name_opens_no_page_and_no_websocket(
    database: Database, clinic: SmallClinic
) -> None:
    """A page whose name was pointed here carries its own origin and the right cookie."""
    client = signed_in(database, clinic.patient)
    evil = {"Host": "evil.example:8501", "Origin": "http://evil.example:8501"}

    for path in (
        "/",
        "/sign-in",
        "/healthz",
        "/readyz",
        "/metrics",
        "/assets/web.css",
        "/_stcore/health",
    ):
        answer = client.get(path, headers=PAGE | evil)
        assert (answer.status_code, answer.text) == (400, UNKNOWN_HOST)
        assert "evil" not in str(answer.headers)
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.post("/sign-out", headers=evil).status_code == 400
    assert handshake_code(client, **evil) == 1008
    assert client.get("/", headers=PAGE).status_code == 200


@pytest.mark.parametrize("is_exposed", [True, False])
def test_others_are_answered_nothing_without_tls(is_exposed: bool) -> None:
    """Whether a socket is open to them or a request came over one, whatever it asks for."""
    server = ("127.0.0.1" if is_exposed else "192.168.1.5", 8501)

    status, text = asked((b"host", b"localhost"), is_exposed=is_exposed, server=server)

    assert (status, EXPOSED in text) == (503, True)
    if is_exposed:
        encrypted = asked((b"host", b"localhost"), is_exposed=True, scheme="https")
        assert encrypted == (0, "")


@on_sqlite
def test_the_gate_sees_a_socket_open_to_others(database: Database, clinic: SmallClinic) -> None:
    """A server with flags of its own opened it after our start; nothing passes."""
    with socket.create_server(("0.0.0.0", 0)):
        client = signed_in(database, clinic.patient)
        assert client.get("/healthz").status_code == 503
        assert handshake_code(client, Origin=ORIGIN) == 1008
