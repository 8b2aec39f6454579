"""A backup takes the place of the database when nobody uses it, and what was there is kept."""

import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from db.auth_sessions import resolve, revoke, start_session
from db.backup import back_up
from db.backup_check import check_copy
from db.backup_content import WaysClosed
from db.backup_faults import AuditBroken, BackupRefused, CopyDamaged
from db.backup_plan import set_plan
from db.connections import open_engine
from db.engine import Database, reading, writing
from db.erasure import erase_patient, request_erasure
from db.invitations import find_offer, invite
from db.models import AuthSessionRow, ClinicRow, SignInFlowRow
from db.restore import restore
from db.schema import head
from recovery.access import Role, grant_admin
from recovery.backups import BackupPlan
from recovery.errors import DatabaseUnavailable
from tests.factories import NOW, make_clinic
from tests.small_clinic import SmallClinic, make_small_clinic

_OPEN = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM clinic").fetchone()
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path, sqlite_template: Path) -> Path:
    """Return a database of this test's own."""
    return Path(shutil.copy(sqlite_template, tmp_path / "mendline.db"))


@pytest.fixture
def opened(file: Path) -> Iterator[Database]:
    """Return it, opened."""
    database = Database(open_engine(f"sqlite:///{file}"))
    yield database
    database.engine.dispose()


def _add(database: Database, name: str) -> None:
    with writing(database) as session:
        make_clinic(session, name)


def _clinics(file: Path) -> list[str]:
    database = Database(open_engine(f"sqlite:///{file}"))
    with reading(database) as session:
        names = list(session.exec(select(ClinicRow.name).order_by(ClinicRow.name)))
    database.engine.dispose()
    return names


