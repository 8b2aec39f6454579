"""
The gate: every request passes here first, the websocket included.

What is not named as open is closed. Who is behind a request is decided here alone and handed
on as headers that no client can set.
"""

import asyncio
import os
from functools import cached_property
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from db.auth_sessions import SessionInfo
from recovery.errors import DatabaseUnavailable
from recovery.wording import speaking, tr
from web.deployment import Deployment, read_deployment
from web.entrance import admit
from web.headers import with_headers
from web.language import asked_language, remember_language, spoken_language
from web.observing.context import note_session
from web.observing.figures import SESSIONS_OPEN
from web.origin import is_loopback, is_same_origin, listening_on, local_path
from web.paths import (
    CODE,
    OWN_PAGES,
    PASSWORD,
    SETUP,
    SETUP_DEMO,
    SIGN_IN,
    WAYS_OUT,
    Reach,
    is_page_request,
    reach_of,
)
from web.refusals import FOREIGN_FORM, FOREIGN_SOCKET, STRANGE_REQUEST, note_refused
from web.shell import ShellResponse
from web.socket_guard import SocketGuard
from web.views import notice
from web.visitors import Visit, find_visit, visitor_of, with_identity, without_identity

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY_VIOLATION = 1008


class Gate:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        admitted = admit(without_identity(scope), self._deployment, is_exposed=self._is_exposed)
        if isinstance(admitted, Response):
            await _turn_away(admitted, scope, receive, send)
        elif scope["type"] == "http":
            await self._http(admitted, receive, send)
        else:
            await self._websocket(admitted, receive, send)

    @cached_property
    def _deployment(self) -> Deployment:
        # Asked for by the first request: the start has refused what is wrong with it by then.
        return read_deployment(os.environ)

    @cached_property
    def _is_exposed(self) -> bool:
        # Likewise: a server with flags of its own opens its sockets after it has started us.
        return not all(is_loopback(host) for host, _ in listening_on())

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        with speaking(asked_language(scope)):
            answer = await self._decide(scope)
        visitor = _visitor_in(answer)
        note_session(visitor)
        spoken = spoken_language(scope, visitor)
        with speaking(spoken):
            await self._send_answer(answer, scope, receive, send)

    async def _send_answer(
        self, answer: Response | Scope, scope: Scope, receive: Receive, send: Send
    ) -> None:
        is_ours = isinstance(answer, Response) or scope["path"] in OWN_PAGES
        is_own_page = is_ours and not isinstance(answer, ShellResponse)
        sender = with_headers(scope, send, is_own_page=is_own_page)
        if isinstance(answer, Response):
            await answer(scope, receive, sender)
        else:
            await self._app(answer, receive, sender)

    async def _decide(self, scope: Scope) -> Response | Scope:
        """Return the request as it may go on, or the answer that ends it."""
        reach = reach_of(scope["path"])
        if reach is Reach.NOBODY:
            return PlainTextResponse("There is nothing here.", 404)
        if scope["method"] not in _SAFE_METHODS and not is_same_origin(scope):
            note_refused(FOREIGN_FORM)
            return PlainTextResponse(
                tr("This was sent from another site. Open Mendline itself."), 403
            )
        if reach in {Reach.FILE, Reach.HEALTH}:
            return scope
        try:
            visit = await find_visit(scope, is_act=is_page_request(scope))
        except DatabaseUnavailable as error:
            return notice(str(error), 503)
        return _answer(scope, reach, visit)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        info = None
        if is_same_origin(scope):
            try:
                info = (await find_visit(scope, is_act=False)).info
            except DatabaseUnavailable:
                info = None
        if info is None or info.is_restricted:
            note_refused(FOREIGN_SOCKET)
            await _refuse_handshake(receive, send)
            return
        note_session(info)
        guard = SocketGuard(info, receive, send)
        watcher = asyncio.create_task(guard.watch())
        try:
            with SESSIONS_OPEN.labels(info.actor.role.value).track_inprogress():
                await self._app(with_identity(scope, info), guard.receive, guard.send)
        finally:
            watcher.cancel()


async def _turn_away(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    note_refused(STRANGE_REQUEST)
    if scope["type"] == "websocket":
        await _refuse_handshake(receive, send)
    else:
        await answer(scope, receive, with_headers(scope, send, is_own_page=True))


async def _refuse_handshake(receive: Receive, send: Send) -> None:
    # Closed before it was accepted: the server answers 403.
    await receive()
    await send({"type": "websocket.close", "code": _POLICY_VIOLATION})


def _answer(scope: Scope, reach: Reach, visit: Visit) -> Response | Scope:
    path, is_page, info = scope["path"], is_page_request(scope), visit.info
    if info is None:
        return _answer_stranger(scope, reach, visit)
    if reach is Reach.SIGNED_IN and (step := _missing_step(info, path)) is not None:
        if is_page:
            return RedirectResponse(step, 303)
        return PlainTextResponse("Finish signing in first.", 403)
    if is_page and scope["method"] == "GET" and path not in OWN_PAGES:
        return _shell(scope, info)
    return with_identity(scope, info)


def _shell(scope: Scope, info: SessionInfo) -> Response:
    shell = ShellResponse(info.actor.language)
    if not info.actor.role.is_staff:
        # Once signed out, a person reads on in the own language.
        remember_language(shell, HTTPConnection(scope), info.actor.language)
    return shell


def _visitor_in(answer: Response | Scope) -> SessionInfo | None:
    return None if isinstance(answer, Response) else visitor_of(HTTPConnection(answer))


def _missing_step(info: SessionInfo, path: str) -> str | None:
    """Return the page on which signing in is finished, unless *path* is it or leads out."""
    if path in WAYS_OUT:
        return None
    if info.needs_code:
        return None if path == CODE else CODE
    if info.must_change_password:
        return None if path == PASSWORD else PASSWORD
    return None


def _answer_stranger(scope: Scope, reach: Reach, visit: Visit) -> Response | Scope:
    path, is_page = scope["path"], is_page_request(scope)
    if is_page and not visit.has_accounts and path not in {SETUP, SETUP_DEMO}:
        return RedirectResponse(SETUP, 303)
    if reach is Reach.OPEN:
        return scope
    if is_page:
        return RedirectResponse(_sign_in_address(scope), 303)
    return PlainTextResponse("Sign in to see this.", 401)


def _sign_in_address(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    wanted = f"{scope['path']}?{query}" if query else scope["path"]
    target = local_path(wanted) if scope["method"] == "GET" else "/"
    return SIGN_IN if target == "/" else f"{SIGN_IN}?next={quote(target, safe='/')}"
