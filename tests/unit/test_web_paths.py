"""Paths, origins, cookies and messages: what the gate decides without a database."""

import socket
from datetime import timedelta
from typing import Any

import pytest
from starlette.types import Scope
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.factories import NOW
from tests.web_client import rerun
from web.cookies import read_tokens
from web.origin import is_loopback_only, is_same_origin, listening_on, local_path
from web.paths import Reach, is_page_request, reach_of
from web.sign_in import wait_text
from web.socket_guard import Kind, kind_of, redirect_to_sign_in


def _scope(*headers: tuple[str, str], **changes: Any) -> Scope:
    scope = {
        "type": "http",
        "scheme": "http",
        "method": "POST",
        "path": "/",
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8501),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    return scope | changes


@pytest.mark.parametrize(
    ("path", "reach"),
    [
        ("/", Reach.SIGNED_IN),
        ("/patient", Reach.SIGNED_IN),
        ("/no-such-page", Reach.SIGNED_IN),
        ("/media/abc", Reach.SIGNED_IN),
        ("/_stcore/stream", Reach.SIGNED_IN),
        ("/_stcore/host-config", Reach.SIGNED_IN),
        ("/_stcore/healthy", Reach.SIGNED_IN),
        ("/static", Reach.SIGNED_IN),
        ("//static/x", Reach.SIGNED_IN),
        ("/sign-in/", Reach.SIGNED_IN),
        ("/account/password", Reach.SIGNED_IN),
        ("/account/passkeys", Reach.SIGNED_IN),
        ("/account/passkeys/add", Reach.SIGNED_IN),
        ("/account/passkeys/add/options", Reach.SIGNED_IN),
        ("/account/passkeys/remove/options", Reach.SIGNED_IN),
        ("/sign-in/passkey/x", Reach.SIGNED_IN),
        ("/_stcore/metrics", Reach.NOBODY),
        ("/_stcore/agent/openapi.json", Reach.NOBODY),
        ("/_stcore/upload_file/a/b", Reach.NOBODY),
        ("/auth/login", Reach.NOBODY),
        ("/oauth2callback", Reach.NOBODY),
        ("/sign-in", Reach.OPEN),
        ("/sign-in/passkey", Reach.OPEN),
        ("/sign-in/passkey/options", Reach.OPEN),
        ("/join/passkey", Reach.OPEN),
        ("/join/passkey/options", Reach.OPEN),
        ("/setup", Reach.OPEN),
        ("/provider/start", Reach.OPEN),
        ("/provider/back", Reach.OPEN),
        ("/provider/link", Reach.SIGNED_IN),
        ("/healthz", Reach.HEALTH),
        ("/readyz", Reach.HEALTH),
        ("/metrics", Reach.HEALTH),
        ("/_stcore/health", Reach.FILE),
        ("/static/js/index.js", Reach.FILE),
        ("/assets/passkeys.js", Reach.FILE),
    ],
)
def test_what_is_not_named_open_is_closed(path: str, reach: Reach) -> None:
    """A path nobody thought of needs a session."""
    assert reach_of(path) is reach


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [
        ("http://evil.example", False),
        ("null", False),
        ("", False),
        ("http://127.0.0.1:9999", False),
        ("http://localhost:8501", False),
        ("https://127.0.0.1:8501", False),
        ("http://127.0.0.1:8501.evil.example", False),
        ("http://127.0.0.1:8501", True),
    ],
)
def test_only_the_exact_origin_is_ours(origin: str, is_ours: bool) -> None:
    """Another port, name or scheme of the same machine is another site."""
    assert is_same_origin(_scope(("host", "127.0.0.1:8501"), ("origin", origin))) is is_ours


def test_a_missing_origin_needs_the_browsers_word() -> None:
    """A form without Origin passes by Sec-Fetch-Site; a websocket never does."""
    host, same = ("host", "127.0.0.1:8501"), ("sec-fetch-site", "same-origin")

    assert not is_same_origin(_scope(host))
    assert not is_same_origin(_scope(host, ("sec-fetch-site", "same-site")))
    assert not is_same_origin(_scope(host, same, type="websocket", scheme="ws"))
    assert is_same_origin(_scope(host, same))


@pytest.mark.parametrize(
    "target",
    [
        "",
        "patient",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "/\tevil",
        "/a\r\nSet-Cookie: x=1",
        "/sign-in?next=/",
        "/auth/logout",
        "/setup",
        "/provider/back?code=x",
        "/today/../sign-out",
        "/./setup/demo",
        "/%73ign-in",
        "/x/%2e%2e/auth/logout",
        "/x/..//account//password",
        "/%2Fevil.example",
        "//[x",
        "/" + "x" * 500,
    ],
)
def test_nobody_is_sent_elsewhere_after_sign_in(target: str) -> None:
    """Only a short path of this server that is worth opening is kept."""
    assert local_path(target) == "/"


def test_a_deep_link_is_kept() -> None:
    """A page and its query survive the sign-in."""
    assert local_path("/patient?id=0190") == "/patient?id=0190"


