"""The gate and our own routes around a stand-in for Streamlit, asked as a browser asks."""

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg

from db.auth_sessions import start_session
from db.engine import Database, writing
from db.models import utc_now
from recovery.access import Actor
from web.deployment import read_deployment
from web.entrance import admit
from web.routes import MIDDLEWARE, routes

__all__ = [
    "FORM",
    "ORIGIN",
    "PAGE",
    "STREAM",
    "TestClient",
    "asked",
    "browser",
    "handshake_code",
    "post",
    "request_scope",
    "rerun",
    "signed_in",
]

ORIGIN = "http://127.0.0.1:8501"
_STREAM_PATH = "/_stcore/stream"
STREAM = f"ws://127.0.0.1:8501{_STREAM_PATH}"
PAGE = {"Accept": "text/html"}
FORM = {"Origin": ORIGIN, "Accept": "text/html"}


async def _screen(request: Request) -> Response:
    named = {key: value for key, value in request.headers.items() if "mendline-" in key}
    if request.url.path.startswith("/_stcore"):
        return JSONResponse(named)
    return HTMLResponse(f"<p>{request.headers.get('x-mendline-role')}</p>")


async def _stream(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json(dict(websocket.headers))
    async for payload in websocket.iter_bytes():
        await websocket.send_bytes(payload)


def browser(**options: Any) -> TestClient:
    """Return a client on this machine's loopback that follows no redirects."""
    screens = [WebSocketRoute(_STREAM_PATH, _stream), Route("/{path:path}", _screen)]
    app = Starlette(routes=[*routes(), *screens], middleware=MIDDLEWARE)
    settings: dict[str, Any] = {"base_url": ORIGIN, "client": ("127.0.0.1", 50_000)}
    return TestClient(app, follow_redirects=False, **settings | options)


def signed_in(database: Database, actor: Actor, **options: Any) -> TestClient:
    """Return a client that carries a session of *actor*."""
    with writing(database) as session:
        token = start_session(session, actor.account_id, actor.role, utc_now())
    client = browser(**options)
    client.cookies.set("mendline_session", token)
    return client


def post(client: TestClient, path: str, **fields: str) -> tuple[int, str, str]:
    """Send a form; return the status, where the answer leads, and its text."""
    answer = client.post(path, data=fields, headers=FORM)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def rerun(*, is_automatic: bool = False) -> bytes:
    """Return what the browser sends when a person presses something, or a timer does."""
    message = BackMsg()
    message.rerun_script.is_auto_rerun = is_automatic
    message.rerun_script.query_string = "x"
    return bytes(message.SerializeToString())


def handshake_code(client: TestClient, **headers: str) -> int:
    """Return the code with which a websocket is refused before it opens."""
    with (
        pytest.raises(WebSocketDisconnect) as refusal,
        client.websocket_connect(STREAM, headers=headers),
    ):
        pass
    return refusal.value.code


def request_scope(*headers: tuple[bytes, bytes], **changes: Any) -> Scope:
    """Return a request for the server's health over loopback, as the server hands it on."""
    scope = {
        "type": "http",
        "scheme": "http",
        "method": "GET",
        "path": "/healthz",
        "query_string": b"",
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8501),
        "headers": list(headers),
    }
    return scope | changes


def asked(
    *headers: tuple[bytes, bytes],
    settings: Mapping[str, str] | None = None,
    is_exposed: bool = False,
    **changes: Any,
) -> tuple[int, str]:
    """Return status and text with which the entrance turns a request away, (0, "") if it does not."""
    said = read_deployment(settings or {})
    answer = admit(request_scope(*headers, **changes), said, is_exposed=is_exposed)
    if not isinstance(answer, Response):
        return 0, ""
    return answer.status_code, bytes(answer.body).decode()
