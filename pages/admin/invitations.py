"""Invitations: the codes that are on their way."""

from uuid import UUID

import streamlit as st

from db.clinic_invitations import list_clinic_invitations, revoke_clinic_invitation
from db.clinics import clinic_settings
from db.engine import Session, reading
from recovery.access import Role, grant_admin
from ui.acts import act_button, on, show_said
from ui.clock import now
from ui.plain_text import plain
from ui.who import require_actor
from ui.words import moment

actor = require_actor(Role.ADMINISTRATOR)
access = grant_admin(actor)

with reading() as session:
    zone_name = clinic_settings(session, actor).time_zone
    invitations = list_clinic_invitations(session, access, now())


def take_back(session: Session, invitation_id: UUID) -> None:
    """Take one of the clinic's codes back."""
    revoke_clinic_invitation(session, access, invitation_id, now())


st.title("Invitations", anchor=False)
show_said()
st.markdown("Codes that still open an account. A clinician makes new ones on a patient's page.")
if not invitations:
    st.info("No code is on its way now.")
for each in invitations:
    with st.container(border=True):
        whom = "" if each.role is Role.PATIENT else "a helper of "
        st.markdown(
            f"For {whom}**{plain(each.patient_name)}**, made {moment(each.created_at, zone_name)}, "
            f"works until {moment(each.expires_at, zone_name)}."
        )
        act_button(
            "Take the code back",
            on(take_back, each.invitation_id),
            key=f"revoke-{each.invitation_id}",
        )
