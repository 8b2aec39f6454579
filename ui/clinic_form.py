"""The questions about what a clinic decides for itself."""

from collections.abc import Sequence
from dataclasses import fields, replace

import streamlit as st

from db.accounts import StaffAccount
from db.clinics import change_settings, clinic_settings
from db.engine import Session
from recovery.access import Actor
from recovery.settings import ClinicSettings
from ui.acts import run_act, show_said, still_administrator
from ui.escalation_form import ask_escalation, chosen_escalation, settings_key
from ui.presses import press_submit
from ui.zones import zone_choices


def ask_settings(actor: Actor, settings: ClinicSettings, staff: Sequence[StaffAccount]) -> None:
    """
    Ask for the settings and store them on a press of Save; refused, they stay in the form.

    Args:
        actor: An administrator.
        settings: As stored.
        staff: Of the clinic.
    """
    with st.form("clinic"):
        st.text_input(
            "Name, as patients know it", value=settings.name, key=settings_key(settings, "name")
        )
        st.text_input(
            "Phone number, shown to patients as a link to call",
            value=settings.phone,
            key=settings_key(settings, "phone"),
        )
        st.text_input(
            "Emergency number",
            value=settings.emergency_number,
            key=settings_key(settings, "emergency"),
        )
        zones = zone_choices(settings.time_zone)
        st.selectbox("Time zone", zones, key=settings_key(settings, "zone"))
        st.checkbox(
            "Draw kyphoplasty and vertebroplasty over one documented course",
            value=settings.shares_augmentation_curve,
            key=settings_key(settings, "shares"),
        )
        st.markdown(
            "A head-to-head trial found similar pain results (Dohm, AJNR 2014), so two courses "
            "would invite a false comparison. Without this, vertebroplasty has no course to draw."
        )
        st.checkbox(
            "Clinicians and assistants see only the patients they look after",
            value=settings.only_assigned,
            key=settings_key(settings, "assigned"),
        )
        st.markdown(
            "Whoever enrols a patient looks after them, and adds colleagues on the patient's "
            "page. Others can open a record in an emergency; you review each such opening under "
            "Requests."
        )
        ask_escalation(settings, staff)
        press_submit("Save", _press, actor, settings, key="clinic-save", type="primary")
    show_said()


def _press(actor: Actor, settings: ClinicSettings) -> None:
    typed = st.session_state
    changed = replace(
        chosen_escalation(settings),
        name=typed[settings_key(settings, "name")] or "",
        phone=typed[settings_key(settings, "phone")] or "",
        emergency_number=typed[settings_key(settings, "emergency")] or "",
        time_zone=typed[settings_key(settings, "zone")] or settings.time_zone,
        shares_augmentation_curve=typed[settings_key(settings, "shares")],
        only_assigned=typed[settings_key(settings, "assigned")],
    )

    def save(session: Session) -> str:
        # Nothing but what was changed here: somebody else may have saved the rest meanwhile.
        stored = clinic_settings(session, actor)
        mine = {
            each.name: getattr(changed, each.name)
            for each in fields(ClinicSettings)
            if getattr(changed, each.name) != getattr(settings, each.name)
        }
        change_settings(session, still_administrator(session, actor), replace(stored, **mine))
        return "Saved. Patients see it from now on."

    run_act(save)
