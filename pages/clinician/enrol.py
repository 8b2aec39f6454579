"""Enrol: a new patient and the procedure."""

from uuid import uuid4

import streamlit as st

from db.clinic_values import clinic_values
from db.clinics import clinic_settings
from db.engine import act, reading
from db.patients import enrol
from recovery.access import Role, grant_clinic
from recovery.days import today_in
from recovery.errors import RecoveryError
from ui.clock import now
from ui.enrol_form import ask_enrolment
from ui.procedure_choice import choose_procedure
from ui.review_list import OPEN_PATIENT
from ui.who import require_actor

FORM = "enrol-patient-id"
ENROLLED = "enrolled-patient-id"

actor = require_actor(Role.CLINICIAN, Role.ASSISTANT)

# Made when the form is drawn, so that a form sent twice enrols one patient.
patient_id = st.session_state.setdefault(FORM, uuid4())

st.title("Enrol a patient", anchor=False)
# Above the form, whose questions follow from it; what was typed in the form stays.
procedure = choose_procedure(f"enrol-procedure-{patient_id}")
with reading() as session:
    settings = clinic_settings(session, actor)
    advice = clinic_values(session, actor, procedure.id) if procedure else {}
try:
    today = today_in(settings.time_zone, now())
    enrolment = ask_enrolment(patient_id, procedure, settings, advice, today)
    if enrolment is None and st.session_state.get(ENROLLED) == patient_id:
        # Only now: a second press of the button may come after the first was answered.
        st.session_state[FORM] = uuid4()
        st.rerun()
    if enrolment is not None:
        entered, at = enrolment, now()
        access = act(
            lambda session: enrol(session, grant_clinic(actor), entered, at), is_keyed=True
        )
        st.session_state[OPEN_PATIENT] = str(access.patient_id)
        st.session_state[ENROLLED] = patient_id
        st.switch_page("clinician/patient.py")
except RecoveryError as refusal:
    st.error(str(refusal))
