"""The plan of backups: who sets it, where the copies go, and what the server makes of it."""

import json
import os
import re
import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlmodel import col, select

import db.backup_plan
from db import backup_folder
from db.addresses import ROOT
from db.backup import back_up
from db.backup_check import check_copy
from db.backup_faults import (
    AuditBroken,
    FolderOpen,
    FolderUnmarked,
    FolderUnusable,
    NoRoom,
    RowsWithoutRecord,
)
from db.backup_folder import MARK_FILE, PASSING, remove_surplus, use_folder
from db.backup_job import back_up_when_due
from db.backup_plan import (
    change_plan,
    find_plan,
    mark_of,
    plan_of,
    remove_plan,
    set_plan,
    sets_plan,
)
from db.engine import Database, open_engine, reading, writing
from db.jobs import BACKUP, JobState, state_of
from db.models import AuditHeadRow, AuditRow
from recovery.access import grant_admin
from recovery.backups import RETRY_AFTER, BackupPlan, copy_name
from recovery.errors import InvalidEntry
from tests.factories import NOW, make_clinic
from tests.small_clinic import SmallClinic

pytestmark = pytest.mark.usefixtures("lasting_folders")

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Return the address of a fresh SQLite file; the other engine has its own backups."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'mendline.db')}"


@pytest.fixture
def folder(tmp_path: Path, lasting_folders: None) -> Path:
    """Return a folder that was chosen for backups, without any."""
    return use_folder(str(tmp_path / "backups"))


def _plan(folder: Path, **changes: object) -> BackupPlan:
    fields: dict[str, object] = {"hour": 2, "time_zone": "UTC", "folder": str(folder), "keep": 2}
    return BackupPlan(**fields | changes)  # type: ignore[arg-type]


def _set(database: Database, plan: BackupPlan) -> None:
    with writing(database) as session:
        set_plan(session, plan)


def _state(database: Database) -> JobState:
    with reading(database) as session:
        state = state_of(session, BACKUP)
    assert state is not None
    return state


def _names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.name != MARK_FILE)


def test_an_administrator_sets_it_for_the_only_clinic(
    database: Database, clinic: SmallClinic, folder: Path
) -> None:
    """It is noted with what it was before; the same again is no change."""
    access = grant_admin(clinic.administrator)
    for plan in (_plan(folder), _plan(folder), _plan(folder, hour=3)):
        with writing(database) as session:
            assert sets_plan(session, access)
            change_plan(session, access, plan)

    with reading(database) as session:
        stored = find_plan(session, access)
        noted = session.exec(
            select(AuditRow)
            .where(AuditRow.action == "backups.planned")
            .order_by(col(AuditRow.number))
        ).all()
    assert stored is not None
    assert stored.plan == _plan(folder, hour=3)
    assert [(row.actor_id, row.clinic_id) for row in noted] == [
        (clinic.administrator.account_id, clinic.clinic_id)
    ] * 2
    assert (json.loads(noted[1].old), json.loads(noted[1].new)) == ({"hour": 2}, {"hour": 3})


def test_of_several_clinics_none_chooses_for_the_others(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic, folder: Path
) -> None:
    """Whoever runs the server does, and that is noted in nobody's chain."""
    for each in (clinic, other_clinic):
        access = grant_admin(each.administrator)
        with writing(database) as session:
            assert not sets_plan(session, access)
            with pytest.raises(InvalidEntry, match="whoever runs the server"):
                change_plan(session, access, _plan(folder))

    _set(database, _plan(folder))

    with reading(database) as session:
        assert plan_of(session) is not None
        [noted] = session.exec(select(AuditRow).where(AuditRow.action == "backups.planned"))
    assert (noted.clinic_id, noted.actor_id) == (None, None)


def test_what_cannot_be_is_not_stored(
    database: Database, clinic: SmallClinic, folder: Path
) -> None:
    with pytest.raises(InvalidEntry, match="hour"), writing(database) as session:
        change_plan(session, grant_admin(clinic.administrator), _plan(folder, hour=24))

    with reading(database) as session:
        assert plan_of(session) is None


