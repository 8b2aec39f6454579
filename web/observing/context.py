"""To whom and what a line of the log belongs: the request, the session and the page."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from uuid import UUID

from starlette.datastructures import Headers
from starlette.types import Scope
from streamlit.runtime.scriptrunner import get_script_run_ctx
from structlog.contextvars import bind_contextvars, clear_contextvars

from db.auth_sessions import SessionInfo
from web.observing.screens import screen_of

REQUEST_ID = "x-request-id"
_GIVEN = re.compile(r"[0-9a-f]{32}")


def begin_request(scope: Scope) -> str:
    """
    Give a request its mark, for all lines that are written on its behalf; return it.

    The proxy's own is taken over, if it has the form of nginx's: nothing else could be smuggled
    into the log in it.
    """
    given = Headers(scope=scope).get(REQUEST_ID, "")
    request = given if _GIVEN.fullmatch(given) else secrets.token_hex(16)
    # Not undone at the end: the server writes of an error after we have left.
    clear_contextvars()
    bind_contextvars(request=request)
    return request


def note_session(info: SessionInfo | None) -> None:
    """Mark what is written from now on for this request with the session it came with."""
    if info is not None:
        bind_contextvars(session=session_mark(info.actor.session_id))


def session_mark(session_id: UUID | str) -> str:
    """Return a short mark of a session, which names nobody and leads nowhere."""
    return hashlib.sha256(str(session_id).encode()).hexdigest()[:12]


def of_this_run() -> Mapping[str, str]:
    """Return session and page of the page's script that runs in this thread; nothing elsewhere."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return {}
    session_id = context.user_info.get("session_id")
    marked = {"session": session_mark(str(session_id))} if session_id else {}
    return marked | {"page": screen_of(context.page_script_hash, "")}
