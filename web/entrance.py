"""
Where a request truly comes from, and whether it may come in at all.

Decided here, once, before anything else looks at a request: which name it was sent to, who
sent it, and whether it travelled encrypted. Everything behind reads the result from the scope.
"""

from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from web.deployment import EXPOSED, Deployment
from web.origin import bracketed, host_name, is_loopback, plain_address
from web.paths import PROBES, is_page_request

UNKNOWN_HOST = "Mendline does not answer at this address: open it at the one you were given."
NOT_THE_PROXY = "This way in is closed: open Mendline at the https address you were given."
NOT_ENCRYPTED = "This was sent without encryption: open Mendline at its https address."
SILENT_PROXY = (
    "The proxy in front does not say whether this was encrypted: let it set X-Forwarded-Proto "
    "to http or https."
)
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_PROXIES = 10
"""In a row; a longer list is somebody's own."""
_FORWARDED_FOR = "x-forwarded-for"
_FORWARDED_PROTO = "x-forwarded-proto"
_ENCRYPTED = {"https": True, "wss": True, "http": False, "ws": False}


def admit(scope: Scope, deployment: Deployment, *, is_exposed: bool) -> Scope | Response:
    """
    Return the request with its true scheme and sender, or the answer that turns it away.

    Args:
        scope: The request as the server received it, with the connection's own ends.
        deployment: What was said about this server.
        is_exposed: Whether the process listens beyond loopback.
    """
    if _is_unprotected(scope, deployment, is_exposed=is_exposed):
        return PlainTextResponse(EXPOSED, 503)
    name = _name_of(scope)
    if deployment.proxies:
        return _admit_from_proxy(scope, deployment, name)
    is_local = name in _LOOPBACK_NAMES and _is_loopback_end(scope.get("server"))
    if is_local or name in deployment.hosts:
        return scope
    return PlainTextResponse(UNKNOWN_HOST, 400)


def believe_no_header_before_us() -> None:
    """
    Stop uvicorn from taking a request's scheme and sender from headers.

    It believes every program on this machine, or whom ``FORWARDED_ALLOW_IPS`` names, and
    overwrites what it knew, so afterwards nobody can tell. It reads that variable before it
    loads the app; its middleware itself is what can be changed in every way of starting.
    """
    ProxyHeadersMiddleware.__call__ = _pass_on  # type: ignore[method-assign, assignment]


async def _pass_on(self: Any, scope: Scope, receive: Receive, send: Send) -> None:
    await self.app(scope, receive, send)


def _admit_from_proxy(scope: Scope, deployment: Deployment, name: str | None) -> Scope | Response:
    if _is_own_probe(scope, name):
        return scope
    peer = _address_of(scope.get("client"))
    if not deployment.is_proxy(peer):
        return PlainTextResponse(NOT_THE_PROXY, 403)
    if name is None or name not in deployment.hosts:
        return PlainTextResponse(UNKNOWN_HOST, 400)
    headers = Headers(scope=scope)
    is_encrypted = _is_encrypted(headers)
    if is_encrypted is None:
        return PlainTextResponse(SILENT_PROXY, 403)
    if not is_encrypted:
        return _lead_to_https(scope, name)
    scheme = "wss" if scope["type"] == "websocket" else "https"
    return {**scope, "scheme": scheme, "client": (_sender(headers, deployment) or peer, 0)}


def _is_unprotected(scope: Scope, deployment: Deployment, *, is_exposed: bool) -> bool:
    if deployment.may_be_reached or scope["scheme"] in {"https", "wss"}:
        return False
    server = scope.get("server")
    if server is None or server[1] is None:
        # A socket in the file system, which no network reaches.
        return is_exposed
    return is_exposed or not is_loopback(server[0])


def _name_of(scope: Scope) -> str | None:
    """Return the one name that the request was sent to; None when there are more or none."""
    hosts = Headers(scope=scope).getlist("host")
    # A target with a host of its own would name a second one.
    if len(hosts) != 1 or not scope["path"].startswith("/"):
        return None
    return host_name(hosts[0])


def _is_own_probe(scope: Scope, name: str | None) -> bool:
    """Tell whether a program on this machine asks how the server does, past the proxy."""
    headers = Headers(scope=scope)
    is_forwarded = _FORWARDED_FOR in headers or _FORWARDED_PROTO in headers
    is_asking = scope["path"] in PROBES and name in _LOOPBACK_NAMES and not is_forwarded
    return is_asking and all(_is_loopback_end(scope.get(end)) for end in ("client", "server"))


def _is_encrypted(headers: Headers) -> bool | None:
    """Return what the proxy says of the browser's connection; None when it is not clear."""
    said = headers.getlist(_FORWARDED_PROTO)
    # Of two values one may be the client's own, and which one depends on the proxy.
    return _ENCRYPTED.get(said[0].strip().lower()) if len(said) == 1 else None


def _sender(headers: Headers, deployment: Deployment) -> str | None:
    """Return the last address that the proxies wrote and that is not theirs; None if unknown."""
    entries = ",".join(headers.getlist(_FORWARDED_FOR)).split(",")
    for entry in entries[: -_MOST_PROXIES - 1 : -1]:
        # From the right, since what stands further left was sent along by the client.
        address = _bare_address(entry.strip())
        if address is None or not deployment.is_proxy(address):
            return address
    return None


def _bare_address(entry: str) -> str | None:
    for text in (entry, host_name(entry) or ""):
        address = plain_address(text)
        if address is not None:
            return str(address)
    return None


def _lead_to_https(scope: Scope, name: str) -> Response:
    is_page = scope["type"] == "http" and scope["method"] == "GET" and is_page_request(scope)
    if not is_page:
        return PlainTextResponse(NOT_ENCRYPTED, 403)
    # The name is one of ours to the letter, so nothing here is the sender's but the path.
    query = scope["query_string"].decode("latin-1")
    path = quote(scope["path"])
    return RedirectResponse(f"https://{bracketed(name)}{path}{'?' if query else ''}{query}", 308)


def _is_loopback_end(end: tuple[str, int | None] | None) -> bool:
    return end is not None and is_loopback(end[0])


def _address_of(end: tuple[str, int] | None) -> str | None:
    return None if end is None else end[0]
