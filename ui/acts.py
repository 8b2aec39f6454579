"""A press that does one thing in the database, and says what came of it in the next run."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from db.auth_sessions import actor_of
from db.engine import Session, act
from recovery.access import Actor, AdminAccess, Role, grant_admin
from recovery.errors import AccessDenied, InvalidEntry, RecoveryError
from ui.presses import press_button
from ui.said import said_of, show_said_of

Act = Callable[[Session], str | None]
ActOn = Callable[[Session, UUID], None]
PRESENT_PAGE = "present-page"
"""Session key of the page that runs; set by the navigation."""


def act_button(
    label: str, work: Act, *, key: str, icon: str | None = None, about: object = None
) -> None:
    """
    Offer *work* as a button; it runs in one transaction, with no Streamlit in between.

    Args:
        label: On the button.
        work: What to do; returns a sentence to show, or None.
        key: Of the button.
        icon: Before the label.
        about: Whom or what it is about, where a page is of one patient or thing after another;
            what came of it is shown by a ``show_said`` that names the same.
    """
    press_button(label, run_act, work, about, key=key, icon=icon)


def on(act_on: ActOn, key: UUID) -> Act:
    """Return *act_on* done to the row of *key*, one of several on a page."""
    return lambda session: act_on(session, key)


def run_act(work: Act, about: object = None) -> None:
    """Run *work* in one transaction and keep what is to be said for ``show_said``."""
    said: RecoveryError | str | None
    try:
        said = act(work)
    except RecoveryError as refusal:
        said = refusal
    if said is not None:
        said_of(_name(about)).what = said


def still_administrator(session: Session, actor: Actor) -> AdminAccess:
    """
    Return the access of an administrator, asked anew in the transaction of an act.

    Raises:
        AccessDenied: If the account was closed while the page stood open.
    """
    found = actor_of(session, actor.session_id)
    if found is None or found.role is not Role.ADMINISTRATOR:
        raise AccessDenied
    return grant_admin(found)


def say_next(said: RecoveryError | str) -> None:
    """Keep what is to be said on this page in its next run; it is not said on another."""
    said_of(_name()).what = said


def say_filled_anew() -> None:
    """Say that a press brought a form which another process had drawn, and this one filled anew."""
    say_next(
        InvalidEntry(
            "The connection broke and the page was drawn anew: what was not saved is gone. "
            "Enter it again, then save."
        )
    )


def show_said(about: object = None) -> None:
    """Show what came of the last press on this page *about* somebody; of one elsewhere, nothing."""
    show_said_of(_name(about))


def _name(about: object = None) -> str:
    return f"act-{st.session_state.get(PRESENT_PAGE)}-{about}"
