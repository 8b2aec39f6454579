"""What ``python -m db scale`` wrote is what the app's own functions would have kept."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from content.shelf import rules_for
from db.audit_check import find_break
from db.bulk import hurried
from db.cli_scale import plan_of
from db.counting import outcome_in
from db.engine import Database, open_engine, reading, writing
from db.judging import Judging, judge_days, read_log
from db.models import (
    AccountRow,
    AlertRow,
    AssignmentRow,
    CohortCountRow,
    ConsentRow,
    DailyReportRow,
    EpisodeOutcomeRow,
    EpisodeReasonRow,
    EpisodeRow,
    EpisodeStatusRow,
    OutcomeCountRow,
    PatientRow,
)
from db.review import list_episodes
from db.scale import ScaledClinic, fill_scale
from recovery.access import Actor, Role, grant_clinic
from recovery.cohorts import counted
from recovery.days import today_in
from recovery.errors import InvalidEntry
from recovery.outcome_counts import counted_in
from recovery.outcomes import outcome_of
from recovery.review import ReviewQuery
from tests.factories import NOW, ZONE
from tests.small_clinic import make_small_clinic

_PATIENTS, _DAYS, _CLINICS = 50, 12, 2
_FIRST = 15
"""Different people of each clinic; the others are copies."""

Filled = tuple[Database, list[ScaledClinic]]


@pytest.fixture
def filled(database: Database) -> Filled:
    """Fill two clinics, each with copies of its first people."""
    asked = plan_of(_PATIENTS, _DAYS, _CLINICS)
    plan = replace(asked, now=NOW, originals_each=_FIRST, spread_days=60)
    told: list[int] = []
    clinics = fill_scale(database, plan, told.append)
    assert told == sorted(told)
    assert told[-1] == _PATIENTS
    return database, clinics


def test_what_was_filled_is_what_the_app_would_keep(filled: Filled) -> None:
    """Counts, outcomes, review rows and alerts follow from the reports, also those of copies."""
    database, clinics = filled
    with reading(database) as session:
        checked = find_break(session)
    assert checked.broken is None
    assert checked.entries > _PATIENTS
    with reading(database) as session:
        _check_sizes(session, clinics)
        _check_counts(session)
        _check_first_person(session, clinics)
        assert _broken_keys(session) == []
    with writing(database) as session:
        _check_everybody_is_found(session, clinics)
    _check_judging_changes_nothing(database)


def _check_sizes(session: Session, clinics: list[ScaledClinic]) -> None:
    assert [_count(session, PatientRow, each) for each in clinics] == [25, 25]
    for table in (AccountRow, ConsentRow, AssignmentRow):
        key: Any = col(table.patient_id)
        people = list(session.scalars(sa.select(key).where(key.is_not(None))))
        assert len(set(people)) == len(people) == _PATIENTS
    reports = session.exec(select(sa.func.count()).select_from(DailyReportRow)).one()
    assert 0.6 * _PATIENTS * _DAYS < reports < 1.4 * _PATIENTS * _DAYS


def _check_counts(session: Session) -> None:
    counts: Counter[tuple[Any, ...]] = Counter()
    came_to: Counter[tuple[Any, ...]] = Counter()
    for episode in session.exec(select(EpisodeRow)).all():
        outcome = _outcome(session, episode)
        month = episode.procedure_date.replace(day=1)
        for (pod, score), number in counted([outcome.series]).items():
            counts[episode.clinic_id, episode.procedure, month, pod, score] += number
        for measure, value in counted_in(outcome_in(outcome), episode.procedure_date):
            came_to[episode.clinic_id, episode.procedure, measure, month, value] += 1
    kept = session.exec(select(CohortCountRow)).all()
    assert counts == {
        (each.clinic_id, each.procedure, each.month, each.pod, each.score): each.number
        for each in kept
    }
    kept_outcomes = session.exec(select(OutcomeCountRow)).all()
    assert came_to == {
        (each.clinic_id, each.procedure, each.measure, each.month, each.value): each.number
        for each in kept_outcomes
    }


def _check_first_person(session: Session, clinics: list[ScaledClinic]) -> None:
    """Whoever is measured has a log of the same length at any size."""
    for clinic in clinics:
        status = session.exec(
            select(EpisodeStatusRow).where(EpisodeStatusRow.patient_id == clinic.patient_id)
        ).one()
        rows = session.exec(
            select(DailyReportRow).where(DailyReportRow.episode_id == status.episode_id)
        ).all()
        assert len(rows) == _DAYS
        assert (today_in(ZONE, NOW) - max(row.day for row in rows)).days == 1


def _check_everybody_is_found(session: Session, clinics: list[ScaledClinic]) -> None:
    newest = session.exec(select(PatientRow).order_by(col(PatientRow.id).desc())).first()
    assert newest is not None
    access = _access(newest.clinic_id, clinics)
    page = list_episodes(session, access, ReviewQuery(search=newest.name), NOW)
    assert [row.patient_id for row in page.rows] == [newest.id]


def _check_judging_changes_nothing(database: Database) -> None:
    """The app's own judging finds every alert, reason, review row and outcome as it is."""
    with reading(database) as session:
        before = _state(session)
        episodes = session.exec(select(EpisodeRow)).all()
    assert before["alert"]
    assert before["reason"]
    with writing(database) as session:
        for episode in episodes:
            rules = rules_for(episode.procedure, shares_augmentation_curve=True)
            today = today_in(ZONE, NOW)
            judge_days(session, episode, Judging(rules=rules, now=NOW), [today])
    with reading(database) as session:
        assert _state(session) == before


