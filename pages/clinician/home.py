"""Start: the clinic at a glance, and the way to the list."""

import streamlit as st

from db.clinics import clinic_settings
from db.engine import writing
from db.review import list_episodes
from db.review_counts import count_reasons
from recovery.access import Role, grant_clinic
from recovery.review import ReviewQuery
from ui.clinic_day import offer_clinic_day
from ui.clock import now
from ui.plain_text import plain
from ui.review_filters import ask_reason
from ui.review_list import NOBODY_ASSIGNED, NOBODY_ENROLLED, show_review_rows
from ui.shell import show_way
from ui.who import require_actor

actor = require_actor(Role.CLINICIAN, Role.ASSISTANT)
access = grant_clinic(actor)
FIRST = 8

with writing() as session:
    settings = clinic_settings(session, actor)
    counts = count_reasons(session, access)
    page = list_episodes(session, access, ReviewQuery(), now())

st.title(plain(settings.name), anchor=False)
flagged = [row for row in page.rows if row.alerts]
if not page.rows:
    st.info(NOBODY_ASSIGNED if settings.only_assigned else NOBODY_ENROLLED)
elif flagged:
    st.header("Need a look", anchor=False)
    ask_reason(counts, opens="clinician/review.py")
    show_review_rows(flagged[:FIRST], key="flagged")
    if len(flagged) > FIRST:
        st.markdown(f"These {FIRST} first. All others are on the list.")
else:
    st.markdown("No open alert.")
with st.container(horizontal=True):
    show_way("clinician/review.py", "All patients", ":material/list_alt:")
    show_way("clinician/enrol.py", "Enrol a patient", ":material/person_add:")
if page.rows:
    offer_clinic_day(actor, settings)
