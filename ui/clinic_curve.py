"""The clinic's own patients beside one of them, for whoever asks to compare."""

import streamlit as st

from db.cohorts import cohort_curve
from db.engine import reading
from recovery.access import Actor, grant_clinic
from recovery.cohorts import CohortDay

COMPARE = "Compare with our own patients"
_IS_ON = "compare-own-patients"


def ask_to_compare(actor: Actor, procedure: str) -> list[CohortDay] | None:
    """
    Offer to compare, which is off at first.

    Args:
        actor: Who of the staff looks.
        procedure: Id of the procedure that the others had too.

    Returns:
        The days on which enough of the clinic's own patients logged; None while it is off.
    """
    is_on = bool(st.session_state.get(_IS_ON, False))
    st.button(
        COMPARE,
        key=f"{_IS_ON}-button",
        type="primary" if is_on else "secondary",
        icon=":material/check:" if is_on else None,
        on_click=_turn,
    )
    if not is_on:
        return None
    with reading(is_heavy=True) as session:
        return cohort_curve(session, grant_clinic(actor), procedure)


def _turn() -> None:
    st.session_state[_IS_ON] = not st.session_state.get(_IS_ON, False)