def test_a_database_with_patients_is_left_alone(database: Database) -> None:
    """Nothing made up gets among people who are there already."""
    make_small_clinic(database)

    with pytest.raises(InvalidEntry, match="holds patients already"):
        fill_scale(database, plan_of(1, 1), lambda _done: None)


@pytest.mark.parametrize(
    ("patients", "days", "clinics"), [(0, 9, 1), (3, 0, 1), (3, 401, 1), (1, 9, 2)]
)
def test_sizes_that_make_no_sense_are_refused(patients: int, days: int, clinics: int) -> None:
    """Each clinic has somebody, and each of them some days."""
    with pytest.raises(InvalidEntry, match="Give"):
        plan_of(patients, days, clinics)


def test_the_settings_of_a_fast_connection_are_set_back(tmp_path: Path) -> None:
    """Whoever writes next waits for the disk again, on the very same connection."""
    engine = open_engine(f"sqlite:///{tmp_path / 'mendline.db'}")
    names = ("synchronous", "cache_size", "temp_store")
    with engine.connect() as connection:
        before = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    with hurried(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 0
    with engine.connect() as connection:
        after = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    engine.dispose()
    assert after == before


def _outcome(session: Session, episode: EpisodeRow) -> EpisodeOutcomeRow:
    """Return what is kept of an episode, which has to be what its reports say."""
    log, worst = read_log(session, episode)
    rules = rules_for(episode.procedure, shares_augmentation_curve=True)
    row = session.get_one(EpisodeOutcomeRow, (episode.clinic_id, episode.id))
    expected = outcome_of(log, rules.milestone_days)
    assert {name: getattr(row, name) for name in expected.__dataclass_fields__} == {
        name: getattr(expected, name) for name in expected.__dataclass_fields__
    }
    status = session.get_one(EpisodeStatusRow, (episode.clinic_id, episode.id))
    if log.days:
        assert (status.last_day, status.last_worst_pain_nrs) == (log.days[-1].day, worst)
    return row


def _state(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Return all that judging keeps, in an order of its own."""
    tables: dict[str, type[SQLModel]] = {
        "status": EpisodeStatusRow,
        "alert": AlertRow,
        "reason": EpisodeReasonRow,
        "outcome": EpisodeOutcomeRow,
        "count": CohortCountRow,
        "outcome count": OutcomeCountRow,
    }
    return {name: sorted(_rows(session, table), key=str) for name, table in tables.items()}


def _rows(session: Session, table: type[SQLModel]) -> Iterator[dict[str, Any]]:
    return (row.model_dump() for row in session.exec(select(table)).all())


def _count(session: Session, table: Any, clinic: ScaledClinic) -> int:
    of_clinic = col(table.clinic_id) == clinic.clinic_id
    return session.exec(select(sa.func.count()).select_from(table).where(of_clinic)).one()


def _broken_keys(session: Session) -> list[Any]:
    if session.get_bind().dialect.name == "postgresql":
        return []  # it checked each row as it came
    return list(session.connection().exec_driver_sql("PRAGMA foreign_key_check"))


def _access(clinic_id: Any, clinics: list[ScaledClinic]) -> Any:
    clinic = next(each for each in clinics if each.clinic_id == clinic_id)
    return grant_clinic(
        Actor(
            account_id=clinic.clinician_id,
            clinic_id=clinic.clinic_id,
            role=Role.CLINICIAN,
            display_name="Clinician",
            patient_id=None,
            session_id=clinic.patient_id,
        )
    )
