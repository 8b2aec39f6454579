"""The entrance: what is believed about a request's sender, and of whom."""

import pytest
from sqlmodel import select
from starlette.responses import Response

from db.engine import Database, reading
from db.models import SignInAddressRow
from db.sign_in_counters import Counters
from tests.factories import PASSWORD
from tests.small_clinic import SmallClinic
from tests.web_client import ORIGIN, PAGE, asked, browser, handshake_code, request_scope
from web.deployment import read_deployment
from web.entrance import NOT_ENCRYPTED, NOT_THE_PROXY, SILENT_PROXY, UNKNOWN_HOST, admit

# The queries behind these run on both engines in tests/db; here one will do.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SITE = "https://clinic.example"
PROXY = ("10.0.0.2", 40_000)
PROXIED = {"MENDLINE_HOSTS": "clinic.example,clinic2.example", "MENDLINE_PROXY": "10.0.0.2"}
ENCRYPTED = {"Host": "clinic.example", "X-Forwarded-Proto": "https"}


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the server behind a proxy with TLS."""
    for name, value in PROXIED.items():
        monkeypatch.setenv(name, value)


@on_sqlite
def test_without_a_proxy_nobody_is_believed(database: Database, clinic: SmallClinic) -> None:
    """A client on this machine neither claims TLS nor another address."""
    forged = {"Origin": ORIGIN, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    client = browser()

    answer = client.post(
        "/sign-in", data={"username": "patient", "password": PASSWORD}, headers=forged
    )

    assert answer.status_code == 303
    assert answer.headers["set-cookie"].startswith("mendline_session=")
    assert "strict-transport-security" not in answer.headers
    foreign = forged | {"Origin": "https://127.0.0.1:8501"}
    assert client.post("/sign-out", headers=foreign).status_code == 403


@on_sqlite
def test_what_the_proxy_says_holds(database: Database, clinic: SmallClinic, proxied: None) -> None:
    """TLS in front is as good as our own: bound cookie, HSTS, and the https origin alone."""
    client = browser(base_url=SITE.replace("https", "http"), client=PROXY)
    form = {"username": "patient", "password": PASSWORD}

    plain = client.post(
        "/sign-in", data=form, headers=ENCRYPTED | {"Origin": "http://clinic.example"}
    )
    answer = client.post("/sign-in", data=form, headers=ENCRYPTED | {"Origin": SITE})

    assert plain.status_code == 403
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-mendline_session=")
    assert "; Secure" in cookie
    assert "max-age" in answer.headers["strict-transport-security"]
    carried = ENCRYPTED | {"Cookie": cookie.partition(";")[0], "Origin": SITE}
    with client.websocket_connect("/_stcore/stream", headers=carried) as opened:
        assert opened.receive_json()["x-mendline-role"] == "patient"
    assert handshake_code(client, **carried | {"X-Forwarded-Proto": "http"}) == 1008
    assert handshake_code(client, **carried | {"Host": "evil.example"}) == 1008


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ([b"203.0.113.9"], "203.0.113.9"),
        ([b"198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        ([b"198.51.100.1", b"203.0.113.9"], "203.0.113.9"),
        ([b"198.51.100.1, 203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ([b"203.0.113.9:4711"], "203.0.113.9"),
        ([b"[2001:DB8:0::1]:4711"], "2001:db8::1"),
        ([b"2001:db8::1"], "2001:db8::1"),
        ([b"::ffff:203.0.113.9"], "203.0.113.9"),
        ([b"203.0.113.9, unknown"], "10.0.0.2"),
        ([b"203.0.113.9, "], "10.0.0.2"),
        ([b"10.0.0.2"], "10.0.0.2"),
        ([b""], "10.0.0.2"),
        ([], "10.0.0.2"),
    ],
)
def test_the_sender_is_the_last_who_is_not_the_proxy(written: list[bytes], sender: str) -> None:
    """What stands further left was sent along by the client, to be counted as another."""
    headers = [(b"x-forwarded-for", value) for value in written]
    said = [(b"host", b"clinic.example"), (b"x-forwarded-proto", b"https")]

    for kind, scheme in (("http", "https"), ("websocket", "wss")):
        admitted = admit(
            request_scope(*said, *headers, type=kind, client=PROXY),
            read_deployment(PROXIED),
            is_exposed=True,
        )
        assert not isinstance(admitted, Response)
        assert (admitted["client"][0], admitted["scheme"]) == (sender, scheme)


@on_sqlite
def test_tries_are_counted_against_the_sender(
    database: Database, clinic: SmallClinic, proxied: None
) -> None:
    """Not against the proxy, which would lock everybody out for one."""
    client = browser(base_url=SITE, client=PROXY)
    sent = ENCRYPTED | {"Origin": SITE, "X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    client.post("/sign-in", data={"username": "patient", "password": "wrong words"}, headers=sent)

    with reading(database) as session:
        counted = {row.address_hash for row in session.exec(select(SignInAddressRow)).all()}
    assert Counters.of("patient", "203.0.113.9").address in counted
    for other in ("10.0.0.2", "198.51.100.1"):
        assert Counters.of("patient", other).address not in counted


@pytest.mark.parametrize("said", [[], [b""], [b"HTTPS,http"], [b"https", b"https"], [b"spdy"]])
def test_an_unclear_proxy_is_refused(said: list[bytes]) -> None:
    """Of two values one may be the client's, and a guess would send pages round in circles."""
    headers = [(b"host", b"clinic.example"), *((b"x-forwarded-proto", one) for one in said)]

    answer = asked(*headers, settings=PROXIED, path="/", client=PROXY)

    assert answer == (403, SILENT_PROXY)


