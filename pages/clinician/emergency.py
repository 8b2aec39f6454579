"""Emergency access: one record of somebody else's patient, for an hour."""

import streamlit as st

from db.clinics import clinic_settings
from db.engine import reading
from recovery.access import Role, grant_clinic
from recovery.days import today_in
from ui.clock import now
from ui.emergency_form import ask_emergency
from ui.shell import show_way
from ui.who import require_actor

actor = require_actor(Role.CLINICIAN, Role.ASSISTANT)

with reading() as session:
    settings = clinic_settings(session, actor)

show_way("clinician/review.py", "Back to the list", ":material/arrow_back:")
st.title("Emergency access", anchor=False)
if settings.only_assigned:
    st.markdown(
        "You can open the record of a patient you do not look after when it cannot wait. "
        "The patient sees that you did. An administrator reviews every opening."
    )
    ask_emergency(grant_clinic(actor), today_in(settings.time_zone, now()))
else:
    st.info("You see every patient of the clinic already. Find the patient on the list.")
