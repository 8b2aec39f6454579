"""Home: where you stand, and the one thing to do."""

import streamlit as st

from db.engine import reading
from db.events import list_events
from db.judgement_settings import judgement_settings
from db.learning import list_openings
from db.looks import newest_look
from db.reports import list_reports
from recovery.access import Role
from recovery.wording import tr
from ui.block_view import is_asked, show_block_note
from ui.clinic_reads import look_sentence, looks_since
from ui.clock import now
from ui.consent_form import ask_consent
from ui.course_charts import show_small_pain
from ui.own_record import open_own_record, show_whose
from ui.procedure import UNKNOWN_PROCEDURE, is_known, procedure_of
from ui.questionnaires import ANSWERED, offer_questions, read_responses
from ui.reader import read_by
from ui.reading import show_reading
from ui.recovery_view import Recovery
from ui.said import show_said_of
from ui.shell import show_patient_links, show_way, show_when_to_call
from ui.standing import show_stand, stand_of
from ui.visit_notice import show_visit
from ui.visit_questions import ask_visit_questions
from ui.who import require_actor
from ui.words import clock_time, long_day, procedure_day

actor = require_actor(Role.PATIENT, Role.CARER)

with reading() as session:
    record = open_own_record(session, actor)
    openings = list_openings(session, record.access)
    recovery = Recovery(
        patient=record.patient,
        settings=record.settings,
        reports=list_reports(session, record.access),
        events=list_events(session, record.access),
        today=record.today,
    )
    thresholds = judgement_settings(session, actor)
    look = newest_look(session, record.access, looks_since(now()))
    responses = read_responses(session, record)
episode = record.patient.episode
procedure = procedure_of(episode.procedure)
logged = next((each for each in recovery.reports if each.report.day == record.today), None)

show_said_of(ANSWERED)
with st.container(border=True):
    st.title(procedure_day(record.pod, procedure.in_sentence), anchor=False)
    st.markdown(long_day(record.today))
    show_block_note(record)
    if record.pod < 0:
        st.markdown(tr("You can log from the day of your procedure on."))
    elif logged is not None:
        at = clock_time(logged.updated_at, record.patient.time_zone)
        if st.button(tr("Logged at {at}, change it", at=at), width="stretch"):
            st.switch_page("patient/today.py")
    elif not record.agrees:
        ask_consent(actor, record)
    elif st.button(
        tr("Log today"),
        type="primary" if is_asked(record) else "secondary",
        width="stretch",
        icon=":material/edit_note:",
    ):
        st.switch_page("patient/today.py")
    offer_questions(record, responses)
show_visit(procedure, record.advice, record.pod)
show_whose(record)
if not is_known(episode.procedure):
    st.warning(tr(UNKNOWN_PROCEDURE))
if record.pod >= 0:
    st.header(tr("Where you stand"), anchor=False)
    show_stand(stand_of(recovery, thresholds, can_log=record.agrees))
    show_small_pain(recovery)
    st.markdown(look_sentence(look, record.settings, record.patient.time_zone))
    show_way(
        "patient/progress.py", tr("See your whole chart"), ":material/show_chart:", key="chart"
    )
show_reading(episode.procedure, record.pod, read_by(actor, openings))
ask_visit_questions(actor, record)
show_when_to_call(record.settings, procedure)
if actor.role is Role.PATIENT:
    with st.container(horizontal=True):
        show_way("account/carers.py", tr("People who help you"), ":material/group:")
        show_way("account/my_data.py", tr("Your data"), ":material/folder_shared:")
show_patient_links("patient/home.py")
