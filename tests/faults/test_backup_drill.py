"""Backups made while people save, and one that is restored elsewhere and served."""

import json
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlmodel import select

from db.auth_sessions import start_session
from db.backup import back_up
from db.connections import open_engine
from db.engine import Database, reading, writing
from db.models import DailyReportRevisionRow, DailyReportRow
from db.own_data import own_data
from db.reports import save_report
from db.restore import restore
from exchange.records import record_json
from recovery.backups import size_words
from recovery.errors import RecoveryError
from tests.factories import days_ago, saving
from tests.faults.figures import note_figures
from tests.servers import started
from tests.small_clinic import SmallClinic, make_small_clinic
from web.paths import MY_RECORD

pytestmark = pytest.mark.faults

COPIES = 20


def _made(file: Path, template: Path) -> tuple[Database, SmallClinic]:
    shutil.copy(template, file)
    database = Database(open_engine(f"sqlite:///{file}"))
    return database, make_small_clinic(database)


def _stored(file: Path) -> tuple[int, int]:
    """Return the newest version of the one day in *file*, and how many past ones it has."""
    copy = Database(open_engine(f"sqlite:///{file}"))
    with reading(copy) as session:
        version = sum(session.exec(select(DailyReportRow.version)))
        past = len(session.exec(select(DailyReportRevisionRow.version)).all())
    copy.engine.dispose()
    return version, past


@contextmanager
def _somebody_saving(database: Database, clinic: SmallClinic) -> Iterator[list[int]]:
    """Save one version of a day after another without a pause, and tell which were stored."""
    acknowledged: list[int] = []
    ended = threading.Event()

    def save_on_and_on() -> None:
        while not ended.is_set():
            version = len(acknowledged)
            press = saving(
                expected_version=version, idempotency_key=uuid4(), note=f"version {version}"
            )
            with writing(database) as session:
                save_report(session, clinic.own, press)
            acknowledged.append(version + 1)

    with ThreadPoolExecutor(1) as thread:
        saving_on = thread.submit(save_on_and_on)
        try:
            yield acknowledged
        finally:
            ended.set()
        saving_on.result()


@pytest.mark.usefixtures("frozen_clock")
def test_copies_made_while_somebody_saves(sqlite_template: Path, tmp_path: Path) -> None:
    """Each is whole, and holds what was acknowledged before it was begun and nothing unbegun."""
    database, clinic = _made(tmp_path / "mendline.db", sqlite_template)
    lost = half = 0
    with _somebody_saving(database, clinic) as acknowledged:
        for number in range(COPIES):
            before = len(acknowledged)
            made = back_up(database, tmp_path / f"copy-{number}.db")
            after = len(acknowledged) + 1
            made.checked.refuse_faults()
            version, past = _stored(made.file)
            lost += max(0, before - version)
            half += version > after or past != max(0, version - 1)
    database.engine.dispose()

    figures = note_figures(
        "backup while somebody saves without a pause, SQLite",
        tried=COPIES,
        acknowledged=COPIES,
        lost=lost,
        half=half,
        remark=f"{len(acknowledged)} saves meanwhile; copies of {size_words(made.size_bytes)}",
    )
    assert len(acknowledged) > COPIES
    assert (figures.lost, figures.half) == (0, 0)


def _without_time(text: str) -> dict[str, object]:
    """Return a record without when it was taken, and the sign-in that it was taken by."""
    record: dict[str, object] = json.loads(text)
    del record["taken_at"], record["sign_ins"]
    return record


def test_a_restored_backup_is_served_with_the_same_record(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """Into a folder that had another database; a patient takes away the same, byte for byte."""
    database, clinic = _made(tmp_path / "mendline.db", sqlite_template)
    with writing(database) as session:
        for ago in range(3):
            day = days_ago(ago)
            press = saving(day=day, today=days_ago(0), note="canary", now=datetime.now(UTC))
            save_report(session, clinic.own, press)
    made = back_up(database, tmp_path / "copy.db")
    with writing(database) as session:
        expected = _without_time(record_json(own_data(session, clinic.own, datetime.now(UTC))))
    database.engine.dispose()

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other, _ = _made(elsewhere / "mendline.db", sqlite_template)
    other.engine.dispose()
    assert restore(elsewhere / "mendline.db", made.file, datetime.now(UTC)).kept is not None

    url = f"sqlite:///{elsewhere / 'mendline.db'}"
    restored = Database(open_engine(url))
    with writing(restored) as session:
        patient = clinic.patient
        token = start_session(session, patient.account_id, patient.role, datetime.now(UTC))
    restored.engine.dispose()
    with started(tmp_path, settings={"MENDLINE_DATABASE_URL": url}) as server:
        answer = httpx.get(
            f"{server.url}{MY_RECORD}", cookies={"mendline_session": token}, timeout=30
        )
        # Nobody puts another database under a server that runs.
        with pytest.raises(RecoveryError, match="in use"):
            restore(elsewhere / "mendline.db", made.file, datetime.now(UTC))

    assert answer.status_code == 200
    assert _without_time(answer.text) == expected
    assert "canary" in answer.text
