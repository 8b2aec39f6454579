"""Who is behind a request, asked of the session table."""

from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from starlette.requests import HTTPConnection
from starlette.types import Scope

from db.accounts import has_accounts
from db.auth_sessions import SessionInfo, resolve, resolve_id, touch
from db.engine import reading, writing
from db.models import utc_now
from recovery.errors import DatabaseUnavailable
from web.cookies import read_tokens
from web.threads import in_lookup_thread

_SCOPE_KEY = "mendline.session"
_IDENTITY_PREFIX = b"x-mendline-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What the database says about a request's sender."""

    info: SessionInfo | None
    has_accounts: bool


async def find_visit(scope: Scope, *, is_act: bool) -> Visit:
    """
    Look up the sender of a request.

    Args:
        scope: The request.
        is_act: Whether a person caused it, so that it counts against the idle limit.

    Raises:
        DatabaseUnavailable: If it cannot be asked now.
    """
    tokens = read_tokens(scope)
    return await in_lookup_thread(lambda: _find_visit(tokens, is_act=is_act))


async def find_again(info: SessionInfo, *, is_act: bool) -> SessionInfo | None:
    """
    Look up a session again; None when it ended or is not what it was.

    Raises:
        DatabaseUnavailable: If it cannot be asked now.
    """
    return await in_lookup_thread(lambda: _find_again(info, is_act=is_act))


def without_identity(scope: Scope) -> Scope:
    """Return the request without the headers by which only the gate may name a person."""
    kept = [(name, value) for name, value in scope["headers"] if not _names_identity(name)]
    return {**scope, "headers": kept}


def with_identity(scope: Scope, info: SessionInfo) -> Scope:
    """Return the request with its person named, for Streamlit and for our own routes."""
    actor = info.actor
    named = [
        (b"x-mendline-account", str(actor.account_id).encode()),
        (b"x-mendline-role", actor.role.value.encode()),
        (b"x-mendline-session", str(actor.session_id).encode()),
    ]
    return {**scope, "headers": [*scope["headers"], *named], _SCOPE_KEY: info}


def visitor_of(connection: HTTPConnection) -> SessionInfo | None:
    """Return the session that the gate found for a request of our own routes."""
    return cast("SessionInfo | None", connection.scope.get(_SCOPE_KEY))


def _names_identity(name: bytes) -> bool:
    # A proxy may turn underscores into dashes.
    return name.lower().replace(b"_", b"-").startswith(_IDENTITY_PREFIX)


def _find_visit(tokens: tuple[str, ...], *, is_act: bool) -> Visit:
    with reading() as session:
        found = (resolve(session, token, utc_now()) for token in tokens)
        info = next((info for info in found if info is not None), None)
        known = info is not None or has_accounts(session)
    if info is not None and is_act:
        _touch(info)
    return Visit(info=info, has_accounts=known)


def _find_again(info: SessionInfo, *, is_act: bool) -> SessionInfo | None:
    with reading() as session:
        found = resolve_id(session, info.actor.session_id, utc_now())
    if found is None or found.is_restricted or found.actor.role is not info.actor.role:
        return None
    if is_act:
        _touch(found)
    return found


def _touch(info: SessionInfo) -> None:
    if not info.needs_touch:
        return
    # A busy database must not refuse a page; the next act is noted instead.
    with suppress(DatabaseUnavailable), writing() as session:
        touch(session, info.actor.session_id, utc_now())
