"""Start: the clinic at a glance, and the way to the list."""

import streamlit as st

from db.clinics import clinic_settings
from db.engine import writing
from db.review import list_episodes
from recovery.access import Role, grant_clinic
from recovery.review import ReviewQuery
from ui.clock import now
from ui.review_list import show_review_rows
from ui.who import require_actor

actor = require_actor(Role.CLINICIAN)

with writing() as session:
    settings = clinic_settings(session, actor)
    page = list_episodes(session, grant_clinic(actor), ReviewQuery(), now())

st.title(settings.name)
flagged = [row for row in page.rows if row.attention is not None]
if not page.rows:
    st.info("Nobody is enrolled yet. Enrol the first patient to begin.")
elif flagged:
    st.subheader("Recorded something to look at")
    show_review_rows(flagged[:8], key="flagged")
else:
    st.markdown("Nobody recorded a warning sign, a fall or sudden new pain.")
with st.container(horizontal=True):
    st.page_link("clinician/review.py", label="All patients", icon=":material/list_alt:")
    st.page_link("clinician/enrol.py", label="Enrol a patient", icon=":material/person_add:")
