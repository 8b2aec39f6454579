"""Clinic: what the clinic decides for itself."""

import streamlit as st

from db.accounts import list_staff
from db.clinics import clinic_settings
from db.engine import reading
from recovery.access import Role, grant_admin
from ui.clinic_form import ask_settings
from ui.escalation_form import show_second
from ui.who import require_actor

actor = require_actor(Role.ADMINISTRATOR)

with reading() as session:
    settings = clinic_settings(session, actor)
    staff = list_staff(session, grant_admin(actor))

st.title("Clinic", anchor=False)
show_second(settings, staff)
ask_settings(actor, settings, staff)
