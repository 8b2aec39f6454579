"""The questions that enrol a patient."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import streamlit as st

from content.procedures import Procedure, Question
from content.rendering import range_sentence
from recovery.episodes import LEVELS, BracePlan, Enrolment
from recovery.errors import InvalidEntry
from recovery.reports import MAX_BRACE_HOURS
from recovery.settings import ClinicSettings
from ui.pain_scale import pain_scale
from ui.words import plain_number
from ui.zones import zone_choices

BRACE_WEEKS = "brace_weeks"
_FIRST_DAY = date(1900, 1, 1)
_Brace = tuple[float | None, object, object]
_NO_BRACE: _Brace = (None, None, None)


def ask_enrolment(
    patient_id: UUID,
    procedure: Procedure | None,
    settings: ClinicSettings,
    advice: Mapping[str, float],
    today: date,
) -> Enrolment | None:
    """
    Ask for a new patient and return the answers once the form is sent.

    Args:
        patient_id: Of the patient that the form enrols.
        procedure: What was chosen above the form, which asks only what belongs to it.
        settings: The clinic's.
        advice: What the clinic decided for the procedure, by the name of the value.
        today: The clinic's day.

    Raises:
        InvalidEntry: Naming the answer that is missing or cannot be true.
    """
    asks_levels = procedure is not None and procedure.asks_levels
    with st.form("enrol"):
        name = st.text_input("Name", autocomplete="off")
        born = st.date_input(
            "Date of birth", value=None, min_value=_FIRST_DAY, max_value=today, format="YYYY-MM-DD"
        )
        done_on = st.date_input(
            "Date of the procedure", value=None, min_value=_FIRST_DAY, format="YYYY-MM-DD"
        )
        levels = st.multiselect("Treated levels", LEVELS) if asks_levels else []
        baseline = pain_scale("Pain before the procedure, if known", key=f"baseline-{patient_id}")
        brace = _ask_brace(procedure, advice)
        zones = zone_choices(settings.time_zone)
        zone_name = st.selectbox("Time zone of the patient", zones, index=0)
        is_sent = st.form_submit_button("Enrol", type="primary")
    if not is_sent:
        return None
    if procedure is None:
        raise InvalidEntry("Choose the procedure from the list.")
    return Enrolment(
        patient_id=patient_id,
        name=name or "",
        date_of_birth=_needed(born, "date of birth"),
        time_zone=zone_name or settings.time_zone,
        procedure=procedure.id,
        procedure_date=_needed(done_on, "date of the procedure"),
        treated_levels=tuple(levels),
        baseline_nrs=baseline,
        brace_plan=_plan(*brace),
    )


def _ask_brace(procedure: Procedure | None, advice: Mapping[str, float]) -> _Brace:
    if procedure is None or Question.BRACE not in procedure.questions:
        return _NO_BRACE
    st.markdown(f"**Brace.** Leave it empty when none was prescribed. {_hint(procedure, advice)}")
    hours = st.number_input(
        "Hours a day", min_value=0.0, max_value=float(MAX_BRACE_HOURS), value=None, step=0.5
    )
    begins = st.date_input("From", value=None, format="YYYY-MM-DD", key="brace-from")
    ends = st.date_input("To, if an end is set", value=None, format="YYYY-MM-DD", key="brace-to")
    return hours, begins, ends


def _hint(procedure: Procedure, advice: Mapping[str, float]) -> str:
    """Say for how long the clinic usually plans a brace, and what is documented."""
    value = procedure.value(BRACE_WEEKS)
    if value is None:
        return ""
    decided = advice.get(BRACE_WEEKS)
    usual = (
        "Your clinic has not decided how many weeks are usual."
        if decided is None
        else f"Usual weeks in your clinic: {plain_number(decided)}."
    )
    return f"{usual} {range_sentence(value)}"


def _plan(hours: float | None, begins: object, ends: object) -> BracePlan | None:
    if hours is None and begins is None and ends is None:
        return None
    if hours is None:
        raise InvalidEntry("Enter the brace hours a day, or empty the dates of the brace.")
    return BracePlan(
        hours_per_day=hours,
        from_date=_needed(begins, "first day of the brace"),
        to_date=ends if isinstance(ends, date) else None,
    )


def _needed(value: object, what: str) -> date:
    if not isinstance(value, date):
        raise InvalidEntry(f"Enter the {what}.")
    return value