def test_a_plan_is_removed_once(database: Database, folder: Path) -> None:
    """Afterwards nothing is made."""
    _set(database, _plan(folder))
    with writing(database) as session:
        remove_plan(session)
    with pytest.raises(InvalidEntry, match="nothing to remove"), writing(database) as session:
        remove_plan(session)

    assert not back_up_when_due(database, NOW)
    assert _names(folder) == []


@pytest.mark.parametrize("below", ["", "static", "db/migrations", "data/../pages"])
def test_the_apps_own_files_are_no_place(below: str) -> None:
    """Nothing is made there."""
    with pytest.raises(InvalidEntry, match="outside of Mendline"):
        use_folder(str(ROOT / below / "copies" if below else ROOT))
    assert not (ROOT / below / "copies").exists()


@pytest.mark.parametrize("folder", ["copies", "~/copies", "./copies", "C:copies"])
def test_a_folder_is_named_from_the_root(folder: str) -> None:
    with pytest.raises(InvalidEntry, match="from the root"):
        use_folder(folder)


def test_a_link_into_the_apps_files_is_seen_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(ROOT / "pages")

    with pytest.raises(InvalidEntry, match="outside of Mendline"):
        use_folder(str(tmp_path / "link"))


def test_a_missing_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    """And left empty but for its mark, which is for people too; a second time changes nothing."""
    made = use_folder(f" {tmp_path / 'a' / 'b'} ")
    before = (made / MARK_FILE).read_text("utf-8")
    assert use_folder(str(made)) == made

    assert made == tmp_path / "a" / "b"
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert _names(made) == []
    assert (made / MARK_FILE).read_text("utf-8") == before
    assert before.startswith("Mendline keeps backups in this folder.")


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770, 0o702])
def test_a_folder_in_which_others_write_is_refused(
    database: Database, folder: Path, mode: int
) -> None:
    """When it is chosen, and each time before a copy is made; reading it does no harm."""
    _set(database, _plan(folder))
    folder.chmod(mode)
    with pytest.raises(InvalidEntry, match="Others can write"):
        use_folder(str(folder))
    with pytest.raises(FolderOpen):
        back_up_when_due(database, NOW)
    assert _names(folder) == []

    folder.chmod(0o755)

    assert use_folder(str(folder)) == folder
    assert back_up_when_due(database, NOW + RETRY_AFTER)


def test_a_folder_of_somebody_else_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)

    with pytest.raises(InvalidEntry, match="Others can write"):
        use_folder(str(folder))


