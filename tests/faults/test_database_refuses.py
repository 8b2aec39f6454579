"""A disk that is full or read-only, a database that others hold: refused whole, and later stored."""

import os
import random
import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

import db.connections
from db.backup import back_up
from db.backup_faults import NoRoom
from db.connections import open_engine
from db.engine import Database, reading, writing
from db.models import AuditRow, DailyReportRevisionRow, DailyReportRow
from db.reports import save_report
from recovery.access import PatientAccess
from recovery.errors import DatabaseUnavailable
from tests.factories import TODAY, make_patient, make_patient_actor, saving
from tests.faults.figures import Figures, note_figures
from tests.faults.small_disk import mounted
from tests.small_clinic import SmallClinic, make_small_clinic

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("frozen_clock")]

NOTE = "x" * 1_900
WRITERS = 4
SAVES = 8
ROOM_FOR_SOME = 400_000
FULL = "The disk of the server is full. Tell the clinic, and try again later."
BUSY = "The database is busy. Nothing was lost: try again in a moment."


@contextmanager
def _opened(file: Path, template: Path) -> Iterator[tuple[Database, SmallClinic]]:
    shutil.copy(template, file)
    database = Database(open_engine(f"sqlite:///{file}"))
    try:
        yield database, make_small_clinic(database)
    finally:
        database.engine.dispose()


def _press(database: Database, own: PatientAccess, version: int, key: UUID | None = None) -> None:
    """Save the same day once more, as its next version."""
    press = saving(
        note=f"{version} {NOTE}", expected_version=version, idempotency_key=key or uuid4()
    )
    with writing(database) as session:
        save_report(session, own, press)


def _versions(database: Database, own: PatientAccess) -> Counter[str]:
    """Count what is stored of the saves of one day: the report, its past answers, the audit."""
    with reading(database) as session:
        reports = session.exec(select(DailyReportRow.version)).all()
        revisions = session.exec(select(sa.func.count()).select_from(DailyReportRevisionRow)).one()
        noted = session.exec(
            select(sa.func.count())
            .select_from(AuditRow)
            .where(
                AuditRow.patient_id == own.patient_id, col(AuditRow.action).startswith("report.")
            )
        ).one()
        damage = session.connection().exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    assert damage == "ok"
    return Counter(report=sum(reports), revisions=revisions, noted=noted)


def _saved_until_refused(database: Database, own: PatientAccess, most: int) -> tuple[int, str]:
    """Save one version after another, and return how many were stored and what was then said."""
    for version in range(most):
        try:
            _press(database, own, version)
        except DatabaseUnavailable as refusal:
            return version, str(refusal)
    raise AssertionError("nothing was refused")


def test_a_full_disk(sqlite_template: Path, tmp_path: Path) -> None:
    """What was refused is not there by half, all can be read, and with room it is stored."""
    with (
        mounted(tmp_path / "disk", megabytes=3) as disk,
        _opened(disk.folder / "mendline.db", sqlite_template) as (database, clinic),
    ):
        ballast = disk.fill()
        os.truncate(ballast, ballast.stat().st_size - ROOM_FOR_SOME)
        stored, said = _saved_until_refused(database, clinic.own, 3_000)
        found = _versions(database, clinic.own)
        with pytest.raises(NoRoom):
            back_up(database, disk.folder / "copy.db")
        ballast.unlink()
        _press(database, clinic.own, stored)
        after = _versions(database, clinic.own)

    figures = _noted("disk really full (tmpfs), SQLite", stored, found)
    assert said == FULL
    assert (figures.lost, figures.half) == (0, 0)
    assert after["report"] == after["noted"] == stored + 1


