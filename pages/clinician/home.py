"""Start: the clinic at a glance, and the way to the list."""

from datetime import timedelta

import streamlit as st

from db.clinics import clinic_settings
from db.engine import writing
from db.review import list_episodes
from recovery.access import Role, grant_clinic
from recovery.days import today_in
from recovery.review import ReviewQuery
from ui.clock import now
from ui.plain_text import plain
from ui.review_list import NOBODY_ASSIGNED, NOBODY_ENROLLED, show_review_rows
from ui.shell import show_way
from ui.who import require_actor

actor = require_actor(Role.CLINICIAN, Role.ASSISTANT)
RECENT_DAYS = 14

with writing() as session:
    settings = clinic_settings(session, actor)
    page = list_episodes(session, grant_clinic(actor), ReviewQuery(), now())

st.title(plain(settings.name), anchor=False)
since = today_in(settings.time_zone, now()) - timedelta(days=RECENT_DAYS)
flagged = [row for row in page.rows if row.attention_day and row.attention_day >= since]
if not page.rows:
    st.info(NOBODY_ASSIGNED if settings.only_assigned else NOBODY_ENROLLED)
elif flagged:
    st.header("Recorded something to look at", anchor=False)
    st.markdown(f"In the last {RECENT_DAYS} days. Older ones stand in the list of all patients.")
    show_review_rows(flagged, key="flagged")
else:
    st.markdown(f"No warning sign, fall or sudden new pain in the last {RECENT_DAYS} days.")
with st.container(horizontal=True):
    show_way("clinician/review.py", "All patients", ":material/list_alt:")
    show_way("clinician/enrol.py", "Enrol a patient", ":material/person_add:")
