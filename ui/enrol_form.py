"""The questions that enrol a patient."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from uuid import UUID

import streamlit as st

from content.procedures import Procedure, Question
from content.rendering import range_sentence
from db.engine import act
from db.patients import enrol
from recovery.access import Role, grant_clinic
from recovery.episodes import LEVELS, BracePlan, Enrolment
from recovery.errors import InvalidEntry
from recovery.settings import ClinicSettings
from ui.clock import now
from ui.pain_scale import chosen_nrs, pain_scale
from ui.presses import press_submit
from ui.review_list import OPEN_PATIENT
from ui.said import refusals_of, show_said_of
from ui.shell import ask_for
from ui.who import present_actor
from ui.words import plain_number
from ui.zones import zone_choices

BRACE_WEEKS = "brace_weeks"
_FIRST_DAY = date(1900, 1, 1)
_BRACE = ("brace-hours", "brace-from", "brace-to")
_PRESSES, _ENROLLED = "enrol", "enrolled-patient-id"


def ask_enrolment(
    patient_id: UUID,
    procedure: Procedure | None,
    settings: ClinicSettings,
    advice: Mapping[str, float],
    today: date,
) -> None:
    """
    Ask for a new patient and enrol one on a press; refused, the answers stay in the form.

    Args:
        patient_id: Of the patient that the form enrols.
        procedure: What was chosen above the form, which asks only what belongs to it.
        settings: The clinic's.
        advice: What the clinic decided for the procedure, by the name of the value.
        today: The clinic's day.
    """
    key = partial(_key, patient_id)
    with st.form("enrol"):
        st.text_input("Name", autocomplete="off", key=key("name"))
        st.date_input(
            "Date of birth",
            value=None,
            min_value=_FIRST_DAY,
            max_value=today,
            format="YYYY-MM-DD",
            key=key("born"),
        )
        st.date_input(
            "Date of the procedure",
            value=None,
            min_value=_FIRST_DAY,
            format="YYYY-MM-DD",
            key=key("done"),
        )
        if procedure is not None and procedure.asks_levels:
            st.multiselect("Treated levels", LEVELS, key=key("levels"))
        pain_scale("Pain before the procedure, if known", key=key("baseline"))
        _ask_brace(procedure, advice)
        zones = zone_choices(settings.time_zone)
        st.selectbox("Time zone of the patient", zones, index=0, key=key("zone"))
        press_submit("Enrol", _press, patient_id, procedure, key="enrol-press", type="primary")
    show_said_of(_PRESSES)


def is_enrolled(patient_id: UUID) -> bool:
    """Tell whether the form of *patient_id* has enrolled its patient."""
    return st.session_state.get(_ENROLLED) == patient_id


def _press(patient_id: UUID, procedure: Procedure | None) -> None:
    """Enrol before the page is drawn, and open the patient's page next."""
    at = now()
    with refusals_of(_PRESSES):
        actor = present_actor(Role.CLINICIAN, Role.ASSISTANT)
        entered = _entered(patient_id, procedure)
        access = act(
            lambda session: enrol(session, grant_clinic(actor), entered, at), is_keyed=True
        )
        st.session_state[OPEN_PATIENT] = str(access.patient_id)
        st.session_state[_ENROLLED] = patient_id
        ask_for("clinician/patient.py")


def procedure_key(patient_id: UUID) -> str:
    """Return the key of the choice above the form."""
    return _key(patient_id, "procedure")


def _entered(patient_id: UUID, procedure: Procedure | None) -> Enrolment:
    """
    Return what stands in the form, which was drawn for *procedure*.

    Raises:
        InvalidEntry: Naming the answer that is missing or cannot be true.
    """
    typed, key = st.session_state, partial(_key, patient_id)
    chosen = typed.get(procedure_key(patient_id))
    if chosen is None:
        raise InvalidEntry("Choose the procedure from the list.")
    if procedure is None or procedure.id != chosen:
        # Chosen a moment before the press: the form was drawn for the one before.
        raise InvalidEntry("The questions below changed with the procedure. Look, then enrol.")
    return Enrolment(
        patient_id=patient_id,
        name=typed[key("name")] or "",
        date_of_birth=_needed(typed[key("born")], "date of birth"),
        time_zone=typed[key("zone")],
        procedure=procedure.id,
        procedure_date=_needed(typed[key("done")], "date of the procedure"),
        treated_levels=tuple(typed.get(key("levels"), ())),
        baseline_nrs=chosen_nrs(key("baseline")),
        brace_plan=_plan(*(typed.get(each) for each in _BRACE)),
    )


def _ask_brace(procedure: Procedure | None, advice: Mapping[str, float]) -> None:
    if procedure is None or Question.BRACE not in procedure.questions:
        return
    hours, begins, ends = _BRACE
    st.markdown(f"**Brace.** Leave it empty when none was prescribed. {_hint(procedure, advice)}")
    st.number_input(
        "Hours a day",
        # No bounds: the field would take back what is beyond them without a word of it.
        value=None,
        step=0.5,
        key=hours,
    )
    st.date_input("From", value=None, format="YYYY-MM-DD", key=begins)
    st.date_input("To, if an end is set", value=None, format="YYYY-MM-DD", key=ends)


def _key(patient_id: UUID, part: str) -> str:
    return f"enrol-{part}-{patient_id}"


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
