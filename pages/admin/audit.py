"""Audit: who did what in the clinic, and when."""

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

import streamlit as st

from db.audit_log import LogQuery, list_actions, list_entries
from db.clinics import clinic_settings
from db.engine import reading
from recovery.access import Role, grant_admin
from recovery.days import zone
from ui.audit_table import show_entries
from ui.who import require_actor

PAGE = "audit-page"

actor = require_actor(Role.ADMINISTRATOR)
access = grant_admin(actor)


def _first_page() -> None:
    st.session_state[PAGE] = 0


def _turn(by: int) -> None:
    st.session_state[PAGE] = max(0, st.session_state.get(PAGE, 0) + by)


with reading() as session:
    zone_name = clinic_settings(session, actor).time_zone
    actions = list_actions(session, access)

st.title("Audit", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    first = st.date_input("From", value=None, key="audit-from", on_change=_first_page)
    last = st.date_input("Up to", value=None, key="audit-to", on_change=_first_page)
    action = st.selectbox(
        "What happened",
        actions,
        index=None,
        placeholder="Everything",
        key="audit-action",
        on_change=_first_page,
    )
    by_name = st.text_input("Who, by name", key="audit-by", on_change=_first_page)
number = st.session_state.get(PAGE, 0)
local = zone(zone_name)
query = LogQuery(
    since=datetime.combine(first, time(), tzinfo=local) if first else None,
    until=datetime.combine(last + timedelta(days=1), time(), tzinfo=local) if last else None,
    action=action or "",
    by_name=by_name or "",
    page=number,
)
with reading() as session:
    entries, has_next = list_entries(session, access, query)
show_entries(entries, zone_name)
with st.container(horizontal=True, vertical_alignment="center"):
    st.button("Previous", on_click=_turn, args=(-1,), disabled=number == 0)
    st.markdown(f"Page {number + 1}")
    st.button("Next", on_click=_turn, args=(1,), disabled=not has_next)
asked = {"from": first, "to": last, "action": action, "by": by_name}
filled = urlencode({name: str(value) for name, value in asked.items() if value})
st.link_button(
    "Take these entries away as a table",
    f"/audit-log.csv?{filled}" if filled else "/audit-log.csv",
    icon=":material/download:",
)
st.markdown(
    "Each entry is tied to the one before it. `python -m db audit verify` on the server says "
    "whether any was changed."
)
