"""What waits for an administrator: erasures to carry out, emergencies to review."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from db.emergencies import Emergency, review_emergency
from db.engine import Session, act, current
from db.erasure import ErasureRequest, erase_patient, scrub
from recovery.access import AdminAccess
from recovery.errors import RecoveryError
from ui.acts import act_button, on, say_next
from ui.clock import now
from ui.emergency_form import REASON_WORDS
from ui.plain_text import plain
from ui.presses import is_repeat, note_done, press_button
from ui.words import moment

ERASED = "Erased. Backups that were made before still hold the record until they are deleted."
NOT_TIDIED = (
    "Erased. The database was busy, so its file is tidied the next time somebody is erased."
)


def show_erasures(access: AdminAccess, requests: Sequence[ErasureRequest], zone_name: str) -> None:
    """Show each wish, carried out only after the name was typed."""
    if not requests:
        st.markdown("Nobody asked.")
    for each in requests:
        with st.container(border=True):
            asked = moment(each.requested_at, zone_name)
            st.markdown(f"**{plain(each.patient_name)}** asked on {asked}.")
            typed = st.text_input(
                f"Type {plain(each.patient_name)} to erase everything about them for good",
                key=f"erase-name-{each.patient_id}",
                autocomplete="off",
            )
            is_named = (typed or "").split() == each.patient_name.split()
            press_button(
                "Erase for good",
                _erase,
                access,
                each,
                key=f"erase-{each.patient_id}",
                disabled=not is_named,
            )


def show_emergencies(access: AdminAccess, emergencies: Sequence[Emergency], zone_name: str) -> None:
    """Show each opening with why, those to review first."""
    if not emergencies:
        st.markdown("None.")

    def review(session: Session, emergency_id: UUID) -> None:
        review_emergency(session, access, emergency_id, now())

    for each in emergencies:
        with st.container(border=True):
            st.markdown(
                f"**{plain(each.by_name)}** opened the record of "
                f"**{plain(each.patient_name)}** on {moment(each.started_at, zone_name)}. "
                f"{REASON_WORDS[each.reason]}: {plain(each.words)}"
            )
            if each.reviewed_at is not None:
                st.markdown(f"Reviewed {moment(each.reviewed_at, zone_name)}.")
            else:
                act_button(
                    "I reviewed this",
                    on(review, each.emergency_id),
                    key=f"review-{each.emergency_id}",
                )


def _erase(access: AdminAccess, request: ErasureRequest) -> None:
    """Erase before the page is drawn, which then lists the wish no more."""
    at, name = now(), f"erase-{request.patient_id}"
    if is_repeat(name, at):
        return
    try:
        act(lambda session: erase_patient(session, access, request.patient_id))
        note_done(name, at)
        is_tidy = scrub(current())
    except RecoveryError as refusal:
        say_next(refusal)
    else:
        say_next(ERASED if is_tidy else NOT_TIDIED)
