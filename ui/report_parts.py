"""What stands around the report form: what is logged, what was saved, what conflicts."""

from collections.abc import Mapping
from datetime import date

import pandas as pd
import streamlit as st

from recovery.errors import StaleEntry
from recovery.reports import PartialReport, StoredReport
from recovery.wording import tr
from ui.answers import answer_lines
from ui.own_record import OwnRecord
from ui.plain_text import plain
from ui.procedure import procedure_of
from ui.report_form import show_advice
from ui.report_state import Outcome
from ui.sentences import saved_sentence
from ui.shell import show_way
from ui.words import clock_time, relative_day


def show_logged(
    record: OwnRecord, day: date, stored: StoredReport | None, *, is_unsaved: bool
) -> None:
    """
    Say whether the day is logged already, or its answers are not saved yet.

    Always one line: were there none at first, all below it would move under a finger that
    presses there straight out of a field, and the press would be lost.
    """
    name = relative_day(day, record.today)
    if is_unsaved and stored is not None:
        said = tr("{day}: your change is not saved yet. Press Save when you are done.", day=name)
    elif is_unsaved:
        said = tr("{day}: your answers are not saved yet. Press Save when you are done.", day=name)
    elif stored is not None:
        at = clock_time(stored.updated_at, record.patient.time_zone)
        said = tr(
            "{day}: logged at {time}. You can change it, and the first answers are kept.",
            day=name,
            time=at,
        )
    else:
        said = tr("{day}: nothing is saved yet. Press Save when you have answered.", day=name)
    st.markdown(said)


def show_outcome(
    record: OwnRecord,
    outcome: Outcome,
    answers: PartialReport,
    reports: Mapping[date, StoredReport],
) -> None:
    """
    Say what came of a press of Save; a person who was refused reads what to do next.

    Args:
        record: Whose.
        outcome: What came of it.
        answers: What stands in the form.
        reports: The reports of the week before, by day.
    """
    if outcome.refusal is None and outcome.stored is not None:
        _show_signs(record, outcome.stored)
        _show_saved(outcome.stored, reports)
    elif isinstance(outcome.refusal, StaleEntry) and outcome.stored is not None:
        _show_conflict(outcome.refusal, answers, outcome.stored)
    else:
        st.error(str(outcome.refusal))


def _show_signs(record: OwnRecord, stored: StoredReport) -> None:
    """Show what to do about ticked signs before all else, even before the thanks."""
    ticked = stored.report.warning_signs or frozenset()
    procedure = procedure_of(record.patient.episode.procedure)
    signs = [sign for sign in procedure.warning_signs if sign.id in ticked]
    show_advice(signs, record.settings)


def _show_saved(stored: StoredReport, reports: Mapping[date, StoredReport]) -> None:
    said = [tr("Saved. Thank you."), saved_sentence(stored, reports)]
    if stored.is_late:
        said.append(tr("It is marked as entered later."))
    if stored.is_corrected:
        said.append(tr("The first answers are kept too."))
    st.success(" ".join(said))
    show_way("patient/progress.py", tr("See your chart"), ":material/show_chart:", key="saved")


def _show_conflict(refusal: StaleEntry, mine: PartialReport, stored: StoredReport) -> None:
    st.warning(str(refusal))
    kept = PartialReport.of(stored.report)
    both = pd.DataFrame(
        [
            (question, plain(here), plain(there))
            for (question, here), (_, there) in zip(
                answer_lines(mine), answer_lines(kept), strict=True
            )
            if here != there
        ],
        columns=[tr("Question"), tr("Your answers here"), tr("Saved in the meantime")],
    )
    st.table(both, hide_index=True, alt=tr("Your answers beside the saved ones"))
