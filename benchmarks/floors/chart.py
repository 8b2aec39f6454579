"""The floor of Progress: a bare page that draws one static chart of a year."""

import altair as alt
import pandas as pd
import streamlit as st

POINTS = 365
HEIGHT = 300

days = pd.DataFrame({"day": range(POINTS), "pain": [(day * 7) % 11 for day in range(POINTS)]})
chart = (
    alt.Chart(days)
    .mark_line(point=True)
    .encode(alt.X("day:Q"), alt.Y("pain:Q").scale(domain=[0, 10]))
    .properties(height=HEIGHT)
)
st.title("Floor")
st.altair_chart(chart, width="stretch")
