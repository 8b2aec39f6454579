"""A patient's way in: an invitation letter, or a new first password to hand over."""

from datetime import datetime
from uuid import UUID

import streamlit as st

from db.accounts import StartingPassword, find_patient_account, reset_password
from db.engine import act, reading
from db.invitations import list_open_invitations, revoke_invitations
from db.patients import renewed
from recovery.access import PatientAccess, Role
from recovery.days import today_in
from recovery.episodes import Patient
from recovery.errors import RecoveryError
from ui.clock import now
from ui.plain_text import plain
from ui.presses import is_repeat, note_done, press_button
from ui.said import refusals_of, said_of, saying
from ui.words import dated

LETTER_ADDRESS = "/invitation-letter?patient="


def show_sign_in_help(access: PatientAccess, patient: Patient) -> None:
    """Offer a letter to a patient without an account, else a new first password."""
    st.header("Sign-in", anchor=False)
    with reading() as session:
        account = find_patient_account(session, access)
        invitations = list_open_invitations(session, access, now())
    if account is not None:
        st.markdown(f"{plain(patient.name)} signs in as **{plain(account.username)}**.")
        st.markdown("Password or phone lost? A new first password ends all sign-ins and passkeys.")
        press_button(
            "Make a new first password",
            _renew,
            access,
            account.account_id,
            key=f"password-renew-{access.patient_id}",
        )
    else:
        _show_letters(
            access,
            patient,
            [each.expires_at for each in invitations if each.role is Role.PATIENT],
        )
    with saying(_said_key(access)) as said:
        if said is not None:
            show_starting_password(said)


def show_starting_password(said: StartingPassword | RecoveryError) -> None:
    """Show a first password once, or why there is none."""
    if isinstance(said, RecoveryError):
        st.error(str(said))
        return
    st.success(
        "Hand this over on paper. It is shown once, works for three days, and is changed at the "
        "first sign-in."
    )
    st.code(f"User name  {said.username}\nPassword   {said.password}", language=None)


def _show_letters(access: PatientAccess, patient: Patient, expiries: list[datetime]) -> None:
    if expiries:
        until = dated(today_in(patient.time_zone, expiries[0]))
        st.markdown(f"A letter was made. Its code was not used yet and works until {until}.")
        press_button(
            "Take the letter back", _take_back, access, key=f"letter-back-{access.patient_id}"
        )
    else:
        st.markdown(f"{plain(patient.name)} has no account yet.")
    words = "Make a new letter" if expiries else "Make an invitation letter"
    st.link_button(words, f"{LETTER_ADDRESS}{access.patient_id}", icon=":material/mail:")


def _said_key(access: PatientAccess) -> str:
    # A run can stop between a press and its words: they wait for this patient's page.
    return f"sign-in-{access.patient_id}"


def _take_back(access: PatientAccess) -> None:
    at = now()
    with refusals_of(_said_key(access)):
        act(lambda session: revoke_invitations(session, renewed(session, access), Role.PATIENT, at))


def _renew(access: PatientAccess, account_id: UUID) -> None:
    at = now()
    if is_repeat(_said_key(access), at):
        return
    with refusals_of(_said_key(access)):
        said_of(_said_key(access)).what = act(
            lambda session: reset_password(session, renewed(session, access), account_id)
        )
        note_done(_said_key(access), at)
