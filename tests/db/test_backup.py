"""A copy of the database: whole, private, checked, and never in the way of anybody."""

import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlmodel import select

from db import backup, backup_check
from db.backup import back_up
from db.backup_check import check_copy
from db.backup_faults import (
    AuditBroken,
    BackupRefused,
    RowsWithoutRecord,
)
from db.connections import open_engine
from db.engine import Database, reading, writing
from db.models import PatientRow
from db.reports import list_reports, save_report
from tests.db.files import change_by_hand, file_of
from tests.factories import make_clinic, saving
from tests.small_clinic import SmallClinic

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Return the address of a fresh SQLite file; the other engine has its own backups."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'mendline.db')}"


def test_a_copy_holds_what_was_stored(
    database: Database, clinic: SmallClinic, tmp_path: Path
) -> None:
    """In one file for its owner alone, which opens as a database of the app."""
    with writing(database) as session:
        save_report(session, clinic.own, saving())

    made = back_up(database, tmp_path / "copy.db")

    assert [each.name for each in sorted(tmp_path.glob("copy*"))] == ["copy.db"]
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert made.size_bytes == made.file.stat().st_size
    assert made.checked.audit is not None
    assert made.checked.audit.entries > 0
    made.checked.refuse_faults()
    copied = Database(open_engine(f"sqlite:///{made.file}"))
    with reading(copied) as there, reading(database) as here:
        assert list_reports(there, clinic.own) == list_reports(here, clinic.own) != []
    copied.engine.dispose()


def test_a_copy_of_an_empty_database_is_one_too(database: Database, tmp_path: Path) -> None:
    """Before the first clinic."""
    made = back_up(database, tmp_path / "copy.db")

    assert made.checked.rows == 0
    made.checked.refuse_faults()


def test_its_mode_is_private_from_the_first_byte(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while it is filled, and whatever the account's usual mode is."""
    modes = []

    def look(part: Path, expected: object) -> backup_check.Checked:
        modes.append((part.name, stat.S_IMODE(part.stat().st_mode)))
        return check_copy(part)

    monkeypatch.setattr(backup, "check_copy", look)
    back_up(database, tmp_path / "copy.db")

    assert modes == [("copy.db.part", 0o600)]


def test_people_write_while_it_is_copied(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy and the numbers it is held against are of one instant, before that write."""
    names = []

    def write_first(connection: sqlite3.Connection) -> dict[str, int]:
        with writing(database) as session:
            make_clinic(session, "Meanwhile")
        names.append("Meanwhile")
        return backup_check.count_rows(connection)

    monkeypatch.setattr(backup, "count_rows", write_first)
    made = back_up(database, tmp_path / "copy.db")

    assert names == ["Meanwhile"]
    assert made.checked.rows == 0


def test_writers_wait_only_until_the_copy_has_begun(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of the copy the write lock is free."""
    held: list[bool] = []
    let_go = backup._let_go  # noqa: SLF001 - looked at from inside

    def watched(writer: sqlite3.Connection) -> object:
        allow = let_go(writer)

        def look(*asked: object) -> int:
            answer = allow(*asked)
            held.append(writer.in_transaction)
            return answer

        return look

    monkeypatch.setattr(backup, "_let_go", watched)
    back_up(database, tmp_path / "copy.db")

    begun = held.index(False)
    assert held[0]
    assert not any(held[begun:])
    assert begun < len(held) / 2


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("INSERT INTO patient_name_word VALUES ('nowhere', 'word', 'nobody')", RowsWithoutRecord),
        ("UPDATE audit_head SET number = number + 1", AuditBroken),
    ],
)
def test_a_database_at_fault_is_copied_and_told(
    database: Database,
    clinic: SmallClinic,
    tmp_path: Path,
    statement: str,
    fault: type[BackupRefused],
) -> None:
    """A true copy is better than none; what is wrong is the database's own."""
    change_by_hand(file_of(database), statement)

    made = back_up(database, tmp_path / "copy.db")

    assert made.file.is_file()
    with pytest.raises(fault):
        made.checked.refuse_faults()


def test_an_older_schema_is_copied_before_its_upgrade(
    database: Database, clinic: SmallClinic, tmp_path: Path
) -> None:
    """Its audit may have other columns, and is not looked at."""
    change_by_hand(file_of(database), "UPDATE alembic_version SET version_num = '0001'")

    made = back_up(database, tmp_path / "copy.db")

    assert (made.checked.revision, made.checked.audit) == ("0001", None)


def test_the_source_is_left_as_it_is(
    database: Database, clinic: SmallClinic, tmp_path: Path
) -> None:
    """The app's own connections keep their locks and their journal."""
    with reading(database) as session:
        session.exec(select(PatientRow.id)).all()
        back_up(database, tmp_path / "copy.db")
        with writing(database) as other:
            make_clinic(other, "Afterwards")

    assert file_of(database).with_name("mendline.db-wal").exists()
