"""A patient's way in: a user name and a first password to hand over."""

from uuid import UUID

import streamlit as st

from db.accounts import (
    StartingPassword,
    create_patient_account,
    find_patient_account,
    reset_password,
)
from db.engine import reading, writing
from recovery.access import PatientAccess
from recovery.episodes import Patient
from recovery.errors import RecoveryError
from ui.plain_text import plain


def show_sign_in_help(access: PatientAccess, patient: Patient) -> None:
    """Offer to make the patient's account, or a new first password for it."""
    st.header("Sign-in", anchor=False)
    with reading() as session:
        account = find_patient_account(session, access)
    if account is None:
        with st.form(f"patient-account-{access.patient_id}", border=False):
            st.text_input(
                "User name for the patient",
                placeholder="For example birch-1948",
                autocomplete="off",
                key=_username_key(access),
            )
            st.form_submit_button("Make the account", on_click=_make, args=(access,))
    else:
        st.markdown(f"{plain(patient.name)} signs in as **{plain(account.username)}**.")
        st.button("Make a new first password", on_click=_renew, args=(access, account.account_id))
    if (said := st.session_state.pop(_said_key(access), None)) is not None:
        show_starting_password(said)


def show_starting_password(said: StartingPassword | str) -> None:
    """Show a first password once, or why there is none."""
    if isinstance(said, str):
        st.error(said)
        return
    st.success("Hand this over on paper. It is shown once, and changed at the first sign-in.")
    st.code(f"User name  {said.username}\nPassword   {said.password}", language=None)


def _said_key(access: PatientAccess) -> str:
    # A run can stop between a press and its words: they wait for this patient's page.
    return f"sign-in-said-{access.patient_id}"


def _username_key(access: PatientAccess) -> str:
    return f"sign-in-name-{access.patient_id}"


def _make(access: PatientAccess) -> None:
    username = str(st.session_state.get(_username_key(access)) or "")
    said: StartingPassword | str
    try:
        with writing() as session:
            said = create_patient_account(session, access, username=username)
    except RecoveryError as refusal:
        said = str(refusal)
    st.session_state[_said_key(access)] = said


def _renew(access: PatientAccess, account_id: UUID) -> None:
    said: StartingPassword | str
    try:
        with writing() as session:
            said = reset_password(session, access, account_id)
    except RecoveryError as refusal:
        said = str(refusal)
    st.session_state[_said_key(access)] = said
