"""The floor of Save: a bare page with one form that echoes what was sent."""

import streamlit as st

st.title("Floor")
with st.form("floor"):
    number = st.number_input("Number", 0, 10, value=None)
    note = st.text_area("Note")
    is_sent = st.form_submit_button("Save", type="primary")
if is_sent:
    count = st.session_state["count"] = st.session_state.get("count", 0) + 1
    st.success(f"Saved. {count}")
