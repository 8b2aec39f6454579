"""Cohort counts: always what counting every report anew would give."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from content.shelf import rules_for
from db.counting import keep_outcome, outcome_in
from db.engine import Database, reading, writing
from db.erasure import erase_patient, request_erasure
from db.models import (
    NEVER,
    CohortCountRow,
    DailyReportRow,
    EpisodeOutcomeRow,
    EpisodeRow,
    EpisodeStatusRow,
    OutcomeCountRow,
)
from db.patients import authorize, current_episode
from db.reports import save_report
from db.sweep import sweep
from recovery.access import Actor, PatientAccess, grant_admin
from recovery.days import post_procedure_day
from recovery.errors import StaleEntry
from recovery.outcome_counts import counted_in
from recovery.outcomes import Outcome
from recovery.reports import ActivityLevel
from tests.db.acts import all_at_once
from tests.factories import NOW, TODAY, make_patient, make_patient_actor, saving
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
    with pytest.raises(StaleEntry), writing(database) as session:
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
