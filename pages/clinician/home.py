"""Start: the clinic at a glance, and the way to the list."""

import streamlit as st

from db.clinics import clinic_settings
from db.engine import writing
from db.review import list_episodes
from recovery.access import Role, grant_clinic
from recovery.review import ReviewQuery
from ui.clock import now
from ui.plain_text import plain
from ui.review_list import show_review_rows
from ui.shell import show_way
from ui.who import require_actor

actor = require_actor(Role.CLINICIAN)

with writing() as session:
    settings = clinic_settings(session, actor)
    page = list_episodes(session, grant_clinic(actor), ReviewQuery(), now())

st.title(plain(settings.name))
flagged = [row for row in page.rows if row.attention is not None]
if not page.rows:
    st.info("Nobody is enrolled yet. Enrol the first patient to begin.")
elif flagged:
    st.header("Recorded something to look at")
    show_review_rows(flagged[:8], key="flagged")
else:
    st.markdown("Nobody recorded a warning sign, a fall or sudden new pain.")
with st.container(horizontal=True):
    show_way("clinician/review.py", "All patients", ":material/list_alt:")
    show_way("clinician/enrol.py", "Enrol a patient", ":material/person_add:")