def _by_hand(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(statement)
    connection.close()


def test_a_backup_takes_the_place_and_what_was_there_is_kept(
    opened: Database, file: Path, tmp_path: Path
) -> None:
    """Each opens with what it held; the backup stays where it was."""
    _add(opened, "Before")
    made = back_up(opened, tmp_path / "copy.db")
    _add(opened, "After")
    opened.engine.dispose()

    restored = restore(file, made.file, NOW)

    assert restored.kept == tmp_path / "mendline.db.replaced-20261122T150000Z"
    assert (restored.is_older, restored.erased_since) == (False, 0)
    assert _clinics(file) == ["Before"]
    assert _clinics(restored.kept) == ["After", "Before"]
    assert _clinics(made.file) == ["Before"]


def test_a_database_that_was_lost_comes_back(opened: Database, file: Path, tmp_path: Path) -> None:
    """There is nothing to keep then; the file is for its owner alone."""
    _add(opened, "Before")
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    file.unlink()

    restored = restore(file, made.file, NOW)

    assert restored.kept is None
    assert _clinics(file) == ["Before"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_mode_that_somebody_chose_stays(opened: Database, file: Path, tmp_path: Path) -> None:
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    file.chmod(0o640)

    restore(file, made.file, NOW)

    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_journal_that_was_not_written_back_is_not_lost(
    opened: Database, file: Path, tmp_path: Path
) -> None:
    """A server that was killed leaves one: it belongs to what is kept, and to nothing else."""
    made = back_up(opened, tmp_path / "copy.db")
    _add(opened, "In the journal")
    killed = tmp_path / "killed"
    killed.mkdir()
    for part in (file, file.with_name("mendline.db-wal"), file.with_name("mendline.db-shm")):
        shutil.copy(part, killed)

    restored = restore(killed / "mendline.db", made.file, NOW)

    assert restored.kept is not None
    assert _clinics(killed / "mendline.db") == []
    assert _clinics(restored.kept) == ["In the journal"]


def test_a_damaged_database_is_replaced_and_kept(
    opened: Database, file: Path, tmp_path: Path
) -> None:
    """That is what backups are for; its journal is kept beside it."""
    _add(opened, "Before")
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    file.write_bytes(b"holiday" * 1_000)
    file.with_name("mendline.db-wal").write_bytes(b"journal")

    restored = restore(file, made.file, NOW)

    assert _clinics(file) == ["Before"]
    assert restored.kept is not None
    assert restored.kept.read_bytes().startswith(b"holiday")
    assert restored.kept.with_name(f"{restored.kept.name}-wal").read_bytes() == b"journal"


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
    _by_hand(made.file, "UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()

    with pytest.raises(DatabaseUnavailable, match="newer version"):
        restore(file, made.file, NOW)

    assert file.read_bytes() == before
    assert list(tmp_path.glob("*restoring*")) == []


def test_what_is_older_is_restored_and_told(opened: Database, file: Path, tmp_path: Path) -> None:
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    _by_hand(made.file, "UPDATE alembic_version SET version_num = '0001'")

    restored = restore(file, made.file, NOW)

    assert restored.is_older
    assert restored.checked.revision == "0001" != head()


def test_what_is_damaged_is_refused(opened: Database, file: Path, tmp_path: Path) -> None:
    """At any place in it."""
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    content = made.file.read_bytes()
    for cut in (content[: len(content) // 2], b"", content[:100] + b"\xff" * 5_000):
        made.file.write_bytes(cut)
        with pytest.raises((CopyDamaged, BackupRefused)):
            restore(file, made.file, NOW)

    assert _clinics(file) == []


def test_a_broken_audit_is_taken_only_when_told_to(
    opened: Database, file: Path, tmp_path: Path
) -> None:
    """It may be the only backup there is."""
    make_small_clinic(opened)
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    _by_hand(made.file, "UPDATE audit_head SET number = number + 1")

    with pytest.raises(AuditBroken):
        restore(file, made.file, NOW)
    restore(file, made.file, NOW, despite_faults=True)


def test_what_is_no_backup_is_refused(opened: Database, file: Path, tmp_path: Path) -> None:
    """A file that is not there, of something else, in use, or the database itself."""
    other = tmp_path / "other.db"
    _by_hand(other, "CREATE TABLE plants (name)")
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
    assert _clinics(file) == []


def test_a_second_restore_in_one_second_keeps_both(
    opened: Database, file: Path, tmp_path: Path
) -> None:
    """What was kept before is never written over."""
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    kept = restore(file, made.file, NOW).kept
    assert kept is not None
    before = kept.read_bytes()

    with pytest.raises(BackupRefused, match="already"):
        restore(file, made.file, NOW)

    assert kept.read_bytes() == before
    assert _clinics(file) == []


def test_a_disk_without_second_names_will_do(
    opened: Database, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the database is renamed before the backup takes its place."""
    made = back_up(opened, tmp_path / "copy.db")
    _add(opened, "After")
    opened.engine.dispose()

    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    restored = restore(file, made.file, NOW)

    assert restored.kept is not None
    assert (_clinics(file), _clinics(restored.kept)) == ([], ["After"])


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


@pytest.mark.usefixtures("clock")
def test_who_was_erased_since_is_counted(opened: Database, file: Path, tmp_path: Path) -> None:
    """They are back, so they have to be erased again."""
    clinic: SmallClinic = make_small_clinic(opened)
    with writing(opened) as session:
        request_erasure(session, clinic.own, NOW)
    made = back_up(opened, tmp_path / "copy.db")
    with writing(opened) as session:
        erase_patient(session, grant_admin(clinic.administrator), clinic.own.patient_id)
    opened.engine.dispose()

    assert restore(file, made.file, NOW).erased_since == 1


def test_a_plan_in_the_backup_is_told(opened: Database, file: Path, tmp_path: Path) -> None:
    """It goes on wherever the backup is restored; a version without plans has none."""
    plan = BackupPlan(hour=2, time_zone="UTC", folder="/mnt/backup/mendline", keep=30)
    with writing(opened) as session:
        set_plan(session, plan)
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    assert restore(file, made.file, NOW).plan == plan

    _by_hand(made.file, "DELETE FROM backup_plan")
    assert restore(file, made.file, NOW + timedelta(seconds=1)).plan is None
    _by_hand(made.file, "DROP TABLE backup_plan")
    assert restore(file, made.file, NOW + timedelta(seconds=2)).plan is None


@pytest.mark.usefixtures("clock")
def test_what_opened_something_then_opens_nothing_now(
    opened: Database, file: Path, tmp_path: Path
) -> None:
    """Who was signed out since, or whose invitation was taken back, does not get in again."""
    clinic: SmallClinic = make_small_clinic(opened)
    patient = clinic.patient
    with writing(opened) as session:
        token = start_session(session, patient.account_id, patient.role, NOW)
        ended = start_session(session, patient.account_id, patient.role, NOW)
        ended_at = NOW - timedelta(minutes=1)
        info = resolve(session, ended, NOW)
        assert info is not None
        revoke(session, info.actor.session_id, ended_at)
        code = invite(session, clinic.own, Role.CARER, NOW).code
        session.add(SignInFlowRow(id_hash="x", purpose="passkey", sealed="x", expires_at=NOW))
    made = back_up(opened, tmp_path / "copy.db")
    before = made.file.read_bytes()
    opened.engine.dispose()

    restored = restore(file, made.file, NOW)

    assert restored.closed == WaysClosed(sign_ins=1, invitations=1)
    assert made.file.read_bytes() == before
    database = Database(open_engine(f"sqlite:///{file}"))
    with reading(database) as session:
        assert resolve(session, token, NOW) is None
        assert find_offer(session, code, NOW) is None
        assert session.exec(select(SignInFlowRow)).all() == []
        assert set(session.exec(select(AuthSessionRow.revoked_at))) == {NOW, ended_at}
    database.engine.dispose()
    check_copy(file).refuse_faults()


def test_a_backup_from_before_invitations_is_restored_too(
    opened: Database, file: Path, tmp_path: Path
) -> None:
    """And one that the app had open since, so that it keeps its journal in files beside it."""
    make_small_clinic(opened)
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    for statement in (
        "PRAGMA journal_mode=WAL",
        "DROP TABLE invitation",
        "DROP TABLE sign_in_flow",
        "UPDATE alembic_version SET version_num = '0001'",
    ):
        _by_hand(made.file, statement)

    restored = restore(file, made.file, NOW)

    assert restored.closed == WaysClosed(sign_ins=0, invitations=0)
    assert list(tmp_path.glob("*restoring*")) == []


def test_a_journal_of_a_restore_that_was_cut_short_is_not_taken_for_its_own(
    opened: Database, file: Path, tmp_path: Path
) -> None:
    """Power that went while ways in were being closed leaves the half of another file."""
    make_small_clinic(opened)
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    part = Path(shutil.copy(made.file, tmp_path / "mendline.db.restoring"))
    journal = part.with_name(f"{part.name}-journal")
    with closing(sqlite3.connect(part, isolation_level=None)) as cut_short:
        # So much that SQLite cannot wait for the end, and writes to the file before it.
        cut_short.execute("CREATE TABLE other (words)")
        cut_short.executemany("INSERT INTO other VALUES (?)", [("x" * 4_000,)] * 300)
        cut_short.execute("PRAGMA cache_size=1")
        cut_short.execute("BEGIN")
        cut_short.execute("CREATE TABLE more (words)")
        cut_short.execute("UPDATE other SET words = hex(randomblob(2000))")
        left = journal.read_bytes()
    journal.write_bytes(left)

    restored = restore(file, made.file, NOW)

    # Pages of the other file would have come back into this one.
    assert check_copy(file).rows == restored.checked.rows
    assert list(tmp_path.glob("*restoring*")) == []


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
