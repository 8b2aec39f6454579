"""Cohort counts: always what counting every report anew would give."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from content.shelf import rules_for
from db.cohorts import cohort_curve, outcomes_of
from db.counting import keep_outcome, outcome_in
from db.engine import Database, reading, writing
from db.erasure import erase_patient, request_erasure
from db.models import (
    NEVER,
    AssignmentRow,
    CohortCountRow,
    DailyReportRow,
    EpisodeOutcomeRow,
    EpisodeRow,
    EpisodeStatusRow,
    OutcomeCountRow,
)
from db.outcomes import clinic_outcomes, list_treating, procedure_months
from db.patients import authorize, current_episode
from db.reports import save_report
from db.sweep import sweep
from recovery.access import Actor, PatientAccess, grant_admin, grant_clinic
from recovery.cohorts import EVER, MIN_PATIENTS, Period
from recovery.days import post_procedure_day
from recovery.errors import StaleEntry
from recovery.outcome_counts import counted_in, outcomes_from, summed
from recovery.outcomes import Outcome, OutcomeQuery
from recovery.reports import ActivityLevel
from tests.db.acts import all_at_once
from tests.factories import NOW, TODAY, make_patient, make_patient_actor, saving
from tests.recoveries import many_recoveries
from tests.small_clinic import SmallClinic

Key = tuple[UUID, str, date, int, int]


def _stored(session: Session) -> Counter[Key]:
    rows = session.exec(select(CohortCountRow))
    return Counter(
        {(row.clinic_id, row.procedure, row.month, row.pod, row.score): row.number for row in rows}
    )


def _recounted(session: Session) -> Counter[Key]:
    """Count every report anew, straight from its row."""
    pairs = session.exec(
        select(DailyReportRow, EpisodeRow).join(
            EpisodeRow, col(EpisodeRow.id) == col(DailyReportRow.episode_id)
        )
    )
    return Counter(
        (
            episode.clinic_id,
            episode.procedure,
            episode.procedure_date.replace(day=1),
            post_procedure_day(episode.procedure_date, report.day),
            report.average_pain_nrs,
        )
        for report, episode in pairs
    )


def _check(database: Database, reports: int) -> None:
    with reading(database) as session:
        stored = _stored(session)
        assert stored == _recounted(session)
        assert stored.total() == reports
        assert _outcome_counts(session) == _outcomes_recounted(session)


def _outcome_counts(session: Session) -> Counter[tuple[Any, ...]]:
    rows = session.exec(select(OutcomeCountRow))
    return Counter(
        {
            (row.clinic_id, row.procedure, row.month, row.measure, row.value): row.number
            for row in rows
        }
    )


def _outcomes_recounted(session: Session) -> Counter[tuple[Any, ...]]:
    """Count every outcome anew, straight from its row."""
    return Counter(
        (row.clinic_id, row.procedure, row.procedure_date.replace(day=1), measure, value)
        for row in session.exec(select(EpisodeOutcomeRow))
        for measure, value in counted_in(outcome_in(row), row.procedure_date)
    )


def _new_patient(database: Database, clinician: Actor, number: int) -> PatientAccess:
    with writing(database) as session:
        access = make_patient(session, clinician, name=f"Birch {number}")
        actor = make_patient_actor(session, access, f"patient-{number}")
        return authorize(session, actor, access.patient_id)


def test_without_reports_there_is_nothing_to_tell(database: Database, clinic: SmallClinic) -> None:
    """A clinic without a counted recovery has no curve, no months and no counts."""
    access = grant_clinic(clinic.clinician)
    with reading(database) as session:
        assert cohort_curve(session, access, "kyphoplasty") == []
        assert procedure_months(session, access, "kyphoplasty") is None
        found = clinic_outcomes(session, access, _query())
    assert (found.recoveries, found.curve, found.active) == (0, (), {})
    assert [each.reached for each in found.milestones] == [0]


def test_counts_follow_saves_and_corrections(database: Database, clinic: SmallClinic) -> None:
    """New reports, late ones, a corrected pain and a correction of something else."""
    presses = [
        saving(average_pain_nrs=5),
        saving(day=TODAY - timedelta(days=1), average_pain_nrs=5),
        saving(average_pain_nrs=2, expected_version=1),
        saving(average_pain_nrs=2, expected_version=2, note="Better."),
    ]
    for reports, press in zip((1, 2, 2, 2), presses, strict=True):
        with writing(database) as session:
            save_report(session, clinic.own, press)
        _check(database, reports)
    with writing(database) as session:
        save_report(session, clinic.own, presses[0])
    _check(database, 2)


def test_a_refused_save_counts_nothing(database: Database, clinic: SmallClinic) -> None:
    """What is rolled back is in no count."""

    def save_twice() -> None:
        with writing(database) as session:
            save_report(session, clinic.own, saving())
            save_report(session, clinic.own, saving(expected_version=7, worst_pain_nrs=9))

    with pytest.raises(StaleEntry):
        save_twice()

    _check(database, 0)


def test_one_press_from_two_threads_counts_once(database: Database, clinic: SmallClinic) -> None:
    """However often the same press arrives at once."""
    press = saving()

    def save(_: int) -> None:
        with writing(database) as session:
            save_report(session, clinic.own, press)

    assert all_at_once(save, 4) == [None] * 4
    _check(database, 1)


def test_two_people_correct_across_each_other(database: Database, clinic: SmallClinic) -> None:
    """One goes from 3 to 6 while the other goes from 6 to 3: neither waits for the other for good."""
    people = [_new_patient(database, clinic.clinician, number) for number in range(4)]
    pains = [3, 6, 3, 6]
    for own, pain in zip(people, pains, strict=True):
        with writing(database) as session:
            save_report(session, own, saving(worst_pain_nrs=7, average_pain_nrs=pain))

    def correct(number: int) -> None:
        for turn in range(1, 4):
            pain = 9 - pains[number] if turn % 2 else pains[number]
            press = saving(worst_pain_nrs=9, average_pain_nrs=pain, expected_version=turn)
            with writing(database) as session:
                save_report(session, people[number], press)

    assert all_at_once(correct, 4) == [None] * 4
    _check(database, 4)


def test_an_erased_person_is_in_no_count(database: Database, clinic: SmallClinic) -> None:
    """The person's scores go, also where they were the only ones; the others' stay."""
    other = _new_patient(database, clinic.clinician, 1)
    with writing(database) as session:
        save_report(session, clinic.own, saving(average_pain_nrs=3))
        save_report(session, other, saving(average_pain_nrs=3))
        save_report(session, clinic.own, saving(day=TODAY - timedelta(days=1), average_pain_nrs=1))
        request_erasure(session, clinic.own, NOW)
    with writing(database) as session:
        erase_patient(session, grant_admin(clinic.administrator), clinic.own.patient_id)

    _check(database, 1)
    with reading(database) as session:
        [row] = session.exec(select(EpisodeOutcomeRow))
        assert row.patient_id == other.patient_id
        assert [count.number for count in session.exec(select(CohortCountRow))] == [1]
        assert {count.number for count in session.exec(select(OutcomeCountRow))} == {1}


def test_the_sweep_counts_who_was_never_counted(database: Database, clinic: SmallClinic) -> None:
    """A database from before the counts fills them at the first look at the clock, once."""
    with writing(database) as session:
        save_report(session, clinic.own, saving())
    with writing(database) as session:
        session.exec(sa.delete(CohortCountRow))
        session.exec(sa.delete(OutcomeCountRow))
        session.exec(sa.delete(EpisodeOutcomeRow))
        session.exec(sa.update(EpisodeStatusRow).values(judge_on=NEVER))

    for _ in range(2):
        sweep(database, rules_for, NOW)
        _check(database, 1)


def test_counts_are_never_changed_without_a_commit(database: Database, clinic: SmallClinic) -> None:
    """A session that only reads could not keep them."""
    with reading(database) as session, pytest.raises(ValueError, match="writing"):
        keep_outcome(session, current_episode(session, clinic.own), Outcome(series="5"))


def test_a_report_is_summed_up_for_its_recovery(database: Database, clinic: SmallClinic) -> None:
    """Pain, activity and the brace of each day reach the row in the transaction of the report."""
    for back in (2, 1, 0):
        day = TODAY - timedelta(days=back)
        press = saving(day=day, brace_hours=4, activity=ActivityLevel.USUAL_DAY)
        with writing(database) as session:
            save_report(session, clinic.own, press)

    with reading(database) as session:
        [row] = session.exec(select(EpisodeOutcomeRow))
    assert (row.series, row.logged_days) == ("........333", 3)
    assert (row.active_pod, row.is_active_again, row.brace_percent) == (8, True, None)


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
