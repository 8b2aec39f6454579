"""Enrol: a new patient and the procedure."""

from uuid import uuid4

import streamlit as st

from db.clinic_values import clinic_values
from db.clinics import clinic_settings
from db.engine import reading
from recovery.access import Role
from recovery.days import today_in
from ui.clock import now
from ui.enrol_form import ask_enrolment, is_enrolled, procedure_key
from ui.procedure_choice import choose_procedure
from ui.who import require_actor

FORM = "enrol-patient-id"

actor = require_actor(Role.CLINICIAN, Role.ASSISTANT)

# Made when the form is drawn, so that a form sent twice enrols one patient.
patient_id = st.session_state.setdefault(FORM, uuid4())
if is_enrolled(patient_id):
    # Only now: a second press of the button may come after the first was answered.
    patient_id = st.session_state[FORM] = uuid4()

st.title("Enrol a patient", anchor=False)
# Above the form, whose questions follow from it; what was typed in the form stays.
procedure = choose_procedure(procedure_key(patient_id))
with reading() as session:
    settings = clinic_settings(session, actor)
    advice = clinic_values(session, actor, procedure.id) if procedure else {}
today = today_in(settings.time_zone, now())
ask_enrolment(patient_id, procedure, settings, advice, today)
