"""The days on which the clinic expects a patient, beside the notes of visits."""

from datetime import date, timedelta

import streamlit as st

from db.clinic_values import clinic_values
from db.engine import Session, act, reading
from db.patients import renewed
from db.visits import list_planned_visits, plan_visit, unplan_visit
from recovery.access import PatientAccess
from recovery.errors import InvalidEntry
from recovery.milestones import FOLLOW_UP_DAYS, follow_up_day
from recovery.visits import MAX_DAYS_AHEAD, PlannedVisit
from ui.clock import now
from ui.presses import press_button, press_submit
from ui.procedure import procedure_of
from ui.recovery_view import Recovery
from ui.said import refusals_of, said_of, show_said_of
from ui.words import dated, short_day

SHOWN_BACK_DAYS = 30
"""How long a past visit can still be taken off, when the patient did not come."""


def ask_visit_plan(access: PatientAccess, recovery: Recovery) -> None:
    """List the planned visits, each to take off, and ask for another day."""
    with reading() as session:
        planned = list_planned_visits(session, access)
        offered = _offered(session, access, recovery, planned)
    today = recovery.today
    st.header("Planned visits", anchor=False)
    for each in planned:
        if (today - each.day).days <= SHOWN_BACK_DAYS:
            _show(access, each, today)
    with st.form(_key(access, "plan"), border=False):
        st.date_input(
            "Day of the next visit",
            value=offered,
            min_value=today,
            max_value=today + timedelta(days=MAX_DAYS_AHEAD),
            format="YYYY-MM-DD",
            key=_key(access, "planned-day"),
        )
        press_submit("Plan visit", _plan, access, today, key=_key(access, "plan-press"))
    show_said_of(_key(access, "plan"))


def _show(access: PatientAccess, visit: PlannedVisit, today: date) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(dated(visit.day))
        press_button(
            "Take off" if visit.day >= today else "Did not take place",
            _unplan,
            access,
            visit.day,
            key=_key(access, f"unplan-{visit.day}"),
        )


def _offered(
    session: Session, access: PatientAccess, recovery: Recovery, planned: list[PlannedVisit]
) -> date | None:
    """Return the clinic's own follow-up day while it lies ahead and nothing is planned."""
    episode = recovery.episode
    if any(each.day >= recovery.today for each in planned):
        return None
    if not procedure_of(episode.procedure).value(FOLLOW_UP_DAYS):
        return None
    pod = follow_up_day(clinic_values(session, access.actor, episode.procedure))
    day = None if pod is None else episode.procedure_date + timedelta(days=pod)
    return day if day is not None and day >= recovery.today else None


def _plan(access: PatientAccess, today: date) -> None:
    day = st.session_state[_key(access, "planned-day")]
    said = _key(access, "plan")
    with refusals_of(said):
        if not isinstance(day, date):
            raise InvalidEntry("Choose the day of the visit, then plan it.")
        at = now()
        # Asked again, since the access may have ended while the page stood open.
        act(
            lambda session: plan_visit(session, renewed(session, access), day, today=today, now=at),
            is_keyed=True,
        )
        # Empty for the next one: the day that was planned is listed now.
        st.session_state[_key(access, "planned-day")] = None
        said_of(said).what = f"The visit on {short_day(day)} is planned."


def _unplan(access: PatientAccess, day: date) -> None:
    said = _key(access, "plan")
    with refusals_of(said):
        act(lambda session: unplan_visit(session, renewed(session, access), day))
        said_of(said).what = f"The visit on {short_day(day)} is taken off."


def _key(access: PatientAccess, part: str) -> str:
    # Each patient's own, so that nothing chosen for one ever shows with another.
    return f"visit-{part}-{access.patient_id}"
