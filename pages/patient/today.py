"""Today: the daily report, and events at any hour."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import streamlit as st

from db.drafts import find_draft
from db.engine import reading
from db.reports import list_reports
from recovery.access import Role
from recovery.days import reportable_days
from recovery.reports import PartialReport
from recovery.wording import tr
from ui.block_log_form import ask_block_log
from ui.choice_row import choice_row
from ui.consent_form import ask_consent
from ui.event_form import ask_events
from ui.own_record import open_own_record, show_whose
from ui.procedure import procedure_of
from ui.questionnaires import offer_questions, read_responses
from ui.report_form import ask_report, ask_warning_signs, read_report
from ui.report_state import fill_form, form_state, kept_of
from ui.save_button import ask_save
from ui.saving import keep_answers
from ui.shell import show_patient_links, show_when_to_call
from ui.who import require_actor
from ui.words import long_day, relative_day

actor = require_actor(Role.PATIENT, Role.CARER)

with reading() as session:
    record = open_own_record(session, actor)
    since = record.today - timedelta(days=7)
    reports = {each.report.day: each for each in list_reports(session, record.access, since)}
    responses = read_responses(session, record)
episode, today = record.patient.episode, record.today

st.title(tr("How was your day?"), anchor=False)
show_whose(record)
procedure = procedure_of(episode.procedure)
days = reportable_days(episode.procedure_date, today)
if not days:
    first = long_day(episode.procedure_date)
    st.info(tr("You can log from the day of your procedure on: {day}.", day=first))
    show_when_to_call(record.settings, procedure)
    show_patient_links("patient/today.py")
    st.stop()
if not record.agrees:
    ask_consent(actor, record)
    show_when_to_call(record.settings, procedure)
    show_patient_links("patient/today.py")
    st.stop()
ask_block_log(record)
day = choice_row({each: relative_day(each, today) for each in days}, key="report-day")
with reading() as session:
    draft = find_draft(session, record.access, day)
state = form_state(day, reports.get(day), draft)
if before := reports.get(day - timedelta(days=1)):
    copied = replace(PartialReport.of(before.report), warning_signs=None, note="")
    st.button(tr("Same as the day before"), key="same", on_click=fill_form, args=(day, copied))

ask_warning_signs(day, state, procedure, record.settings)
planned = episode.brace_plan.hours_on(day) if episode.brace_plan else None
ask_report(day, state, procedure, planned)
read = partial(read_report, day, procedure, planned)
keep_answers(actor, day, read(), kept_of(day))
ask_save(record, day, reports, read)
offer_questions(record, responses)

ask_events(actor, record)
show_when_to_call(record.settings, procedure)
show_patient_links("patient/today.py")