@on_sqlite
def test_a_page_without_encryption_leads_to_https(database: Database, proxied: None) -> None:
    """On the same name, its path and query kept; anything but a page is refused."""
    client = browser(base_url="http://clinic2.example", client=PROXY)
    plain = {"Host": "CLINIC2.example:80", "X-Forwarded-Proto": "http"}

    answer = client.get("/today?a=b%0d%0aX:%20y", headers=PAGE | plain)
    assert answer.status_code == 308
    assert answer.headers["location"] == "https://clinic2.example/today?a=b%0d%0aX:%20y"
    assert "strict-transport-security" not in answer.headers
    for refused in (
        client.post("/sign-in", data={"password": "x"}, headers=PAGE | plain),
        client.get("/_stcore/host-config", headers=PAGE | plain),
        client.get("/assets/web.css", headers={"Accept": "text/css"} | plain),
    ):
        assert (refused.status_code, refused.text) == (403, NOT_ENCRYPTED)
    foreign = client.get("/", headers=PAGE | plain | {"Host": "evil.example"})
    assert (foreign.status_code, foreign.text) == (400, UNKNOWN_HOST)


@pytest.mark.parametrize("client", [("10.0.0.3", 1), ("127.0.0.1", 1), ("::1", 1), None])
def test_nobody_comes_in_past_the_proxy(client: tuple[str, int] | None) -> None:
    """Not even this machine, whatever it says about itself."""
    headers = [
        (b"host", b"clinic.example"),
        (b"x-forwarded-proto", b"https"),
        (b"x-forwarded-for", b"10.0.0.2"),
    ]

    for path in ("/", "/healthz"):
        answer = asked(*headers, settings=PROXIED, path=path, client=client)
        assert answer == (403, NOT_THE_PROXY)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("proxy", ["10.0.0.2", "127.0.0.1"])
def test_this_machine_may_ask_for_health_past_the_proxy(proxy: str, path: str) -> None:
    """A probe knows no site name and no TLS; nothing else is answered to it."""
    settings = PROXIED | {"MENDLINE_PROXY": proxy}
    host = (b"host", b"127.0.0.1:8501")

    assert asked(host, settings=settings, path=path) == (0, "")
    assert asked(host, settings=settings, path="/")[0] in {400, 403}
    assert asked(host, settings=settings, path=path, client=("10.0.0.3", 1))[0] == 403
    forwarded = asked(host, (b"x-forwarded-proto", b"https"), settings=settings, path=path)
    assert forwarded[0] in {400, 403}
