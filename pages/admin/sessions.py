"""Sign-ins: who of the clinic is signed in now."""

import streamlit as st

from db.clinics import clinic_settings
from db.engine import reading
from db.open_sessions import end_clinic_session, list_clinic_sessions
from recovery.access import Role, grant_admin
from ui.acts import show_said
from ui.clock import now
from ui.session_list import show_sessions
from ui.who import require_actor

actor = require_actor(Role.ADMINISTRATOR)
access = grant_admin(actor)

with reading() as session:
    zone_name = clinic_settings(session, actor).time_zone
    sessions = list_clinic_sessions(session, access, now())

st.title("Sign-ins", anchor=False)
show_said()
st.markdown("Everybody of the clinic who is signed in now, patients and helpers too.")
show_sessions(
    sessions,
    zone_name,
    lambda session, key: end_clinic_session(session, access, key, now()),
    with_names=True,
)
