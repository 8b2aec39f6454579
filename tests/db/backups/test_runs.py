"""Backups by the plan: when one is made, which stay, and what stops them."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlmodel import select

import db.backup_plan
from db import backup_folder
from db.backup_check import check_copy
from db.backup_faults import (
    AuditBroken,
    FolderUnusable,
    NoRoom,
    RowsWithoutRecord,
)
from db.backup_job import back_up_when_due
from db.backup_plan import (
    mark_of,
)
from db.engine import Database, reading, writing
from db.jobs import JobState
from db.models import AuditHeadRow
from recovery.backups import RETRY_AFTER, copy_name
from tests.db.backups.plans import DAY, HOUR, names_in, plan_for, run_state, store_plan
from tests.factories import NOW, make_clinic
from tests.small_clinic import SmallClinic

pytestmark = pytest.mark.usefixtures("lasting_folders")


def test_without_a_plan_nothing_is_made(database: Database, tmp_path: Path) -> None:
    assert not back_up_when_due(database, NOW)
    assert list(tmp_path.rglob("*.db")) == [tmp_path / "mendline.db"]


def test_a_demo_is_not_backed_up(database: Database, folder: Path) -> None:
    store_plan(database, plan_for(folder))

    assert not back_up_when_due(Database(database.engine, is_demo=True), NOW)
    assert names_in(folder) == []


def test_one_copy_a_day_and_the_newest_stay(
    database: Database, clinic: SmallClinic, folder: Path
) -> None:
    """Whole ones, named with the installation's mark; its state says which and how large."""
    store_plan(database, plan_for(folder))
    times = (NOW, NOW + HOUR * 3, NOW + DAY, NOW + DAY * 2)

    assert [back_up_when_due(database, at) for at in times] == [True, False, True, True]

    with reading(database) as session:
        mark = mark_of(session)
    assert names_in(folder) == [copy_name(mark, NOW + DAY), copy_name(mark, NOW + DAY * 2)]
    for name in names_in(folder):
        check_copy(folder / name).refuse_faults()
    state = run_state(database)
    assert state.finished_at == NOW + DAY * 2
    assert state.detail.startswith(f"{copy_name(mark, NOW + DAY * 2)}, ")
    assert state.detail.endswith(" MB")


def test_a_disk_that_is_away_is_told_and_tried_again(database: Database, folder: Path) -> None:
    """Its folder is not made on another disk; after an hour it is looked for anew."""
    store_plan(database, plan_for(folder))
    away = folder.rename(folder.with_name("away"))

    with pytest.raises(FolderUnusable):
        back_up_when_due(database, NOW)
    failed = run_state(database)
    assert not folder.exists()
    away.rename(folder)
    assert not back_up_when_due(database, NOW + RETRY_AFTER - timedelta(seconds=1))
    assert back_up_when_due(database, NOW + RETRY_AFTER)

    assert (failed.is_failing, failed.failure) == (True, "FolderUnusable")
    assert not run_state(database).is_failing


def _break_audit(database: Database, step: int = 1) -> None:
    with writing(database) as session:
        for head in session.exec(select(AuditHeadRow)):
            head.number += step


def test_with_a_broken_audit_one_copy_a_day_is_kept_and_no_good_one_deleted(
    database: Database, clinic: SmallClinic, folder: Path
) -> None:
    """An older one may be the last that is good; the faulty ones do not fill the disk either."""
    store_plan(database, plan_for(folder, keep=2))
    assert back_up_when_due(database, NOW)
    good = names_in(folder)
    _break_audit(database)

    for day in range(1, 5):
        with pytest.raises(AuditBroken):
            back_up_when_due(database, NOW + DAY * day)
        for hour in (1, 2, 10):
            assert not back_up_when_due(database, NOW + DAY * day + HOUR * hour)

    with reading(database) as session:
        mark = mark_of(session)
    faulty = [copy_name(mark, NOW + DAY * day, is_faulty=True) for day in (3, 4)]
    assert names_in(folder) == sorted([*good, *faulty])
    assert (run_state(database).finished_at, run_state(database).failure) == (NOW, "AuditBroken")
    _break_audit(database, -1)
    assert back_up_when_due(database, NOW + DAY * 5)
    assert set(names_in(folder)) > {*good, *faulty}


