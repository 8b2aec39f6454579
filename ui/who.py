"""Who is here: the actor behind this run of a page."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from db.auth_sessions import actor_of
from db.engine import Session, reading
from recovery.access import Actor, Role
from recovery.errors import AccessDenied
from ui.language import speak


def signed_in_actor() -> Actor | None:
    """
    Return who is signed in, read anew from the session table on every run.

    The gate puts the session's key into ``st.user``; nothing a browser sends gets there.
    """
    actor = _found()
    if actor is not None:
        speak(actor.language)
    return actor


def present_actor(*roles: Role) -> Actor:
    """
    Return who is signed in, asked anew, for a press that acts before the page is drawn.

    Raises:
        AccessDenied: If nobody is, or it is not for them.
    """
    actor = _found()
    if actor is None or actor.role not in roles:
        raise AccessDenied
    return actor


def require_actor(*roles: Role) -> Actor:
    """
    Return who is signed in if the page is for them, else say so and stop the page.

    The first statement of every page: it does not rely on the navigation having run.
    """
    actor = signed_in_actor()
    if actor is None or actor.role not in roles:
        st.error(str(AccessDenied()))
        st.stop()
    return actor


def who_is_asked() -> Callable[[Session], None]:
    """
    Return the question whether this session is signed in still, to be asked in a transaction.

    Raises (the question):
        AccessDenied: If it is not.
    """
    session_id = _session_id()

    def ask(session: Session) -> None:
        if session_id is None or actor_of(session, session_id) is None:
            raise AccessDenied

    return ask


def _found() -> Actor | None:
    session_id = _session_id()
    if session_id is None:
        return None
    with reading() as session:
        return actor_of(session, session_id)


def _session_id() -> UUID | None:
    session_id = st.user.get("session_id")
    return UUID(str(session_id)) if session_id else None
