"""The floor of Review: a bare page with one table of as many rows and columns."""

import pandas as pd
import streamlit as st

ROWS = 25
COLUMNS = ("Name", "Procedure", "Day", "Look at", "Last report", "Worst pain then", "Logged")

rows = pd.DataFrame([[f"{name} {row}" for name in COLUMNS] for row in range(ROWS)], columns=COLUMNS)
st.title("Floor")
st.table(rows, hide_index=True)
