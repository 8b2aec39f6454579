"""Patient: one chart, its days and notes, and a note to add."""

import streamlit as st

from db.alerts import list_alerts
from db.clinics import clinic_settings
from db.engine import writing
from db.events import list_events
from db.learning import list_answers, list_openings
from db.patients import authorize, get_patient
from db.questionnaires import list_responses
from db.reports import list_past_answers, list_reports
from db.visit_notes import list_visit_notes
from db.visits import list_planned_visits
from recovery.access import Role
from recovery.days import today_in
from recovery.errors import AccessDenied
from ui.alerts_panel import show_alerts
from ui.block_view import show_block_to_staff
from ui.clinic_curve import ask_to_compare
from ui.clinical_chart import show_clinical
from ui.clinical_range import choose_clinical_range
from ui.clinical_view import ClinicalView
from ui.clock import now
from ui.colleagues_form import ask_colleagues
from ui.emergency_form import EMERGENCY_SAID
from ui.erasure_form import show_erasure_wish
from ui.patient_header import show_day_detail, show_happenings, show_header, show_past_answers
from ui.questionnaire_charts import show_questionnaires
from ui.reading_table import show_what_was_read
from ui.recovery_view import Recovery
from ui.review_list import open_patient_id
from ui.shell import show_way
from ui.sign_in_help import show_sign_in_help
from ui.visit_form import ask_visit_note
from ui.visit_plan import ask_visit_plan
from ui.who import require_actor

actor = require_actor(Role.CLINICIAN, Role.ASSISTANT)

show_way("clinician/review.py", "Back to the list", ":material/arrow_back:")
patient_id = open_patient_id()
if patient_id is None:
    st.title("Patient", anchor=False)
    st.info("Open a patient from the list.")
    st.stop()
try:
    with writing() as session:
        access = authorize(session, actor, patient_id)
        patient = get_patient(session, access)
        recovery = Recovery(
            patient=patient,
            settings=clinic_settings(session, actor),
            reports=list_reports(session, access),
            events=list_events(session, access),
            notes=list_visit_notes(session, access),
            today=today_in(patient.time_zone, now()),
        )
        alerts = list_alerts(session, access)
        planned = [visit.day for visit in list_planned_visits(session, access)]
        past = list_past_answers(session, access)
        openings = list_openings(session, access)
        answers = list_answers(session, access)
        responses = list_responses(session, access)
except AccessDenied as refusal:
    st.error(str(refusal))
    st.stop()

if access.is_emergency:
    st.warning(EMERGENCY_SAID, icon=":material/emergency:")
show_header(recovery)
show_way("clinician/brief.py", "Visit brief", ":material/summarize:")
beside, chart = st.columns([4, 7], gap="medium")
with beside:
    show_alerts(access, recovery, alerts)
with chart:
    drawing = choose_clinical_range(recovery, planned)
    show_block_to_staff(recovery)
    curve = ask_to_compare(actor, patient.episode.procedure)
    show_clinical(ClinicalView(drawing=drawing, alerts=alerts, planned=planned, curve=curve))
happened, asked = st.columns([4, 7], gap="medium")
with happened:
    st.header("What happened", anchor=False)
    show_happenings(recovery)
    if actor.role is Role.CLINICIAN:
        ask_visit_note(access, recovery.today)
    if not access.is_emergency:
        ask_visit_plan(access, recovery)
        if recovery.settings.only_assigned:
            ask_colleagues(access)
        show_sign_in_help(access, patient)
        show_erasure_wish(access, patient)
with asked:
    show_questionnaires(drawing, responses)
    show_what_was_read(recovery, openings, answers)
st.header("Day by day", anchor=False)
show_day_detail(drawing)
with st.expander("Answers that were changed"):
    show_past_answers(past, patient.time_zone)
