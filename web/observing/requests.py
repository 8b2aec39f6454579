"""Around the gate: each request gets its mark for the log, and is counted when it is answered."""

from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.observing.context import REQUEST_ID, begin_request
from web.observing.figures import REQUEST_SECONDS, REQUESTS
from web.paths import OWN_PAGES, PROBES, Reach, is_machine_path, reach_of

_OPENED = "101"
_REFUSED = "403"
_FAILED = "500"


class Observed:
    """ASGI middleware that changes nothing but a header with the request's mark."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count its answer."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        seen = _Seen(scope, send)
        try:
            await self._app(scope, receive, seen.send)
        finally:
            # Only what was answered by nobody until here: the answer to an error comes after us.
            seen.count(_FAILED)


class _Seen:
    """The sending end of one request."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._route = route_of(scope)
        self._request = begin_request(scope)
        self._began = perf_counter()
        self._is_counted = False

    async def send(self, message: Message) -> None:
        """Pass a message on; the first says how the request was answered."""
        kind = message["type"]
        if kind == "http.response.start":
            MutableHeaders(scope=message)[REQUEST_ID] = self._request
            REQUEST_SECONDS.labels(self._route).observe(perf_counter() - self._began)
            self.count(str(message["status"]))
        elif kind == "websocket.accept":
            self.count(_OPENED)
        elif kind in {"websocket.close", "websocket.http.response.start"}:
            self.count(_REFUSED)
        await self._send(message)

    def count(self, status: str) -> None:
        """Count the request once, by the first that is known of its answer."""
        if not self._is_counted:
            self._is_counted = True
            REQUESTS.labels(self._route, status).inc()


def route_of(scope: Scope) -> str:
    """Return the kind of route that a request is for, one of a few."""
    if scope["type"] == "websocket":
        return "websocket"
    path = scope["path"]
    if path in PROBES:
        return "probe"
    reach = reach_of(path)
    if reach in {Reach.FILE, Reach.NOBODY}:
        return {Reach.FILE: "file", Reach.NOBODY: "closed"}[reach]
    if path in OWN_PAGES:
        return "sign-in" if reach is Reach.OPEN else "own page"
    return "streamlit" if is_machine_path(path) else "screen"
