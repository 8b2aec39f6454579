"""Opening the record of a patient one does not look after."""

from datetime import date

import streamlit as st

from db.emergencies import MAX_WORDS, NOBODY, Asked, open_in_emergency
from db.engine import act
from recovery.access import ClinicAccess
from recovery.emergency import EmergencyReason
from recovery.errors import InvalidEntry, RecoveryError
from ui.clock import now
from ui.review_list import OPEN_PATIENT

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


def ask_emergency(access: ClinicAccess, today: date) -> None:
    """Ask for whom and why, and open that one record."""
    with st.form("emergency"):
        name = st.text_input("Full name of the patient", autocomplete="off", key="emergency-name")
        born = st.date_input(
            "Date of birth",
            value=None,
            min_value=_OLDEST,
            max_value=today,
            key="emergency-born",
        )
        reason = st.selectbox(
            "Reason",
            list(REASON_WORDS),
            format_func=REASON_WORDS.__getitem__,
            index=None,
            placeholder="Choose one",
            key="emergency-reason",
        )
        words = st.text_area("In your own words", max_chars=MAX_WORDS, key="emergency-words")
        is_sent = st.form_submit_button("Open the record for one hour", type="primary")
    if not is_sent:
        return
    try:
        if born is None or reason is None:
            raise InvalidEntry("Choose the date of birth and a reason.")
        asked = Asked(patient_name=name or "", date_of_birth=born, reason=reason, words=words or "")
        at = now()
        patient_id = act(lambda session: open_in_emergency(session, access, asked, at))
    except RecoveryError as refusal:
        st.error(str(refusal))
        return
    if patient_id is None:
        st.error(NOBODY)
        return
    st.session_state[OPEN_PATIENT] = str(patient_id)
    st.switch_page("clinician/patient.py")
