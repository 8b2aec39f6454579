"""Who of the staff looks after a patient."""

from uuid import UUID

import streamlit as st

from db.assignments import assign, list_colleagues
from db.engine import Session, reading
from db.patients import renewed
from recovery.access import PatientAccess
from ui.acts import act_button, show_said
from ui.clock import now

_SAVED = "Saved. They see this patient from now on."


def ask_colleagues(access: PatientAccess) -> None:
    """Show who looks after the patient, and let it be changed."""
    st.header("Who looks after this patient", anchor=False)
    with reading() as session:
        colleagues = list_colleagues(session, access)
    names = {each.account_id: f"{each.display_name}, {each.role.value}" for each in colleagues}
    key = f"colleagues-{access.patient_id}"
    chosen: list[UUID] = st.multiselect(
        "Clinicians and assistants",
        list(names),
        default=[each.account_id for each in colleagues if each.is_assigned],
        format_func=names.__getitem__,
        key=key,
    )

    if access.actor.account_id not in chosen:
        st.warning("You are not among them: after you save, you do not see this patient any more.")

    def save(session: Session) -> str:
        # Asked again, since a colleague may have ended it while the page stood open.
        assign(session, renewed(session, access), set(st.session_state[key]), now())
        return _SAVED

    about = f"colleagues-{access.patient_id}"
    act_button("Save who looks after them", save, key=f"{about}-save", about=about)
    show_said(about)