@pytest.mark.parametrize(
    "changes",
    [
        {"client": ("10.0.0.5", 50_000)},
        {"client": None},
        {"server": ("10.0.0.1", 8501)},
        {"headers": [(b"host", b"clinic.example")]},
        {"headers": [(b"host", b"127.0.0.1:8501"), (b"x-forwarded-for", b"127.0.0.1")]},
        {"headers": []},
        *(
            {"headers": [(b"host", b"127.0.0.1:8501"), (name, b"127.0.0.1")]}
            for name in (b"forwarded", b"via", b"x-real-ip", b"cf-connecting-ip")
        ),
        *(
            {"headers": [(b"host", host)]}
            for host in (
                b"",
                b"[x",
                b"[::1",
                b"x@localhost:8501",
                b"localhost/evil",
                b"localhost:8501#.evil",
                b"localhost:8501:1",
                b"localhost\n",
                b"localhost\xb2",
            )
        ),
    ],
)
def test_loopback_is_refused_on_any_doubt(changes: dict[str, Any]) -> None:
    """A far client, a far address, a foreign name or a proxy: no demo."""
    assert not is_loopback_only(_scope(("host", "127.0.0.1:8501"), **changes))


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:8501", "[::1]", "[::1]:80"]
)
def test_loopback_has_several_names(host: str) -> None:
    """As browsers write them, with a port or without."""
    assert is_loopback_only(_scope(("host", host)))


def test_a_socket_open_to_others_closes_the_demo() -> None:
    """A request over loopback does not help when the process listens elsewhere as well."""
    local = _scope(("host", "localhost:8501"))
    assert is_loopback_only(local)

    with socket.create_server(("0.0.0.0", 0)) as server:
        assert server.getsockname()[:2] in listening_on()
        assert not is_loopback_only(local)

    assert is_loopback_only(local)


@pytest.mark.parametrize(
    ("header", "tokens"),
    [
        ("", ()),
        ("mendline_session=", ()),
        ("other=1", ()),
        ("mendline_session=" + "x" * 129, ()),
        ("xmendline_session=a", ()),
        ('bad[name]="; mendline_session=abc', ("abc",)),
        ("a=1; mendline_session=abc; b=2", ("abc",)),
        ("; ".join(f"mendline_session={n}" for n in range(5)), ("0", "1", "2")),
    ],
)
def test_the_cookie_is_found_among_broken_ones(header: str, tokens: tuple[str, ...]) -> None:
    """A malformed neighbour neither hides the session nor makes one; a few of a name are read."""
    assert read_tokens(_scope(("cookie", header))) == tokens


def test_over_tls_only_the_host_cookie_counts() -> None:
    """A cookie that a plain or sibling site could have set is not read."""
    assert read_tokens(_scope(("cookie", "mendline_session=a"), scheme="https")) == ()
    assert read_tokens(_scope(("cookie", "__Host-mendline_session=b"), scheme="wss")) == ("b",)


def test_pages_are_told_from_what_scripts_fetch() -> None:
    """Only a page may be answered by another page."""
    html = ("accept", "text/html,*/*")

    assert not is_page_request(_scope(("accept", "*/*")))
    assert not is_page_request(_scope(html, ("sec-fetch-mode", "cors")))
    assert not is_page_request(_scope(html, path="/_stcore/host-config"))
    assert is_page_request(_scope(html))
    assert is_page_request(_scope(("sec-fetch-mode", "navigate")))


@pytest.mark.parametrize(
    "field",
    [
        "clear_cache",
        "set_run_on_save",
        "load_git_info",
        "debug_disconnect_websocket",
        "debug_shutdown_runtime",
    ],
)
def test_messages_for_developers_are_dropped(field: str) -> None:
    """Nobody empties everybody's cache or stops the server."""
    message = BackMsg()
    setattr(message, field, True)

    assert kind_of(message.SerializeToString()) is Kind.DROPPED


@pytest.mark.parametrize("field", ["file_urls_request", "backend_operation_request"])
def test_messages_for_unused_widgets_are_dropped(field: str) -> None:
    """No screen uploads files or pages through a large table."""
    message = BackMsg()
    getattr(message, field).SetInParent()

    assert kind_of(message.SerializeToString()) is Kind.DROPPED


def test_only_a_persons_act_counts_against_the_idle_limit() -> None:
    """Timers and heartbeats do not keep an abandoned page open."""
    heartbeat = BackMsg()
    heartbeat.app_heartbeat = True

    assert kind_of(None) is Kind.TEXT
    assert kind_of(b"") is Kind.DROPPED
    assert kind_of(b"\xff\xff\xff") is Kind.BROKEN
    assert kind_of(heartbeat.SerializeToString()) is Kind.MACHINE
    assert kind_of(rerun(is_automatic=True)) is Kind.MACHINE
    assert kind_of(rerun()) is Kind.ACT


def test_an_ended_page_is_sent_to_sign_in() -> None:
    """The message is one that Streamlit's own front end follows."""
    message = ForwardMsg.FromString(redirect_to_sign_in())

    assert message.auth_redirect.url == "/sign-in?ended=1"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "half a minute"), (30, "half a minute"), (31, "1 minute "), (61, "2 minutes")],
)
def test_a_wait_is_said_in_words(seconds: int, words: str) -> None:
    """Rounded up, so that trying again then works."""
    assert words in wait_text(NOW + timedelta(seconds=seconds), NOW)
