"""The floor of Progress: a bare page that draws one static chart of a year, two scores a day."""

import altair as alt
import pandas as pd
import streamlit as st

DAYS = 365
HEIGHT = 400

scores = pd.DataFrame(
    [
        {"day": day, "score": score, "pain": (day * 7 + len(score)) % 11}
        for score in ("worst", "average")
        for day in range(DAYS)
    ]
)
chart = (
    alt.Chart(scores)
    .mark_line(point=True)
    .encode(alt.X("day:Q"), alt.Y("pain:Q").scale(domain=[0, 10]), alt.Color("score:N"))
    .properties(height=HEIGHT)
)
st.title("Floor")
st.altair_chart(chart, width="stretch")
