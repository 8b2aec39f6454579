"""A press that does one thing in the database, and says what came of it in the next run."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from db.engine import Session, writing
from recovery.errors import RecoveryError

Act = Callable[[Session], str | None]
ActOn = Callable[[Session, UUID], None]
_SAID = "act-said"


def act_button(label: str, act: Act, *, key: str, icon: str | None = None) -> None:
    """
    Offer *act* as a button; it runs in one transaction, with no Streamlit in between.

    Args:
        label: On the button.
        act: What to do; returns a sentence to show, or None.
        key: Of the button.
        icon: Before the label.
    """
    st.button(label, key=key, icon=icon, on_click=run_act, args=(act,))


def on(act: ActOn, key: UUID) -> Act:
    """Return *act* done to the row of *key*, one of several on a page."""
    return lambda session: act(session, key)


def run_act(act: Act) -> None:
    """Run *act* in one transaction and keep what is to be said for ``show_said``."""
    try:
        with writing() as session:
            said = act(session)
    except RecoveryError as refusal:
        st.session_state[_SAID] = refusal
        return
    if said is not None:
        st.session_state[_SAID] = said


def show_said() -> None:
    """Show what came of the last press, once."""
    said = st.session_state.pop(_SAID, None)
    if isinstance(said, RecoveryError):
        st.error(str(said))
    elif said is not None:
        st.success(said)