def test_rows_without_their_record_are_as_faulty(
    database: Database, clinic: SmallClinic, folder: Path, tmp_path: Path
) -> None:
    """One copy that day, with the name of a faulty one."""
    store_plan(database, plan_for(folder))
    with closing(sqlite3.connect(tmp_path / "mendline.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DELETE FROM clinic")

    with pytest.raises(RowsWithoutRecord):
        back_up_when_due(database, NOW)
    assert not back_up_when_due(database, NOW + RETRY_AFTER)

    [name] = names_in(folder)
    assert name.endswith("-faulty.db")


def test_too_little_room_is_told_before_a_copy_is_begun(
    database: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice the file, since its own disk must not be filled; it is looked again in an hour."""
    store_plan(database, plan_for(folder))
    free = [2 * (tmp_path / "mendline.db").stat().st_size - 1]
    monkeypatch.setattr(backup_folder, "disk_usage", lambda _folder: SimpleNamespace(free=free[0]))

    with pytest.raises(NoRoom):
        back_up_when_due(database, NOW)
    assert names_in(folder) == []
    free[0] += 1

    assert back_up_when_due(database, NOW + RETRY_AFTER)


def test_keeping_fewer_makes_room(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would go after the next copy goes before it, and no more than that."""
    store_plan(database, plan_for(folder, keep=3))
    assert [back_up_when_due(database, NOW + DAY * day) for day in range(3)] == [True] * 3
    monkeypatch.setattr(
        backup_folder,
        "disk_usage",
        lambda _folder: SimpleNamespace(free=0 if len(names_in(folder)) > 1 else 10**12),
    )
    with pytest.raises(NoRoom):
        back_up_when_due(database, NOW + DAY * 3)
    assert len(names_in(folder)) == 3
    store_plan(database, plan_for(folder, keep=1))

    assert back_up_when_due(database, NOW + DAY * 3 + RETRY_AFTER)

    assert len(names_in(folder)) == 1


def test_a_clock_that_was_ahead_stops_nothing(
    database: Database, clinic: SmallClinic, folder: Path
) -> None:
    """Set right, a copy is made at once and stays; that of the wrong year is told, and stays."""
    store_plan(database, plan_for(folder, keep=1))
    assert back_up_when_due(database, NOW + DAY * 4_000)
    wrong = names_in(folder)

    assert [back_up_when_due(database, at) for at in (NOW, NOW + HOUR, NOW + DAY)] == [
        True,
        False,
        True,
    ]

    with reading(database) as session:
        mark = mark_of(session)
    assert names_in(folder) == [copy_name(mark, NOW + DAY), *wrong]
    assert run_state(database).detail.endswith(f"while the clock was wrong, such as {wrong[0]}")
    folder.rename(folder.with_name("away"))
    with pytest.raises(FolderUnusable):
        back_up_when_due(database, NOW + DAY * 2)
    assert run_state(database).is_failing


@pytest.mark.parametrize("outcome", ["finished_at", "failed_at"])
def test_the_last_run_tells_whether_it_fails(outcome: str) -> None:
    """Also where the other outcome was noted by a clock that was ahead; or while one runs."""
    times = {"finished_at": NOW + DAY, "failed_at": NOW + DAY} | {outcome: NOW}

    state = JobState(started_at=NOW, detail="", failure="", **times)

    assert state.is_failing is (outcome == "failed_at")
    under_way = replace(state, started_at=NOW + DAY * 2)
    assert under_way.is_failing is (outcome == "finished_at")


def test_what_was_cut_short_is_cleared_away(database: Database, folder: Path) -> None:
    """A part of this installation's; another's, and a copy by hand, may be under way."""
    with writing(database) as session:
        make_clinic(session)
    with reading(database) as session:
        mark = mark_of(session)
    store_plan(database, plan_for(folder))
    others = [f"{copy_name('ffffffff', NOW)}.part", "by-hand.db.part"]
    for name in (f"{copy_name(mark, NOW - DAY)}.part", *others):
        (folder / name).write_text("half")

    assert back_up_when_due(database, NOW)

    assert names_in(folder) == sorted([copy_name(mark, NOW), *others])


def test_a_restored_database_deletes_no_copy_of_the_machine_it_came_from(
    database: Database, clinic: SmallClinic, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even with the same path there, and a folder that both machines reach."""
    store_plan(database, plan_for(folder, keep=1))
    assert back_up_when_due(database, NOW)
    [real] = names_in(folder)
    begun = real.replace(".db", ".db.part").replace("T15", "T14")
    (folder / begun).write_text("under way")
    monkeypatch.setattr(db.backup_plan, "node", lambda: "drill")

    assert back_up_when_due(database, NOW + DAY)
    assert back_up_when_due(database, NOW + DAY * 2)

    assert {real, begun} < set(names_in(folder))
    assert len(names_in(folder)) == 3
