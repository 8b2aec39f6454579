"""Questions: a short questionnaire on its day, reached by its button."""

import streamlit as st

from db.engine import reading
from recovery.access import Role
from recovery.wording import tr
from ui.consent_form import ask_consent
from ui.own_record import open_own_record, show_whose
from ui.procedure import procedure_of
from ui.questionnaires import (
    ASKED,
    ask_questions,
    due_now,
    offer_questions,
    read_responses,
    show_answered,
    words_of,
)
from ui.shell import show_patient_links, show_way, show_when_to_call
from ui.who import require_actor

actor = require_actor(Role.PATIENT, Role.CARER)

with reading() as session:
    record = open_own_record(session, actor)
    responses = read_responses(session, record)
waiting = due_now(record, responses)
wanted = st.query_params.get(ASKED)
instrument = next((each for each in waiting if each.value == wanted), None)

st.title(tr("Questions") if instrument is None else words_of(instrument).title, anchor=False)
show_whose(record)
if waiting and not record.agrees:
    ask_consent(actor, record)
elif instrument is not None:
    ask_questions(record, instrument, waiting[instrument])
else:
    show_answered(record, responses)
    offer_questions(record, responses)
    if not waiting:
        st.markdown(tr("No more questions today. Home shows when there are new ones."))
        show_way("patient/progress.py", tr("See your chart"), ":material/show_chart:", key="chart")
show_when_to_call(record.settings, procedure_of(record.patient.episode.procedure))
show_patient_links("patient/questions.py")
