"""Staff accounts: adding one, closing one, a new first password."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from db.accounts import (
    StaffAccount,
    StartingPassword,
    create_staff,
    reset_password,
    set_active,
)
from db.engine import Session, act
from db.one_time_codes import forget_codes_of
from recovery.access import AdminAccess, Role
from ui.clock import now
from ui.plain_text import plain
from ui.presses import is_repeat, note_done, of_words, press_button, press_submit
from ui.said import refusals_of, said_of, saying
from ui.sign_in_help import show_starting_password

DEVICE_FREED = "The old device is forgotten. A new one is set up at the next sign-in."
Act = Callable[[Session], StartingPassword | str | None]
_PRESSES = "staff"
_NAME, _USERNAME, _ROLE = "staff-name", "staff-username", "staff-role"
_ROLES = {
    Role.CLINICIAN: "Clinician",
    Role.ASSISTANT: "Assistant",
    Role.ADMINISTRATOR: "Administrator",
}


def ask_new_staff(access: AdminAccess) -> None:
    """Ask for a new staff account; shows its first password once."""
    with st.form("staff"):
        st.text_input("Name", autocomplete="off", key=_NAME)
        st.text_input("User name", autocomplete="off", key=_USERNAME)
        st.selectbox("Role", list(_ROLES), format_func=_ROLES.__getitem__, index=None, key=_ROLE)
        press_submit("Add", _add, access, key="staff-add", type="primary")
    with saying(_PRESSES) as said:
        if isinstance(said, str):
            st.success(said)
        elif said is not None:
            show_starting_password(said)


def show_staff(access: AdminAccess, account: StaffAccount) -> None:
    """Show one account with what can be done about it."""
    state = "" if account.is_active else ", closed"
    with st.container(border=True):
        st.markdown(
            f"**{plain(account.display_name)}**, {_ROLES[account.role].lower()}{state}. "
            f"Signs in as {plain(account.username)}."
        )
        if account.account_id == access.actor.account_id:
            st.markdown("This is you. Your password and device are under Your account.")
            return
        with st.container(horizontal=True):
            _button(
                "New first password",
                f"renew-{account.account_id}",
                lambda session: reset_password(session, access, account.account_id),
            )
            _button(
                "New code device",
                f"device-{account.account_id}",
                lambda session: _let_set_up(session, access, account.account_id),
            )
            _button(
                "Close" if account.is_active else "Open again",
                # A key for each: the second press of a double click does not undo the first.
                f"{'close' if account.is_active else 'open'}-{account.account_id}",
                lambda session: set_active(
                    session, access, account.account_id, is_active=not account.is_active
                ),
            )


def _add(access: AdminAccess) -> None:
    typed = st.session_state
    name, username, role = typed[_NAME] or "", typed[_USERNAME] or "", typed[_ROLE]
    _act(
        f"staff-add-{of_words(repr((name, username, role)))}",
        lambda session: create_staff(
            session, access, username=username, display_name=name, role=role or Role.PATIENT
        ),
    )


def _let_set_up(session: Session, access: AdminAccess, account_id: UUID) -> str:
    forget_codes_of(session, access, account_id, now())
    return DEVICE_FREED


def _button(label: str, key: str, work: Act) -> None:
    press_button(label, _act, key, work, key=key)


def _act(name: str, work: Act) -> None:
    """Do *work* once, however often it is pressed in a moment: a password is shown once."""
    at = now()
    if is_repeat(name, at):
        return
    with refusals_of(_PRESSES):
        said_of(_PRESSES).what = act(work)
        note_done(name, at)
