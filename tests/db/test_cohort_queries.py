"""What a clinic's counts tell: curves, months, milestones, and of whose patients."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from db.cohorts import cohort_curve, outcomes_of
from db.counting import keep_outcome, outcome_in
from db.engine import Database, reading, writing
from db.models import (
    AssignmentRow,
    EpisodeOutcomeRow,
)
from db.outcomes import clinic_outcomes, list_treating, procedure_months
from db.patients import current_episode
from recovery.access import grant_clinic
from recovery.cohorts import EVER, MIN_PATIENTS, Period
from recovery.outcome_counts import outcomes_from, summed
from recovery.outcomes import Outcome, OutcomeQuery
from tests.factories import TODAY
from tests.recoveries import many_recoveries
from tests.small_clinic import SmallClinic


def test_without_reports_there_is_nothing_to_tell(database: Database, clinic: SmallClinic) -> None:
    """A clinic without a counted recovery has no curve, no months and no counts."""
    access = grant_clinic(clinic.clinician)
    with reading(database) as session:
        assert cohort_curve(session, access, "kyphoplasty") == []
        assert procedure_months(session, access, "kyphoplasty") is None
        found = clinic_outcomes(session, access, _query())
    assert (found.recoveries, found.curve, found.active) == (0, (), {})
    assert [each.reached for each in found.milestones] == [0]


def test_other_clinics_and_procedures_are_not_counted_in(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Twenty people of each do not make a curve of forty."""
    many_recoveries(database, clinic.clinician, MIN_PATIENTS)
    many_recoveries(database, other_clinic.clinician, MIN_PATIENTS)
    many_recoveries(database, clinic.clinician, MIN_PATIENTS, procedure="vertebroplasty")

    with reading(database) as session:
        days = cohort_curve(session, grant_clinic(clinic.clinician), "kyphoplasty")

    assert {day.n for day in days} == {MIN_PATIENTS}
    assert [day.p50 for day in days] == [8, 7, 7, 6, 5, 5, 4, 4, 3, 3, 10]


def test_nineteen_people_have_no_curve(database: Database, clinic: SmallClinic) -> None:
    """One fewer than enough."""
    many_recoveries(database, clinic.clinician, MIN_PATIENTS - 1)

    with reading(database) as session:
        assert cohort_curve(session, grant_clinic(clinic.clinician), "kyphoplasty") == []


def test_a_period_holds_whole_months(database: Database, clinic: SmallClinic) -> None:
    """The first and the last day of a month belong to it; those beside it do not."""
    for day in (date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 1)):
        many_recoveries(database, clinic.clinician, 10, procedure_date=day)
    september = Period(first=date(2026, 9, 1), last=date(2026, 9, 1))
    access = grant_clinic(clinic.clinician)

    with reading(database) as session:
        curve = cohort_curve(session, access, "kyphoplasty", september)
        found = clinic_outcomes(session, access, _query(period=september))
        months = procedure_months(session, access, "kyphoplasty")

    assert (curve[0].n, found.recoveries) == (20, 20)
    assert months == (date(2026, 8, 31), date(2026, 10, 1))


def test_one_clinicians_patients_are_counted_from_their_own_series(
    database: Database, clinic: SmallClinic
) -> None:
    """The same curve as from the counts, of fewer people, as who looks after them is now."""
    many_recoveries(database, clinic.clinician, MIN_PATIENTS, Outcome(series="222"))
    shared = many_recoveries(database, clinic.clinician, MIN_PATIENTS)
    with writing(database) as session:
        for each in shared:
            session.add(
                AssignmentRow(
                    clinic_id=each.clinic_id,
                    patient_id=each.patient_id,
                    account_id=clinic.assistant.account_id,
                    created_by=clinic.clinician.account_id,
                )
            )
    access = grant_clinic(clinic.clinician)
    with reading(database) as session:
        theirs = clinic_outcomes(session, access, _query(clinician_id=clinic.assistant.account_id))
        own = clinic_outcomes(session, access, _query(clinician_id=clinic.clinician.account_id))
        everybody = clinic_outcomes(session, access, _query())
        nobody = clinic_outcomes(session, access, _query(clinician_id=uuid4()))

    assert [day.p50 for day in theirs.curve] == [8, 7, 7, 6, 5, 5, 4, 4, 3, 3, 10]
    assert own.curve == everybody.curve
    assert (theirs.recoveries, own.recoveries, nobody.recoveries) == (20, 40, 0)


def test_outcomes_are_counted_by_milestone_day_and_percent(
    database: Database, clinic: SmallClinic
) -> None:
    """Reporting counts once the first 30 days are over; a milestone once its day has come."""
    many_recoveries(database, clinic.clinician, 3)
    old = many_recoveries(database, clinic.clinician, 2, procedure_date=TODAY - timedelta(days=30))
    with writing(database) as session:
        keep_outcome(session, current_episode(session, old[0]), Outcome(active_pod=9))

    with reading(database) as session:
        found = clinic_outcomes(session, grant_clinic(clinic.clinician), _query())

    [milestone] = found.milestones
    assert (milestone.reached, milestone.judged, milestone.important) == (5, 4, 4)
    assert found.active == {(4, True): 4, (9, False): 1}
    assert found.logged_days == {0: 1, 11: 1}
    assert found.brace_percents == {80: 4}


@pytest.mark.parametrize("today", [date(2026, 10, 1), date(2026, 10, 2), date(2026, 11, 29)])
def test_the_clinics_counts_tell_what_its_rows_tell(
    database: Database, clinic: SmallClinic, today: date
) -> None:
    """Whether 30 days are over is told by the day, also of a month in which it differs."""
    for number, began in enumerate(
        (date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2), date(2026, 10, 1))
    ):
        outcome = Outcome(responses="7s 14n", active_pod=number, logged_days=number)
        many_recoveries(database, clinic.clinician, number + 1, outcome, procedure_date=began)
    access = grant_clinic(clinic.clinician)

    for period in (EVER, Period(first=date(2026, 9, 1)), Period(last=date(2026, 9, 1))):
        asked = _query(period=period, today=today)
        with reading(database) as session:
            rows = session.exec(
                select(EpisodeOutcomeRow).where(*outcomes_of(access, "kyphoplasty", period, None))
            )
            of_rows = summed(((each.procedure_date, outcome_in(each)) for each in rows), asked)
            found = clinic_outcomes(session, access, asked)
        assert found == outcomes_from(of_rows, asked, found.curve)


def test_the_treating_staff_is_listed_by_name(database: Database, clinic: SmallClinic) -> None:
    """Neither patients nor administrators are."""
    with reading(database) as session:
        listed = list_treating(session, grant_clinic(clinic.clinician))

    assert listed == {
        clinic.assistant.account_id: "Assistant",
        clinic.clinician.account_id: "Clinician",
    }


def _query(**changes: object) -> OutcomeQuery:
    fields = {"procedure": "kyphoplasty", "milestone_days": (7,), "today": TODAY}
    return OutcomeQuery(**fields | changes)  # type: ignore[arg-type]
