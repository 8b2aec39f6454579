"""The tables behind a clinician's chart, panel by panel, in one fold."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from charts.layers import within
from charts.medicine import KINDS
from recovery.reports import PainMedicine
from ui.clinical_sentences import (
    activity_words,
    alert_sentence,
    brace_words,
    happening_sentence,
    level_sentence,
    medicine_sentence,
    missing_sentence,
)
from ui.clinical_view import ClinicalView
from ui.tables import draw_table
from ui.words import NOT_ANSWERED


def show_tables(view: ClinicalView) -> None:
    """Offer each panel's sentence and table; made once the fold is open."""
    fold = st.expander("Tables", on_change="rerun", key="table-clinical")
    if not fold.open:
        return
    with fold:
        _show_pain(view)
        _show("Alerts", alert_sentence(view), _alerts(view))
        _show("Events and visits", happening_sentence(view), _happenings(view))
        _show("Medicine", medicine_sentence(view), _medicine(view))
        if view.recorded.has_brace:
            _show_reports("Brace", brace_words(view), view, ["when", "brace_hours", "entry"])
        columns = ["when", "activity_rank", "walking_minutes", "entry"]
        _show_reports("Activity", activity_words(view), view, columns)


def _show_pain(view: ClinicalView) -> None:
    said = f"{level_sentence(view)} {missing_sentence(view)}"
    columns = ["when", "worst_pain_nrs", "average_pain_nrs", "entry"]
    _show_reports("Pain", said, view, columns)
    if not view.cohort.empty:
        shown = within(view.cohort, view.drawing.days)
        table = pd.DataFrame(
            {
                "Day": shown["pod"],
                "Patients": shown["n"],
                "25th percentile": shown["p25"].map("{:g}".format),
                "Median": shown["p50"].map("{:g}".format),
                "75th percentile": shown["p75"].map("{:g}".format),
            }
        )
        _show("Our own patients", "Average pain by day after the procedure.", table)


def _show_reports(name: str, said: str, view: ClinicalView, columns: list[str]) -> None:
    st.subheader(name, anchor=False)
    st.markdown(said)
    draw_table(f"{name} by day", view.recorded.reports, columns)


def _show(name: str, said: str, table: pd.DataFrame) -> None:
    st.subheader(name, anchor=False)
    st.markdown(said)
    if not table.empty:
        st.table(table.astype(str), hide_index=True, alt=name)


def _alerts(view: ClinicalView) -> pd.DataFrame:
    days, alerts = view.drawing.days, view.recorded.alerts
    shown = alerts[(alerts["first"] <= days.last) & (alerts["last"] >= days.first)]
    return pd.DataFrame(
        {
            "Why": shown["kind"],
            "From day": shown["first"],
            "To day": shown["last"],
            "State": shown["is_open"].map({True: "open", False: "closed"}),
        }
    )


def _happenings(view: ClinicalView) -> pd.DataFrame:
    days, recorded = view.drawing.days, view.recorded
    events, visits = within(recorded.events, days), within(recorded.visits, days)
    what = visits["is_noted"].map({True: "Visit note", False: "Planned visit"})
    rows = pd.DataFrame(
        {
            "pod": [*events["pod"], *visits["pod"]],
            "When": [*events["when"], *visits["when"]],
            "What": [*events["kind"], *what],
            "Pain": [*_or_empty(events["pain_nrs"], str), *[""] * len(visits)],
        }
    )
    return rows.sort_values("pod", ascending=False, kind="stable").drop(columns="pod")


def _medicine(view: ClinicalView) -> pd.DataFrame:
    reports = view.recorded.reports.iloc[::-1]
    said = reports[reports["medicine"].notna()]
    return pd.DataFrame(
        {
            "Day": said["when"],
            "Medicine": said["medicine"].map(lambda kind: KINDS[PainMedicine(kind)][0]),
            "Times": _or_empty(said["medicine_times"], str, empty=NOT_ANSWERED),
        }
    )


def _or_empty(
    values: "pd.Series[Any]", words: Callable[[Any], str], *, empty: str = ""
) -> list[str]:
    return [empty if pd.isna(value) else words(value) for value in values]
