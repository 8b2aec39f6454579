"""A restore that is refused: what is no backup, what is in use, and nothing is changed then."""

import shutil
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select

from db.backup import back_up
from db.backup_content import WaysClosed
from db.backup_faults import AuditBroken, BackupRefused, CopyDamaged
from db.engine import Database, reading
from db.models import ClinicRow
from db.restore import restore
from recovery.errors import DatabaseUnavailable
from tests.db.files import change_by_hand, clinics_in
from tests.factories import NOW
from tests.small_clinic import make_small_clinic

_OPEN = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM clinic").fetchone()
print("open", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("is_damaged", [False, True])
def test_nothing_is_replaced_under_whoever_uses_it(
    opened: Database, file: Path, tmp_path: Path, *, is_damaged: bool
) -> None:
    """Another process that has it open, idle and without a transaction."""
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    before = file.read_bytes()
    command = [sys.executable, "-c", _OPEN, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        if is_damaged:
            file.write_bytes(before := b"holiday" * 40_000)

        with pytest.raises(BackupRefused, match="in use"):
            restore(file, made.file, NOW)

        other.communicate(b"")
    assert file.read_bytes() == before
    assert list(tmp_path.glob("*replaced*")) == list(tmp_path.glob("*restoring*")) == []
    restore(file, made.file, NOW)


def test_this_process_counts_too(opened: Database, file: Path, tmp_path: Path) -> None:
    made = back_up(opened, tmp_path / "copy.db")

    with reading(opened) as session:
        session.exec(select(ClinicRow)).all()
        with pytest.raises(BackupRefused, match="in use"):
            restore(file, made.file, NOW)


def test_what_is_newer_is_refused(opened: Database, file: Path, tmp_path: Path) -> None:
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    change_by_hand(made.file, "UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()

    with pytest.raises(DatabaseUnavailable, match="newer version"):
        restore(file, made.file, NOW)

    assert file.read_bytes() == before
    assert list(tmp_path.glob("*restoring*")) == []


def test_what_is_damaged_is_refused(opened: Database, file: Path, tmp_path: Path) -> None:
    """At any place in it."""
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    content = made.file.read_bytes()
    for cut in (content[: len(content) // 2], b"", content[:100] + b"\xff" * 5_000):
        made.file.write_bytes(cut)
        with pytest.raises((CopyDamaged, BackupRefused)):
            restore(file, made.file, NOW)

    assert clinics_in(file) == []


def test_a_broken_audit_is_taken_only_when_told_to(
    opened: Database, file: Path, tmp_path: Path
) -> None:
    """It may be the only backup there is."""
    make_small_clinic(opened)
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    change_by_hand(made.file, "UPDATE audit_head SET number = number + 1")

    with pytest.raises(AuditBroken):
        restore(file, made.file, NOW)
    restore(file, made.file, NOW, despite_faults=True)


def test_what_is_no_backup_is_refused(opened: Database, file: Path, tmp_path: Path) -> None:
    """A file that is not there, of something else, in use, or the database itself."""
    other = tmp_path / "other.db"
    change_by_hand(other, "CREATE TABLE plants (name)")
    opened.engine.connect().close()
    copied = Path(shutil.copy(file, tmp_path / "copied.db"))
    copied.with_name("copied.db-wal").write_bytes(b"journal")
    opened.engine.dispose()

    for wrong, words in (
        (tmp_path / "none.db", "no file"),
        (other, "no database of Mendline"),
        (copied, "copied by hand"),
        (file, "the database itself"),
    ):
        with pytest.raises(BackupRefused, match=words):
            restore(file, wrong, NOW)
    assert clinics_in(file) == []


def test_a_disk_that_refuses_changes_nothing(
    opened: Database, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()

    def full(_from: Path, _to: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(BackupRefused, match="or is full"):
        restore(file, made.file, NOW)

    assert [each.name for each in sorted(tmp_path.iterdir())] == ["copy.db", "mendline.db"]


def test_a_copy_that_cannot_be_made_ready_changes_nothing(
    opened: Database, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()

    def fail(_part: Path, _now: datetime) -> WaysClosed:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("db.restore.close_ways_in", fail)
    with pytest.raises(BackupRefused, match="Check the disk"):
        restore(file, made.file, NOW)

    assert [each.name for each in sorted(tmp_path.iterdir())] == ["copy.db", "mendline.db"]
