"""nginx with the shipped settings, before stand-ins that answer with what reached them."""

import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests import nginx
from tests.availability import refuse
from tests.nginx import Front
from tests.servers import free_port

ROUTE = "__Host-mendline_route"


class _Echo(BaseHTTPRequestHandler):
    """Answers every request with its headers, each with all of its values."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with what came."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): self.headers.get_all(name) for name in self.headers}
        # The address as the server has it: two of them tell the processes apart.
        told = {"port": self.connection.getsockname()[1], "path": self.path, "headers": headers}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Print nothing."""


@dataclass(frozen=True, slots=True)
class Before:
    """nginx, and the ports of what stands behind it."""

    front: Front
    ports: list[int]

    def client(self, **options: Any) -> httpx.Client:
        """Return a browser that trusts it and follows nothing."""
        trusted = ssl.create_default_context(cafile=str(self.front.folder / "fullchain.pem"))
        return httpx.Client(base_url=self.front.url, verify=trusted, **options)


@contextmanager
def _echoing() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@contextmanager
def _before(folder: Path, *ports: int, put: Sequence[tuple[str, str]] = ()) -> Iterator[Before]:
    program = nginx.find_nginx()
    if program is None:
        refuse("nginx is missing.", "Install the system package nginx-light.")
    with nginx.running(program, folder, ports, put=put) as front:
        yield Before(front, [*ports])


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Before]:
    """Return nginx before two that answer; what a test sends leaves nothing behind but a log."""
    with ExitStack() as stack:
        ports = [stack.enter_context(_echoing()) for _ in range(2)]
        folder = tmp_path_factory.mktemp("nginx")
        yield stack.enter_context(_before(folder, *ports))


def _routed(route: str) -> dict[str, str]:
    return {"Cookie": f"a=b; {ROUTE}={route}; c=d"}


def test_a_browser_is_given_a_route_once_and_stays_on_it(two: Before) -> None:
    with two.client() as browser:
        first = browser.get("/")
        following = [browser.get(f"/{number}") for number in range(20)]

    kept = first.headers["set-cookie"]
    assert kept.startswith(f"{ROUTE}=")
    assert kept.partition(";")[2] == " Path=/; Secure; HttpOnly; SameSite=Lax"
    assert {answer.json()["port"] for answer in following} == {first.json()["port"]}
    assert all("set-cookie" not in answer.headers for answer in following)


def test_browsers_are_shared_out(two: Before) -> None:
    """Among forty, one process alone would be one chance in 500 billion."""
    with two.client() as client:
        seen = {client.get("/", headers=_routed(uuid4().hex)).json()["port"] for _ in range(40)}

    assert seen == set(two.ports)


@pytest.mark.parametrize(
    "cookie",
    [
        f"{ROUTE}=",
        f"{ROUTE}=admin",
        f"{ROUTE}={'a' * 31}",
        f"{ROUTE}={'a' * 33}",
        f"{ROUTE}={'g' * 32}",
        f"x{ROUTE}={'a' * 32}",
        f"mendline_route={'a' * 32}",
        f'a="; {ROUTE[1:]}={"a" * 32}"',
    ],
)
def test_a_route_that_is_none_is_replaced(two: Before, cookie: str) -> None:
    """What a browser makes up is not taken over into anything."""
    with two.client() as client:
        answer = client.get("/", headers={"Cookie": cookie})

    assert answer.headers["set-cookie"].startswith(f"{ROUTE}=")
    assert "a" * 31 not in answer.headers["set-cookie"]


def test_what_a_client_says_of_its_way_is_overwritten(two: Before) -> None:
    """Only what nginx saw itself reaches the app; the name stays as the browser has it."""
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "1",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9;host=evil.example",
        "X_Forwarded_For": "203.0.113.9",
    }
    with two.client() as client:
        reached = client.get("/a%20b?c=d", headers=forged).json()

    headers = reached["headers"]
    assert headers["x-forwarded-for"] == ["127.0.0.1"]
    assert headers["x-forwarded-proto"] == ["https"]
    assert headers["host"] == [two.front.url.removeprefix("https://")]
    gone = {"x-forwarded-host", "x-forwarded-port", "x-real-ip", "forwarded", "x_forwarded_for"}
    assert gone.isdisjoint(headers)
    assert reached["path"] == "/a%20b?c=d"


def test_a_websocket_is_asked_for_behind_it_as_before_it(two: Before) -> None:
    wanted = {"Connection": "Upgrade", "Upgrade": "websocket"}
    with two.client() as client:
        asked = client.get("/_stcore/stream", headers=wanted).json()["headers"]
        plain = client.get("/").json()["headers"]

    assert (asked["connection"], asked["upgrade"]) == (["upgrade"], ["websocket"])
    assert "upgrade" not in plain


@pytest.mark.parametrize("proposed", ["h2c", "websocket2", "h2c, websocket", "TLS/1.0"])
def test_nothing_but_a_websocket_is_proposed_to_the_app(two: Before, proposed: str) -> None:
    """Behind another language, requests would reach it that nginx never saw."""
    wanted = {
        "Connection": "Upgrade, HTTP2-Settings",
        "Upgrade": proposed,
        "HTTP2-Settings": "AAMA",
    }
    with two.client() as client:
        asked = client.get("/", headers=wanted).json()["headers"]

    assert {"upgrade", "connection"}.isdisjoint(asked)


@pytest.mark.parametrize(
    "path",
    [
        "/metrics", "/metrics/", "/metrics?a", "/%6detrics", "//metrics", "/a/../metrics",
        "/readyz", "/_stcore/metrics",
    ],
)  # fmt: skip
def test_what_machines_ask_is_asked_of_each_process_itself(two: Before, path: str) -> None:
    with two.client() as client:
        # As it stands, where a client would tidy it up.
        answer = client.send(
            httpx.Request("GET", two.front.url, extensions={"target": path.encode()})
        )

    assert answer.status_code == 404
    assert "port" not in answer.text


