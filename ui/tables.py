"""The data behind a chart as a table, folded away until asked for."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from recovery.reports import ActivityLevel
from recovery.wording import marked, tr
from ui.words import ACTIVITY_WORDS, NOT_ANSWERED, plain_number

TITLES = {
    "when": marked("Day"),
    "worst_pain_nrs": marked("Worst pain"),
    "average_pain_nrs": marked("Average pain"),
    "brace_hours": marked("Hours in the brace"),
    "activity_rank": marked("Activity"),
    "walking_minutes": marked("Minutes walked"),
    "entry": marked("Entered"),
}
_LEVELS = list(ActivityLevel)


def show_table(label: str, reports: pd.DataFrame, columns: list[str], *, key: str) -> None:
    """
    Offer the rows of a report frame as a table, newest first.

    The rows are made only once the fold is open: a year of them costs more than its chart.
    """
    fold = st.expander(label, on_change="rerun", key=f"table-{key}")
    if not fold.open:
        return
    with fold:
        draw_table(label, reports, columns)


def draw_table(label: str, reports: pd.DataFrame, columns: list[str]) -> None:
    """Show the rows of a report frame as a table, newest first."""
    if reports.empty:
        st.markdown(tr("Nothing is logged on these days."))
        return
    shown = reports.iloc[::-1][columns]
    words = pd.DataFrame({tr(TITLES[name]): _in_words(shown[name]) for name in columns})
    st.table(words, hide_index=True, alt=label)


def _in_words(values: "pd.Series[Any]") -> list[str]:
    if values.name == "activity_rank":
        return [
            _or_not(value, lambda rank: tr(ACTIVITY_WORDS[_LEVELS[int(rank)]])) for value in values
        ]
    if values.name == "entry":
        return [tr(value) for value in values]
    return [_or_not(value, _plain) for value in values]


def _plain(value: object) -> str:
    return value if isinstance(value, str) else plain_number(float(str(value)))


def _or_not(value: Any, words: Callable[[Any], str]) -> str:
    return tr(NOT_ANSWERED) if pd.isna(value) else words(value)
