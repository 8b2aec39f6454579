"""What judging a new report adds to the transaction that saves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import sqlalchemy as sa
from sqlmodel import col

from benchmarks import serving
from benchmarks.clinic import ZONE, fill
from benchmarks.results import Result
from content.shelf import rules_for
from db.engine import Database, reading, writing
from db.judging import judge_days
from db.models import DailyReportRow
from db.reports import Saving, save_report
from recovery.access import PatientAccess
from recovery.days import today_in
from recovery.reports import DailyReport

SAVES = 60
LOGS = (30, 90, 365)
_MILLISECONDS = 1_000


def judging() -> list[Result]:
    """Save and correct one day again and again, and time what judging takes of each."""
    results = []
    for days in LOGS:
        with serving.empty_database() as (_, database):
            today = today_in(ZONE, datetime.now(UTC))
            access = fill(database, patients=1, days=days).own_access()
            with _timed() as taken:
                for number in range(SAVES):
                    _save(database, access, number, today)
            floor = [_bare_read(database, access) for _ in range(SAVES)]
        results.append(
            Result(
                what=f"judging inside a save, {days} days logged",
                values=taken,
                unit="ms",
                floor=floor,
                aim="5 ms",
            )
        )
    return results


def _save(database: Database, access: PatientAccess, number: int, today: date) -> None:
    saving = Saving(
        report=DailyReport(day=today, worst_pain_nrs=5 + number % 5, average_pain_nrs=number % 5),
        expected_version=number,
        idempotency_key=uuid4(),
        today=today,
        now=datetime.now(UTC),
        rules=rules_for("kyphoplasty", shares_augmentation_curve=True),
    )
    with writing(database) as session:
        save_report(session, access, saving)


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Collect the milliseconds of each judging for as long as the block lasts."""
    taken: list[float] = []

    def timed(*given: Any) -> Any:
        began = perf_counter()
        row = judge_days(*given)
        given[0].flush()
        taken.append((perf_counter() - began) * _MILLISECONDS)
        return row

    with patch("db.reports.judge_days", timed):
        yield taken


def _bare_read(database: Database, access: PatientAccess) -> float:
    """Read the bytes that judging reads of the log, and nothing else."""
    table = DailyReportRow
    began = perf_counter()
    with reading(database) as session:
        statement = sa.select(
            col(table.day),
            col(table.average_pain_nrs),
            col(table.brace_hours),
            col(table.medicine),
            col(table.medicine_times),
            col(table.warning_signs),
            col(table.activity),
        ).where(col(table.clinic_id) == access.clinic_id)
        session.connection().execute(statement).all()
    return (perf_counter() - began) * _MILLISECONDS
