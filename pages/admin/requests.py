"""Requests: erasures to carry out, and emergency openings to review."""

import streamlit as st

from db.clinics import clinic_settings
from db.emergencies import list_emergencies
from db.engine import reading
from db.erasure import list_erasure_requests
from recovery.access import Role, grant_admin
from ui.acts import show_said
from ui.requests_list import show_emergencies, show_erasures
from ui.who import require_actor

actor = require_actor(Role.ADMINISTRATOR)
access = grant_admin(actor)

with reading() as session:
    zone_name = clinic_settings(session, actor).time_zone
    erasures = list_erasure_requests(session, access)
    emergencies = list_emergencies(session, access)

st.title("Requests", anchor=False)
show_said()
st.header("Patients who want to be erased", anchor=False)
show_erasures(access, erasures, zone_name)
st.header("Records opened in an emergency", anchor=False)
show_emergencies(access, emergencies, zone_name)
