"""The Save button, drawn apart from its form so that a press runs nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from db.engine import reading
from db.events import list_events
from db.judgement_settings import judgement_settings
from db.patients import own_access
from db.reports import list_reports
from recovery.access import Actor, Role
from recovery.days import today_in
from recovery.reports import PartialReport, StoredReport
from recovery.wording import tr
from ui.clinic_reads import reads_sentence
from ui.clock import now
from ui.course_charts import show_small_pain
from ui.own_record import OwnRecord
from ui.pacing import let_it_be_drawn
from ui.recovery_view import Recovery
from ui.report_parts import show_logged, show_outcome
from ui.report_state import is_thanked, known_state
from ui.saving import Outcome, press_save
from ui.standing import show_stand, stand_of
from ui.turns import TURNS
from ui.warning_box import NOT_WATCHED
from ui.who import require_actor

THANKS_SECONDS = 0.05
"""About what a browser needs to show the thanks, before it is given a chart to draw."""


@st.fragment
def ask_save(record: OwnRecord, day: date, reports: Mapping[date, StoredReport]) -> None:
    """
    Say what is logged, offer to save what stands in the form of *day*, and what came of it.

    A press runs this function alone, so who is here, what day it is and what stands in
    the form are asked anew.

    Args:
        record: Whose form it is, as the page was drawn.

        day: The day the form is about.

        reports: The reports of the week before, by day.
    """
    with TURNS.taken():
        _ask_save(record, day, reports)


def _ask_save(record: OwnRecord, day: date, reports: Mapping[date, StoredReport]) -> None:
    above = st.container()
    state, stored = known_state(day), reports.get(day)
    is_pressed = st.button(tr("Save"), key="save-report", type="primary", width="stretch")
    if is_pressed:
        actor = require_actor(Role.PATIENT, Role.CARER)
        record = replace(record, today=today_in(record.patient.time_zone, now()))
        outcome = press_save(record, actor, day, state.latest, state)
    elif stored and is_thanked(state, stored.version) and not _differs(state.latest, stored):
        # Whatever else is pressed on the page draws all of it anew, and a line that came back by
        # itself may too: what came of Save stands until its answers change.
        actor, outcome = require_actor(Role.PATIENT, Role.CARER), Outcome(stored=stored)
    else:
        with above:
            show_logged(record, day, stored, is_unsaved=_differs(state.latest, stored))
        return
    show_outcome(record, outcome, state.latest, reports)
    if outcome.refusal is None:
        if is_pressed:
            let_it_be_drawn(THANKS_SECONDS)
        _show_meaning(actor, record, has_signs=bool(state.latest.warning_signs))


def _differs(answers: PartialReport, stored: StoredReport | None) -> bool:
    saved = PartialReport.of(stored.report) if stored else PartialReport()
    return replace(answers, note=answers.note.strip()) != saved


def _show_meaning(actor: Actor, record: OwnRecord, *, has_signs: bool) -> None:
    """Show what the answer means, what happens with it, and the new point on the chart."""
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
    if not has_signs:
        # The advice about a sign stands above already, and nothing may soften it.
        # What has just been saved could be logged.
        show_stand(stand_of(recovery, thresholds, can_log=True))
    st.markdown(f"{reads_sentence(record.settings)} {tr(NOT_WATCHED)}")
    show_small_pain(recovery)