def test_a_disk_that_turns_read_only(sqlite_template: Path, tmp_path: Path) -> None:
    """As disks do that notice a fault, and a server that starts anew finds them."""
    with (
        mounted(tmp_path / "disk", megabytes=16) as disk,
        _opened(disk.folder / "mendline.db", sqlite_template) as (database, clinic),
    ):
        for version in range(3):
            _press(database, clinic.own, version)
        database.engine.dispose()
        disk.change("ro")
        with pytest.raises(DatabaseUnavailable, match=r"be (read|reached) now"):
            _press(database, clinic.own, 3)
        database.engine.dispose()
        disk.change("rw")
        found = _versions(database, clinic.own)
        _press(database, clinic.own, 3)
        after = _versions(database, clinic.own)

    figures = _noted("disk read-only (tmpfs), SQLite", 3, found)
    assert (figures.lost, figures.half) == (0, 0)
    assert after["report"] == after["noted"] == 4


def _noted(name: str, stored: int, found: Counter[str]) -> Figures:
    return note_figures(
        name,
        tried=stored + 1,
        acknowledged=stored,
        lost=stored - min(found["report"], stored),
        half=len({found["report"], found["noted"], found["revisions"] + min(1, found["report"])})
        - 1,
        remark="1 press refused, then stored",
    )


def test_others_hold_the_database_on_and_off(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is told that it is busy presses again, with the same key, until it is stored once."""
    monkeypatch.setattr(db.connections, "BUSY_TIMEOUT_MS", 5)
    file = tmp_path / "mendline.db"
    with _opened(file, sqlite_template) as (database, clinic):
        with writing(database) as session:
            people = [make_patient(session, clinic.clinician) for _ in range(WRITERS)]
            owns = [
                PatientAccess(
                    actor=make_patient_actor(session, each, f"patient-{number}"),
                    clinic_id=each.clinic_id,
                    patient_id=each.patient_id,
                )
                for number, each in enumerate(people)
            ]
        with _held_on_and_off(file), ThreadPoolExecutor(WRITERS) as threads:
            refused = sum(threads.map(lambda own: _insist(database, own), owns))
        found = [_days_of(database, own) for own in owns]

    stored = sum(reports for reports, _noted_acts in found)
    figures = note_figures(
        "database held by another process on and off, SQLite",
        tried=WRITERS * SAVES + refused,
        acknowledged=WRITERS * SAVES,
        lost=WRITERS * SAVES - stored,
        half=sum(reports != noted for reports, noted in found),
        remark=f"{refused} presses refused, each then stored",
    )
    assert refused > 0
    assert (figures.lost, figures.half) == (0, 0)


def _insist(database: Database, own: PatientAccess) -> int:
    """Save one version after another, each pressed until it is stored; return the refusals."""
    refused = 0
    for version in range(SAVES):
        key = uuid4()
        while not _is_stored(lambda key=key, version=version: _press(database, own, version, key)):  # type: ignore[misc]
            refused += 1
    return refused


def _is_stored(press: Callable[[], None]) -> bool:
    try:
        press()
    except DatabaseUnavailable as refusal:
        if str(refusal) != BUSY:
            raise
        return False
    return True


def _days_of(database: Database, own: PatientAccess) -> tuple[int, int]:
    """Return the version that one person's day has, and how many saves of it were noted."""
    with reading(database) as session:
        version = session.exec(
            select(DailyReportRow.version).where(
                DailyReportRow.created_by == own.actor.account_id, DailyReportRow.day == TODAY
            )
        ).one()
        noted = session.exec(
            select(sa.func.count())
            .select_from(AuditRow)
            .where(
                AuditRow.actor_id == own.actor.account_id,
                col(AuditRow.action).startswith("report."),
            )
        ).one()
    return version, noted


@contextmanager
def _held_on_and_off(file: Path) -> Iterator[None]:
    """Take the write lock for some milliseconds, again and again, until the block ends."""
    ended = threading.Event()

    def hold() -> None:
        chance = random.Random(7)
        connection = sqlite3.connect(file, isolation_level=None, timeout=5)
        while not ended.is_set():
            connection.execute("BEGIN IMMEDIATE")
            ended.wait(chance.uniform(0.01, 0.03))
            connection.execute("ROLLBACK")
            ended.wait(chance.uniform(0.005, 0.02))
        connection.close()

    with ThreadPoolExecutor(1) as thread:
        holding = thread.submit(hold)
        try:
            yield
        finally:
            ended.set()
        holding.result()
