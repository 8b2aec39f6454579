"""Outcomes: how the clinic's own recoveries went, beside what is documented."""

import streamlit as st

from content.shelf import course_for
from db.clinics import clinic_settings
from db.engine import reading
from db.outcomes import clinic_outcomes, counted_procedures, list_treating
from recovery.access import Role, grant_clinic
from recovery.cohorts import MIN_PATIENTS
from recovery.days import today_in
from recovery.errors import InvalidEntry
from recovery.outcomes import OutcomeQuery
from ui.clock import now
from ui.outcome_filters import choose_clinician, choose_counted, choose_period
from ui.outcomes_view import show_outcomes
from ui.procedure_choice import by_service
from ui.who import require_actor

actor = require_actor(Role.CLINICIAN, Role.ASSISTANT)
access = grant_clinic(actor)

st.title("Outcomes", anchor=False)
with reading(is_heavy=True) as session:
    settings = clinic_settings(session, actor)
    counted = counted_procedures(session, access, [each.id for each in by_service()])
    names = list_treating(session, access)
if not counted:
    st.info("No recovery is counted yet. Enrol the first patient to begin.")
    st.stop()
procedure = choose_counted([each for each in by_service() if each.id in counted])
with st.container(horizontal=True, vertical_alignment="bottom"):
    try:
        period = choose_period(counted[procedure.id])
    except InvalidEntry as refusal:
        st.error(str(refusal))
        st.stop()
    clinician_id = choose_clinician(names)
query = OutcomeQuery(
    procedure=procedure.id,
    milestone_days=procedure.milestone_days,
    today=today_in(settings.time_zone, now()),
    period=period,
    clinician_id=clinician_id,
)
with reading(is_heavy=True) as session:
    outcomes = clinic_outcomes(session, access, query)
if outcomes.recoveries < MIN_PATIENTS:
    st.info(
        f"Fewer than {MIN_PATIENTS} patients match, so nothing is shown: single patients could be "
        "told apart. Choose a longer period, or everybody's patients."
    )
    st.stop()
st.markdown(f"{outcomes.recoveries:,} patients match. A figure that rests on few is left out.")
course = course_for(procedure.id, shares_augmentation_curve=settings.shares_augmentation_curve)
show_outcomes(outcomes, course, f"mendline-{procedure.id}")
