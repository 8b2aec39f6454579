"""The clinician's chart of one recovery with its sentences, its comparison and its tables."""

import streamlit as st

from charts.clinical import LOOK_CLOSER, clinical_chart
from charts.layers import within
from ui.chart import show_chart
from ui.clinical_sentences import (
    activity_words,
    alert_sentence,
    brace_words,
    cohort_sentence,
    happening_sentence,
    level_sentence,
    medicine_sentence,
    missing_sentence,
)
from ui.clinical_tables import show_tables
from ui.clinical_view import ClinicalView
from ui.course_charts import documented_sentence, is_dark, log_sentence, show_origin
from ui.pacing import let_chart_be_drawn


def show_clinical(view: ClinicalView) -> None:
    """Show the chart over the chosen days, what it says in words, and its tables."""
    recovery, days = view.drawing.recovery, view.drawing.days
    said = [log_sentence(view.counted), documented_sentence(recovery), level_sentence(view)]
    compared = [] if view.curve is None else [cohort_sentence(within(view.cohort, days))]
    chart = clinical_chart(view.recorded, days=days, dark=is_dark())
    show_chart(chart, _alt_text(view, said + compared))
    let_chart_be_drawn()
    # Beneath, so that the chart begins beside the first alert.
    for words in (" ".join(said), *compared, LOOK_CLOSER):
        st.markdown(words)
    show_origin(recovery)
    show_tables(view)


def _alt_text(view: ClinicalView, said: list[str]) -> str:
    panels = [
        missing_sentence(view),
        alert_sentence(view),
        happening_sentence(view),
        medicine_sentence(view),
        *([brace_words(view)] if view.recorded.has_brace else []),
        activity_words(view),
    ]
    return " ".join(["Everything recorded by day.", *said, *panels])
