"""Helpers: whom the patient lets read and log."""

import streamlit as st

from db.carers import list_carers
from db.engine import reading
from db.invitations import list_open_invitations
from recovery.access import Role
from recovery.wording import tr
from ui.carer_form import ask_to_help, show_carers
from ui.clock import now
from ui.own_record import open_own_record
from ui.shell import show_patient_links
from ui.who import require_actor

actor = require_actor(Role.PATIENT)

with reading() as session:
    record = open_own_record(session, actor)
    carers = list_carers(session, record.access)
    open_ones = list_open_invitations(session, record.access, now())
invitations = [each for each in open_ones if each.role is Role.CARER]

st.title(tr("People who help you"), anchor=False)
show_carers(actor, carers, record.patient.time_zone)
ask_to_help(actor, invitations, record.patient.time_zone)
show_patient_links("account/carers.py")