def test_the_plain_door_leads_to_the_encrypted_one(two: Before) -> None:
    """Also what is posted there goes no further."""
    for send in (httpx.get, httpx.post):
        answer = send(f"{two.front.plain_url}/today?day=1")

        assert answer.status_code == 308
        assert answer.headers["location"] == f"{two.front.url}/today?day=1"


def test_another_name_gets_no_answer(two: Before) -> None:
    """Neither a certificate that names us, nor a redirect to wherever it says."""
    trusted = ssl.create_default_context(cafile=str(two.front.folder / "fullchain.pem"))
    trusted.check_hostname = False
    other = httpx.Request(
        "GET", two.front.url.replace("localhost", "127.0.0.1"),
        headers={"Host": "evil.example"}, extensions={"sni_hostname": "evil.example"},
    )  # fmt: skip

    with httpx.Client(verify=trusted) as client, pytest.raises(httpx.TransportError):
        client.send(other)
    with pytest.raises(httpx.TransportError):
        httpx.get(two.front.plain_url, headers={"Host": "evil.example"})


def test_a_body_that_no_form_has_is_refused(two: Before) -> None:
    with two.client() as client:
        assert client.post("/sign-in", content=b"a" * 250_000).status_code == 200
        assert client.post("/sign-in", content=b"a" * 300_000).status_code == 413


def test_its_log_holds_no_query_no_page_and_no_cookie(two: Before) -> None:
    """Where codes of invitations and keys of patients may stand."""
    canary = uuid4().hex
    told = {
        "Referer": f"{two.front.url}/?{canary}",
        "User-Agent": canary,
        "Cookie": f"mendline_session={canary}",
        "Authorization": canary,
    }
    with two.client() as client:
        client.get(f"/join?code={canary}", headers=told)
        client.post(f"/sign-in?next={canary}", headers=told, content=canary)
        client.get(f"/metrics?{canary}", headers=told)
    httpx.get(f"{two.front.plain_url}/join?code={canary}", headers=told)

    logs = [file.read_text() for file in two.front.folder.glob("*.log")]
    assert '"GET /join" 200' in two.front.access_log
    assert canary not in "".join(logs)


def test_a_process_that_is_gone_is_passed_by(tmp_path: Path) -> None:
    """Whatever its browser was routed to, and forms too, which it cannot have read."""
    with _echoing() as port, _before(tmp_path, port, free_port()) as site, site.client() as client:
        answers = [client.get("/", headers=_routed(uuid4().hex)) for _ in range(20)]
        posted = client.post("/sign-in", headers=_routed(uuid4().hex), content=b"a")

    assert {answer.json()["port"] for answer in (*answers, posted)} == {port}


@contextmanager
def _before_frozen(folder: Path, *ports: int) -> Iterator[tuple[Before, int]]:
    """Yield nginx before *ports* and one that takes connections and says nothing, and its port."""
    shortened = [("proxy_read_timeout 60s;", "proxy_read_timeout 200ms;")]
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        port: int = frozen.getsockname()[1]
        with _before(folder, *ports, port, put=shortened) as site:
            yield site, port


def test_a_process_that_answers_nothing_is_passed_by(tmp_path: Path) -> None:
    """After a minute, shortened here."""
    with _echoing() as port, _before_frozen(tmp_path, port) as (site, silent):
        with site.client() as client:
            answers = [client.get("/", headers=_routed(uuid4().hex)) for _ in range(20)]
        tried = re.findall(r" (127\.0\.0\.1:\d+), 127\.0\.0\.1:\d+ ", site.front.access_log)

    assert {answer.json()["port"] for answer in answers} == {port}
    assert set(tried) == {f"127.0.0.1:{silent}"}


def test_a_page_that_is_open_may_be_silent_longer(tmp_path: Path) -> None:
    """Its websocket alone; everything else is answered or given up."""
    with _before_frozen(tmp_path) as (site, _), site.client() as client:
        assert client.get("/_stcore/health").status_code == 503
        with pytest.raises(httpx.ReadTimeout):
            client.get("/_stcore/stream", headers={"Upgrade": "websocket"}, timeout=1)


def test_while_no_process_runs_people_are_told_to_try_again(tmp_path: Path) -> None:
    """In both languages, with nothing of nginx's own and nothing that is kept."""
    with _before(tmp_path, free_port(), free_port()) as site, site.client() as client:
        answers = [client.get("/today"), client.post("/sign-in", content=b"a")]
        said = (tmp_path / "start.log").read_text() + (tmp_path / "error.log").read_text()

    for answer in answers:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert "Try again in a minute." in answer.text
        assert "Inténtelo de nuevo en un minuto." in answer.text
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert "nginx" not in answer.text
    assert "/today" not in said


def test_forms_from_one_address_are_slowed_and_pages_are_not(tmp_path: Path) -> None:
    """Forty at once pass, as for a ward that signs in together; then two a second."""
    with _echoing() as port, _before(tmp_path, port) as site, site.client() as client:
        posted = [client.post("/sign-in", content=b"a") for _ in range(120)]
        read = [client.get("/sign-in") for _ in range(120)]

    passed = [answer.status_code for answer in posted].count(200)
    assert passed >= 41
    slowed = [answer for answer in posted if answer.status_code == 429]
    assert passed + len(slowed) == 120
    assert slowed
    assert "Wait a minute and try again." in slowed[0].text
    assert "inténtelo de nuevo." in slowed[0].text
    assert {answer.status_code for answer in read} == {200}
