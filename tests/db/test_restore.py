"""A backup takes the place of the database, and what was there is kept."""

import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from db.auth_sessions import resolve, revoke, start_session
from db.backup import back_up
from db.backup_check import check_copy
from db.backup_content import WaysClosed
from db.backup_faults import BackupRefused
from db.backup_plan import set_plan
from db.connections import open_engine
from db.engine import Database, reading, writing
from db.erasure import erase_patient, request_erasure
from db.invitations import find_offer, invite
from db.models import AuthSessionRow, SignInFlowRow
from db.restore import restore
from db.schema import head
from recovery.access import Role, grant_admin
from recovery.backups import BackupPlan
from tests.db.files import change_by_hand, clinics_in
from tests.factories import NOW, make_clinic
from tests.small_clinic import SmallClinic, make_small_clinic


def _add(database: Database, name: str) -> None:
    with writing(database) as session:
        make_clinic(session, name)


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
    assert clinics_in(file) == ["Before"]
    assert clinics_in(restored.kept) == ["After", "Before"]
    assert clinics_in(made.file) == ["Before"]


def test_a_database_that_was_lost_comes_back(opened: Database, file: Path, tmp_path: Path) -> None:
    """There is nothing to keep then; the file is for its owner alone."""
    _add(opened, "Before")
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    file.unlink()

    restored = restore(file, made.file, NOW)

    assert restored.kept is None
    assert clinics_in(file) == ["Before"]
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
    assert clinics_in(killed / "mendline.db") == []
    assert clinics_in(restored.kept) == ["In the journal"]


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

    assert clinics_in(file) == ["Before"]
    assert restored.kept is not None
    assert restored.kept.read_bytes().startswith(b"holiday")
    assert restored.kept.with_name(f"{restored.kept.name}-wal").read_bytes() == b"journal"


def test_what_is_older_is_restored_and_told(opened: Database, file: Path, tmp_path: Path) -> None:
    made = back_up(opened, tmp_path / "copy.db")
    opened.engine.dispose()
    change_by_hand(made.file, "UPDATE alembic_version SET version_num = '0001'")

    restored = restore(file, made.file, NOW)

    assert restored.is_older
    assert restored.checked.revision == "0001" != head()


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
    assert clinics_in(file) == []


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
    assert (clinics_in(file), clinics_in(restored.kept)) == ([], ["After"])


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

    change_by_hand(made.file, "DELETE FROM backup_plan")
    assert restore(file, made.file, NOW + timedelta(seconds=1)).plan is None
    change_by_hand(made.file, "DROP TABLE backup_plan")
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
        change_by_hand(made.file, statement)

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
