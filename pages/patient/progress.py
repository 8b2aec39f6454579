"""Progress: the log drawn over what is documented."""

import streamlit as st

from db.engine import reading
from db.events import list_events
from db.judgement_settings import judgement_settings
from db.looks import newest_look
from db.questionnaires import list_responses
from db.reports import list_reports
from db.visit_notes import list_visit_notes
from recovery.access import Role
from recovery.wording import tr
from ui.block_view import show_block
from ui.clinic_reads import look_sentence, looks_since
from ui.clock import now
from ui.course_charts import choose_range, show_activity, show_brace, show_pain
from ui.own_record import open_own_record, show_whose
from ui.procedure import procedure_of
from ui.questionnaire_charts import show_questionnaires
from ui.recovery_view import Recovery
from ui.sentences import NO_REPORTS
from ui.shell import show_patient_links, show_when_to_call
from ui.standing import show_beside, show_stand, stand_of
from ui.who import require_actor
from ui.words import procedure_day

actor = require_actor(Role.PATIENT, Role.CARER)

with reading(is_heavy=True) as session:
    record = open_own_record(session, actor)
    recovery = Recovery(
        patient=record.patient,
        settings=record.settings,
        reports=list_reports(session, record.access),
        events=list_events(session, record.access),
        notes=list_visit_notes(session, record.access),
        today=record.today,
    )
    responses = list_responses(session, record.access)
    thresholds = judgement_settings(session, actor)
    look = newest_look(session, record.access, looks_since(now()))

procedure = procedure_of(record.patient.episode.procedure)
st.title(tr("Your progress"), anchor=False)
show_whose(record)
st.markdown(procedure_day(record.pod, procedure.in_sentence))
stand = stand_of(recovery, thresholds, can_log=record.agrees)
show_stand(stand)
if not recovery.reports and recovery.block is None:
    st.info(tr(NO_REPORTS))
show_beside(stand)
if record.pod >= 0:
    st.markdown(look_sentence(look, record.settings, record.patient.time_zone))
show_block(recovery)
drawing = choose_range(recovery)
st.header(tr("Pain"), anchor=False)
show_pain(drawing)
show_brace(drawing)
show_activity(drawing)
show_questionnaires(drawing, responses)
show_when_to_call(record.settings, procedure)
show_patient_links("patient/progress.py")
