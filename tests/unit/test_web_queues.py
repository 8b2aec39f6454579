"""Figures that are asked of the database: what waits, what ran, and the last backup."""

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.core import Metric

import db.engine
from db.backup_plan import set_plan
from db.engine import Database, open_engine, serve, writing
from db.jobs import BACKUP
from db.models import ONLY_PLAN, BackupPlanRow, JobRow
from recovery.backups import BackupPlan
from tests.told_figures import asked
from web.observing import queues
from web.observing.queues import DatabaseFigures

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_sqlite
def test_an_empty_installation_has_empty_queues(database: Database) -> None:
    """Every kind of reason is told from the start, so that a rule sees it rise from nothing."""
    told = asked()

    assert {key[1]: value for key, value in told.items() if key[0] == "mendline_ready"} == {
        "schema": 1,
        "database": 1,
        "secret key": 1,
        "disk": 1,
        "content": 1,
    }
    assert told[("mendline_alerts_untouched",)] == 0
    assert told[("mendline_alerts_oldest_untouched_seconds",)] == 0
    kinds = {key[1]: value for key, value in told.items() if key[0] == "mendline_alerts_open"}
    assert len(kinds) > 5
    assert set(kinds.values()) == {0}
    assert ("mendline_backup_age_seconds",) not in told
    assert told[("mendline_backup_planned",)] == 0


@on_sqlite
def test_jobs_and_the_last_backup_are_told(database: Database) -> None:
    """Before the first backup the plan's own age counts, so that none is missed for ever."""
    now = datetime.now(UTC)
    hours = timedelta(hours=1)
    with writing(database) as session:
        session.add(
            BackupPlanRow(
                id=ONLY_PLAN,
                hour=3,
                time_zone="UTC",
                folder="x",
                keep=7,
                changed_at=now - 30 * hours,
            )
        )
        session.add(JobRow(name="look", started_at=now, finished_at=now - hours, failed_at=now))
    before = asked()
    with writing(database) as session:
        session.add(JobRow(name=BACKUP, started_at=now - 2 * hours, finished_at=now - 2 * hours))
    after = asked()
    with writing(database) as session:
        session.get_one(JobRow, BACKUP).finished_at = now + 30 * hours
    wrong = asked()

    # Noted by a clock that was ahead: as little worth as one long past.
    assert wrong[("mendline_backup_age_seconds",)] == pytest.approx(30 * 3600, abs=60)
    assert before[("mendline_backup_age_seconds",)] == pytest.approx(30 * 3600, abs=60)
    assert after[("mendline_backup_age_seconds",)] == pytest.approx(2 * 3600, abs=60)
    assert after[("mendline_backup_planned",)] == 1
    succeeded = before["mendline_job_last_success_timestamp_seconds", "look"]
    assert succeeded == pytest.approx((now - hours).timestamp())
    assert before["mendline_job_failing", "look"] == 1
    assert after["mendline_job_failing", BACKUP] == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_plan_that_came_along_to_postgresql_is_never_late(database: Database) -> None:
    """Nobody keeps to it there, so an alarm on its age would never end."""
    with writing(database) as session:
        set_plan(session, BackupPlan(hour=2, time_zone="UTC", folder="/b", keep=3))

    told = asked()

    assert ("mendline_backup_age_seconds",) not in told
    assert told["mendline_ready", "database"] == 1


@on_sqlite
def test_a_database_that_is_away_is_told_as_that_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is opened, and when it went: fetching the figures still works."""
    monkeypatch.setattr(db.engine, "_current", None)
    assert asked()["mendline_ready", "database"] == 0
    away = serve(Database(open_engine("sqlite:////proc/none.db")))

    told = asked()

    assert told["mendline_ready", "database"] == 0
    assert told["mendline_ready", "content"] == 1
    assert not [key for key in told if key[0].startswith("mendline_alerts")]
    away.engine.dispose()


@on_sqlite
def test_the_database_is_asked_once_for_many_who_fetch(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several who fetch, or one who fetches each second, cost it nothing more."""
    looks: list[Database] = []

    def look(each: Database) -> list[Metric]:
        looks.append(each)
        return []

    monkeypatch.setattr(queues, "_look", look)
    told = DatabaseFigures()
    for _ in range(5):
        list(told.collect())

    assert looks == [database]
