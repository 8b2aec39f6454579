"""Clinic: what the clinic decides for itself."""

from dataclasses import replace

import streamlit as st

from db.accounts import list_staff
from db.clinics import change_settings, clinic_settings
from db.engine import act, reading
from recovery.access import Role, grant_admin
from recovery.errors import RecoveryError
from ui.escalation_form import ask_escalation, show_second
from ui.who import require_actor
from ui.zones import zone_choices

actor = require_actor(Role.ADMINISTRATOR)

with reading() as session:
    settings = clinic_settings(session, actor)
    staff = list_staff(session, grant_admin(actor))

st.title("Clinic", anchor=False)
show_second(settings, staff)
with st.form("clinic"):
    name = st.text_input("Name, as patients know it", value=settings.name)
    phone = st.text_input("Phone number, shown to patients as a link to call", value=settings.phone)
    emergency = st.text_input("Emergency number", value=settings.emergency_number)
    zone_name = st.selectbox("Time zone", zone_choices(settings.time_zone))
    shares = st.checkbox(
        "Draw kyphoplasty and vertebroplasty over one documented course",
        value=settings.shares_augmentation_curve,
    )
    st.markdown(
        "A head-to-head trial found similar pain results (Dohm, AJNR 2014), so two courses "
        "would invite a false comparison. Without this, vertebroplasty has no course to draw."
    )
    only_assigned = st.checkbox(
        "Clinicians and assistants see only the patients they look after",
        value=settings.only_assigned,
    )
    st.markdown(
        "Whoever enrols a patient looks after them, and adds colleagues on the patient's page. "
        "Others can open a record in an emergency; you review each such opening under Requests."
    )
    passed_on = ask_escalation(settings, staff)
    is_sent = st.form_submit_button("Save", type="primary")
if is_sent:
    changed = replace(
        passed_on,
        name=name or "",
        phone=phone or "",
        emergency_number=emergency or "",
        time_zone=zone_name or settings.time_zone,
        shares_augmentation_curve=shares,
        only_assigned=only_assigned,
    )
    try:
        act(lambda session: change_settings(session, grant_admin(actor), changed))
        st.success("Saved. Patients see it from now on.")
    except RecoveryError as refusal:
        st.error(str(refusal))
