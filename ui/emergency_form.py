"""Opening the record of a patient one does not look after."""

from datetime import date

import streamlit as st

from db.emergencies import MAX_WORDS, NOBODY, Asked, open_in_emergency
from db.engine import act
from recovery.access import ClinicAccess
from recovery.emergency import EmergencyReason
from recovery.errors import InvalidEntry
from ui.clock import now
from ui.presses import press_submit
from ui.review_list import OPEN_PATIENT
from ui.said import refusals_of, show_said_of
from ui.shell import ask_for

REASON_WORDS = {
    EmergencyReason.URGENT_CALL: "An urgent call",
    EmergencyReason.IN_THE_CLINIC: "The patient is here now",
    EmergencyReason.COVERING: "Covering for a colleague",
    EmergencyReason.OTHER: "Another reason",
}
EMERGENCY_SAID = (
    "You opened this record in an emergency. It closes after one hour. "
    "The patient sees that you did, and your administrator reviews it."
)
_OLDEST = date(1900, 1, 1)
_PRESSES = "emergency"
_NAME, _BORN, _REASON, _WORDS = (
    f"emergency-{part}" for part in ("name", "born", "reason", "words")
)


def ask_emergency(access: ClinicAccess, today: date) -> None:
    """Ask for whom and why, and open that one record."""
    with st.form("emergency"):
        st.text_input("Full name of the patient", autocomplete="off", key=_NAME)
        st.date_input(
            "Date of birth",
            value=None,
            min_value=_OLDEST,
            max_value=today,
            format="YYYY-MM-DD",
            key=_BORN,
        )
        st.selectbox(
            "Reason",
            list(REASON_WORDS),
            format_func=REASON_WORDS.__getitem__,
            index=None,
            placeholder="Choose one",
            key=_REASON,
        )
        st.text_area("In your own words", max_chars=MAX_WORDS, key=_WORDS)
        press_submit(
            "Open the record for one hour", _press, access, key="emergency-open", type="primary"
        )
    show_said_of(_PRESSES)


def _press(access: ClinicAccess) -> None:
    """Open the record before the page is drawn, and go there next."""
    typed, at = st.session_state, now()
    born, reason = typed[_BORN], typed[_REASON]
    with refusals_of(_PRESSES):
        if born is None or reason is None:
            raise InvalidEntry("Choose the date of birth and a reason.")
        asked = Asked(
            patient_name=typed[_NAME] or "",
            date_of_birth=born,
            reason=reason,
            words=typed[_WORDS] or "",
        )
        patient_id = act(lambda session: open_in_emergency(session, access, asked, at))
        if patient_id is None:
            raise InvalidEntry(NOBODY)
        st.session_state[OPEN_PATIENT] = str(patient_id)
        ask_for("clinician/patient.py")
