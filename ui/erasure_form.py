"""The wish to be erased: said by the patient, passed on by staff, carried out by an administrator."""

import streamlit as st

from db.engine import Session, reading
from db.erasure import find_erasure_request, request_erasure, withdraw_erasure_request
from db.patients import renewed
from recovery.access import PatientAccess
from recovery.episodes import Patient
from recovery.wording import tr
from ui.acts import act_button, show_said
from ui.clock import now
from ui.plain_text import plain
from ui.words import moment


def show_erasure_wish(access: PatientAccess, patient: Patient) -> None:
    """Let staff pass on, or take back, that the patient wants everything erased."""
    about = f"erasure-{access.patient_id}"
    with st.expander("The patient wants everything erased", key=f"{about}-fold"):
        with reading() as session:
            since = find_erasure_request(session, access)
        if since is None:
            st.markdown(
                f"Pass it on when {plain(patient.name)} asks. An administrator carries it out. "
                "It cannot be undone."
            )
            act_button(
                "Pass it on",
                lambda session: _ask(session, access),
                key=f"{about}-ask",
                about=about,
            )
        else:
            st.markdown(f"Asked for on {moment(since, patient.time_zone)}.")
            act_button(
                "Take it back",
                lambda session: _take_back(session, access),
                key=f"{about}-back",
                about=about,
            )
        show_said(about)


def ask_erasure(access: PatientAccess, zone_name: str) -> None:
    """Let the patient ask for erasure, or take it back."""
    with reading() as session:
        since = find_erasure_request(session, access)
    if since is None:
        st.markdown(
            tr(
                "You can ask for everything about you to be erased: your entries, your account, "
                "and your helpers' accounts. Somebody at your clinic carries it out. It cannot be "
                "undone, so take your data away first if you want to keep it."
            )
        )
        act_button(tr("Ask to be erased"), lambda session: _ask(session, access), key="erasure-ask")
        return
    st.info(
        tr("You asked on {when}. Your clinic will carry it out.", when=moment(since, zone_name))
    )
    act_button(
        tr("Do not erase me"),
        lambda session: _take_back(session, access),
        key="erasure-back",
    )


def _ask(session: Session, access: PatientAccess) -> None:
    request_erasure(session, renewed(session, access), now())


def _take_back(session: Session, access: PatientAccess) -> None:
    withdraw_erasure_request(session, renewed(session, access))
