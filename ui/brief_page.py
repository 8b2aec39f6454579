"""A visit brief on the screen: its lines, what the patient asks, its chart and its table."""

import pandas as pd
import streamlit as st

from ui.briefs import ReadBrief
from ui.chart import show_chart
from ui.plain_text import plain
from ui.tables import show_table

_COLUMNS = ["when", "worst_pain_nrs", "average_pain_nrs", "entry"]


def show_brief(brief: ReadBrief) -> None:
    """Show the brief as it stands on paper; the table of its chart folds out."""
    text = brief.text
    st.title(plain(text.title), anchor=False)
    st.markdown(plain(text.about))
    words, chart = st.columns([2, 3], gap="large")
    with words:
        lines = pd.DataFrame(
            [{"What": each.label, "In numbers": plain(each.text)} for each in text.lines]
        )
        st.table(lines, hide_index=True, alt="The numbers of the brief")
        st.markdown("**Asks**")
        for quote in text.quotes:
            # As typed: st.text interprets nothing.
            st.text(f"\u201c{quote.text}\u201d {quote.by}".strip() if quote.is_own else quote.text)
        if text.more:
            st.markdown(text.more)
    with chart:
        show_chart(brief.chart(dark=st.context.theme.type == "dark"), brief.chart_words)
        show_table("Pain as a table", brief.drawing.reports, _COLUMNS, key="brief-pain")
