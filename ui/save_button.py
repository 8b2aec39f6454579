"""The Save button, drawn apart from its form so that a press runs nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from charts.days import SHORTEST
from db.engine import reading
from db.patients import own_access
from db.reports import list_reports
from recovery.access import Actor, Role
from recovery.days import today_in
from recovery.reports import PartialReport, StoredReport
from recovery.wording import tr
from ui.clock import now
from ui.course_charts import show_small_pain
from ui.own_record import OwnRecord
from ui.pacing import let_it_be_drawn
from ui.recovery_view import Recovery
from ui.report_parts import show_logged, show_outcome
from ui.report_state import known_state
from ui.saving import press_save
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
    above = st.container()
    state = known_state(day)
    if not st.button(tr("Save"), key="save-report", type="primary", width="stretch"):
        with above:
            show_logged(
                record, day, reports.get(day), is_unsaved=_differs(state.latest, reports.get(day))
            )
        return
    actor = require_actor(Role.PATIENT, Role.CARER)
    record = replace(record, today=today_in(record.patient.time_zone, now()))
    outcome = press_save(record, actor, day, state.latest, state)
    show_outcome(outcome, state.latest, reports)
    if outcome.refusal is None:
        let_it_be_drawn(THANKS_SECONDS)
        _show_new_point(actor, record)


def _differs(answers: PartialReport, stored: StoredReport | None) -> bool:
    saved = PartialReport.of(stored.report) if stored else PartialReport()
    return replace(answers, note=answers.note.strip()) != saved


def _show_new_point(actor: Actor, record: OwnRecord) -> None:
    with reading() as session:
        since = record.today - timedelta(days=SHORTEST)
        reports = list_reports(session, own_access(session, actor), since)
    show_small_pain(
        Recovery(
            patient=record.patient, settings=record.settings, reports=reports, today=record.today
        )
    )
