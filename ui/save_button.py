"""The Save button, drawn apart from its form so that a press runs nothing else."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from recovery.access import Role
from recovery.days import today_in
from recovery.reports import StoredReport
from ui.clock import now
from ui.report_parts import show_outcome
from ui.report_state import known_state
from ui.saving import press_save
from ui.who import require_actor


@st.fragment
def ask_save(day: date, zone_name: str, reports: Mapping[date, StoredReport]) -> None:
    """
    Offer to save what stands in the form of *day*, and say what came of it.

    A press runs this function alone, so who is here, what day it is and what stands in
    the form are asked anew.

    Args:
        day: The day the form is about.

        zone_name: The patient's time zone.

        reports: The reports of the week before, by day.
    """
    if not st.button("Save", type="primary", width="stretch"):
        return
    actor = require_actor(Role.PATIENT)
    state = known_state(day)
    today = today_in(zone_name, now())
    show_outcome(press_save(actor, day, state.latest, state, today), state.latest, reports)
