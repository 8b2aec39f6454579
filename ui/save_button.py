"""The Save button, drawn apart from its form so that a press runs nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from db.engine import reading
from db.events import list_events
from db.judgement_settings import judgement_settings
from db.patients import own_access
from db.reports import list_reports
from recovery.access import Role
from recovery.days import today_in
from recovery.errors import DatabaseUnavailable, InvalidEntry, RecoveryError
from recovery.reports import PartialReport, StoredReport
from recovery.text import clean_text
from recovery.wording import tr
from ui.clinic_reads import reads_sentence
from ui.clock import now
from ui.course_charts import show_small_pain
from ui.own_record import OwnRecord
from ui.pacing import let_it_be_drawn
from ui.presses import press_button
from ui.recovery_view import Recovery
from ui.report_parts import show_logged, show_outcome
from ui.report_state import Kept, Outcome, kept_of
from ui.saving import press_save
from ui.standing import show_stand, stand_of
from ui.turns import TURNS
from ui.warning_box import NOT_WATCHED
from ui.who import present_actor

Read = Callable[[], PartialReport]

THANKS_SECONDS = 0.05
"""About what a browser needs to show the thanks, before it is given a chart to draw."""


@st.fragment
def ask_save(
    record: OwnRecord, day: date, reports: Mapping[date, StoredReport], read: Read
) -> None:
    """
    Say what is logged, offer to save what stands in the form of *day*, and what came of it.

    A press runs this function alone, so who is here, what day it is and what stands in
    the form are asked anew. It acts before the page waits for its turn to be drawn, since
    another press would end that wait, and this one with it.

    Args:
        record: Whose form it is, as the page was drawn.

        day: The day the form is about.

        reports: The reports of the week before, by day.

        read: Returns what stands in the form.
    """
    kept = kept_of(day)
    with TURNS.taken():
        try:
            _ask_save(record, day, reports, (kept, read))
        except RecoveryError as refusal:
            # A press that runs this alone has no page around it that would say so.
            st.error(str(refusal))


def _ask_save(
    record: OwnRecord,
    day: date,
    reports: Mapping[date, StoredReport],
    form: tuple[Kept, Read],
) -> None:
    kept, stored = form[0], reports.get(day)
    record = replace(record, today=today_in(record.patient.time_zone, now()))
    above = st.container()
    is_pressed = press_button(
        tr("Save"),
        _press,
        record,
        day,
        *form,
        key="save-report",
        type="primary",
        width="stretch",
    )
    state, outcome = kept.state, kept.outcome
    if outcome is None or not outcome.still_holds(state, stored, record.today):
        with above:
            show_logged(record, day, stored, is_unsaved=_differs(state.latest, stored))
        return
    show_outcome(record, outcome, state.latest, reports)
    if outcome.refusal is None:
        if is_pressed:
            let_it_be_drawn(THANKS_SECONDS)
        _show_meaning(record, has_signs=bool(state.latest.warning_signs))


def _press(record: OwnRecord, day: date, kept: Kept, read: Read) -> None:
    answers = read()
    kept.change(latest=answers)
    record = replace(record, today=today_in(record.patient.time_zone, now()))
    try:
        press_save(record, present_actor(Role.PATIENT, Role.CARER), day, kept)
    except RecoveryError as refusal:
        kept.outcome = Outcome(
            answers=answers, revision=kept.state.revision, today=record.today, refusal=refusal
        )


def _differs(answers: PartialReport, stored: StoredReport | None) -> bool:
    saved = PartialReport.of(stored.report) if stored else PartialReport()
    try:
        note = clean_text(answers.note)
    except InvalidEntry:
        # It could not be stored.
        return True
    return replace(answers, note=note) != saved


def _show_meaning(record: OwnRecord, *, has_signs: bool) -> None:
    """Show what the answer means, what happens with it, and the new point on the chart."""
    try:
        actor = present_actor(Role.PATIENT, Role.CARER)
        with reading() as session:
            access = own_access(session, actor)
            recovery = Recovery(
                patient=record.patient,
                settings=record.settings,
                reports=list_reports(session, access),
                events=list_events(session, access),
                today=record.today,
            )
            thresholds = judgement_settings(session, actor)
    except DatabaseUnavailable:
        # The answers are stored and thanked for: there is nothing that anybody has to do again.
        return
    if not has_signs:
        # The advice about a sign stands above already, and nothing may soften it.
        # What has just been saved could be logged.
        show_stand(stand_of(recovery, thresholds, can_log=True))
    st.markdown(f"{reads_sentence(record.settings)} {tr(NOT_WATCHED)}")
    show_small_pain(recovery)