@pytest.mark.parametrize("place", ["/tmp", "/var/tmp/backups", "/dev/shm/a/b", "/tmp/../tmp/a"])
def test_what_does_not_last_is_no_place(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Nothing is made there."""
    monkeypatch.setattr(backup_folder, "PASSING", PASSING)
    before = Path(place).exists()

    with pytest.raises(InvalidEntry, match="Choose one that lasts"):
        use_folder(place)

    assert Path(place).exists() is before


def test_a_link_is_followed_once_and_for_all(tmp_path: Path) -> None:
    """What a plan keeps is where it led then; one that leads to itself leads nowhere."""
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    assert use_folder(str(tmp_path / "link")) == tmp_path / "real"
    with pytest.raises(InvalidEntry, match="cannot write"):
        use_folder(str(tmp_path / "loop"))


def test_an_empty_mount_point_is_not_filled(database: Database, folder: Path) -> None:
    """Its disk is away, and with it the mark: the copies would fill the system's own."""
    _set(database, _plan(folder))
    disk = folder.rename(folder.with_name("disk"))
    folder.mkdir()

    with pytest.raises(FolderUnmarked):
        back_up_when_due(database, NOW)

    assert _names(folder) == []
    folder.rmdir()
    disk.rename(folder)
    assert back_up_when_due(database, NOW + RETRY_AFTER)


def test_a_folder_that_takes_no_file_is_refused(tmp_path: Path) -> None:
    """A file stands in its place, or above it."""
    (tmp_path / "file").write_text("")

    for wrong in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/copies")):
        with pytest.raises(InvalidEntry, match="cannot write"):
            use_folder(str(wrong))


def test_only_own_copies_are_deleted(folder: Path) -> None:
    """What cannot be is named, and the rest goes all the same."""
    own = [copy_name("0a1b2c3d", NOW + number * DAY) for number in range(4)]
    for name in (*own[1:], "notes.txt", copy_name("ffffffff", NOW)):
        (folder / name).write_text("")
    (folder / own[0]).mkdir()

    assert remove_surplus(folder, "0a1b2c3d", 1, newest_at=NOW + 3 * DAY) == [own[0]]
    assert _names(folder) == sorted([own[0], own[3], "notes.txt", copy_name("ffffffff", NOW)])


def test_without_a_plan_nothing_is_made(database: Database, tmp_path: Path) -> None:
    assert not back_up_when_due(database, NOW)
    assert list(tmp_path.rglob("*.db")) == [tmp_path / "mendline.db"]


def test_a_demo_is_not_backed_up(database: Database, folder: Path) -> None:
    _set(database, _plan(folder))

    assert not back_up_when_due(Database(database.engine, is_demo=True), NOW)
    assert _names(folder) == []


def test_one_copy_a_day_and_the_newest_stay(
    database: Database, clinic: SmallClinic, folder: Path
) -> None:
    """Whole ones, named with the installation's mark; its state says which and how large."""
    _set(database, _plan(folder))
    times = (NOW, NOW + HOUR * 3, NOW + DAY, NOW + DAY * 2)

    assert [back_up_when_due(database, at) for at in times] == [True, False, True, True]

    with reading(database) as session:
        mark = mark_of(session)
    assert _names(folder) == [copy_name(mark, NOW + DAY), copy_name(mark, NOW + DAY * 2)]
    for name in _names(folder):
        check_copy(folder / name).refuse_faults()
    state = _state(database)
    assert state.finished_at == NOW + DAY * 2
    assert state.detail.startswith(f"{copy_name(mark, NOW + DAY * 2)}, ")
    assert state.detail.endswith(" MB")


def test_a_disk_that_is_away_is_told_and_tried_again(database: Database, folder: Path) -> None:
    """Its folder is not made on another disk; after an hour it is looked for anew."""
    _set(database, _plan(folder))
    away = folder.rename(folder.with_name("away"))

    with pytest.raises(FolderUnusable):
        back_up_when_due(database, NOW)
    failed = _state(database)
    assert not folder.exists()
    away.rename(folder)
    assert not back_up_when_due(database, NOW + RETRY_AFTER - timedelta(seconds=1))
    assert back_up_when_due(database, NOW + RETRY_AFTER)

    assert (failed.is_failing, failed.failure) == (True, "FolderUnusable")
    assert not _state(database).is_failing


def _break_audit(database: Database, step: int = 1) -> None:
    with writing(database) as session:
        for head in session.exec(select(AuditHeadRow)):
            head.number += step


def test_with_a_broken_audit_one_copy_a_day_is_kept_and_no_good_one_deleted(
    database: Database, clinic: SmallClinic, folder: Path
) -> None:
    """An older one may be the last that is good; the faulty ones do not fill the disk either."""
    _set(database, _plan(folder, keep=2))
    assert back_up_when_due(database, NOW)
    good = _names(folder)
    _break_audit(database)

    for day in range(1, 5):
        with pytest.raises(AuditBroken):
            back_up_when_due(database, NOW + DAY * day)
        for hour in (1, 2, 10):
            assert not back_up_when_due(database, NOW + DAY * day + HOUR * hour)

    with reading(database) as session:
        mark = mark_of(session)
    faulty = [copy_name(mark, NOW + DAY * day, is_faulty=True) for day in (3, 4)]
    assert _names(folder) == sorted([*good, *faulty])
    assert (_state(database).finished_at, _state(database).failure) == (NOW, "AuditBroken")
    _break_audit(database, -1)
    assert back_up_when_due(database, NOW + DAY * 5)
    assert set(_names(folder)) > {*good, *faulty}


def test_rows_without_their_record_are_as_faulty(
    database: Database, clinic: SmallClinic, folder: Path, tmp_path: Path
) -> None:
    """One copy that day, with the name of a faulty one."""
    _set(database, _plan(folder))
    with closing(sqlite3.connect(tmp_path / "mendline.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DELETE FROM clinic")

    with pytest.raises(RowsWithoutRecord):
        back_up_when_due(database, NOW)
    assert not back_up_when_due(database, NOW + RETRY_AFTER)

    [name] = _names(folder)
    assert name.endswith("-faulty.db")


def test_too_little_room_is_told_before_a_copy_is_begun(
    database: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice the file, since its own disk must not be filled; it is looked again in an hour."""
    _set(database, _plan(folder))
    free = [2 * (tmp_path / "mendline.db").stat().st_size - 1]
    monkeypatch.setattr(backup_folder, "disk_usage", lambda _folder: SimpleNamespace(free=free[0]))

    with pytest.raises(NoRoom):
        back_up_when_due(database, NOW)
    assert _names(folder) == []
    free[0] += 1

    assert back_up_when_due(database, NOW + RETRY_AFTER)


def test_keeping_fewer_makes_room(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would go after the next copy goes before it, and no more than that."""
    _set(database, _plan(folder, keep=3))
    assert [back_up_when_due(database, NOW + DAY * day) for day in range(3)] == [True] * 3
    monkeypatch.setattr(
        backup_folder,
        "disk_usage",
        lambda _folder: SimpleNamespace(free=0 if len(_names(folder)) > 1 else 10**12),
    )
    with pytest.raises(NoRoom):
        back_up_when_due(database, NOW + DAY * 3)
    assert len(_names(folder)) == 3
    _set(database, _plan(folder, keep=1))

    assert back_up_when_due(database, NOW + DAY * 3 + RETRY_AFTER)

    assert len(_names(folder)) == 1


def test_a_disk_that_cannot_be_asked_is_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable):
        backup_folder.refuse_little_room(tmp_path / "gone", 1)


def test_a_clock_that_was_ahead_stops_nothing(
    database: Database, clinic: SmallClinic, folder: Path
) -> None:
    """Set right, a copy is made at once and stays; that of the wrong year is told, and stays."""
    _set(database, _plan(folder, keep=1))
    assert back_up_when_due(database, NOW + DAY * 4_000)
    wrong = _names(folder)

    assert [back_up_when_due(database, at) for at in (NOW, NOW + HOUR, NOW + DAY)] == [
        True,
        False,
        True,
    ]

    with reading(database) as session:
        mark = mark_of(session)
    assert _names(folder) == [copy_name(mark, NOW + DAY), *wrong]
    assert _state(database).detail.endswith(f"while the clock was wrong, such as {wrong[0]}")
    folder.rename(folder.with_name("away"))
    with pytest.raises(FolderUnusable):
        back_up_when_due(database, NOW + DAY * 2)
    assert _state(database).is_failing


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
    _set(database, _plan(folder))
    others = [f"{copy_name('ffffffff', NOW)}.part", "by-hand.db.part"]
    for name in (f"{copy_name(mark, NOW - DAY)}.part", *others):
        (folder / name).write_text("half")

    assert back_up_when_due(database, NOW)

    assert _names(folder) == sorted([copy_name(mark, NOW), *others])


def test_the_mark_is_of_the_file_and_its_first_clinic(
    database: Database, clinic: SmallClinic, tmp_path: Path
) -> None:
    """A copy restored elsewhere keeps the plan, and deletes none of the first one's copies."""
    copy = tmp_path / "drill" / "mendline.db"
    copy.parent.mkdir()
    back_up(database, copy)
    drill = Database(open_engine(f"sqlite:///{copy}"))

    with reading(database) as session, reading(drill) as of_the_copy:
        marks = (mark_of(session), mark_of(session), mark_of(of_the_copy))
    drill.engine.dispose()

    assert marks[0] == marks[1] != marks[2]


def test_a_restored_database_deletes_no_copy_of_the_machine_it_came_from(
    database: Database, clinic: SmallClinic, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even with the same path there, and a folder that both machines reach."""
    _set(database, _plan(folder, keep=1))
    assert back_up_when_due(database, NOW)
    [real] = _names(folder)
    begun = real.replace(".db", ".db.part").replace("T15", "T14")
    (folder / begun).write_text("under way")
    monkeypatch.setattr(db.backup_plan, "node", lambda: "drill")

    assert back_up_when_due(database, NOW + DAY)
    assert back_up_when_due(database, NOW + DAY * 2)

    assert {real, begun} < set(_names(folder))
    assert len(_names(folder)) == 3


def test_an_empty_database_has_a_mark_too(database: Database) -> None:
    with reading(database) as session:
        assert re.fullmatch("[0-9a-f]{8}", mark_of(session))
