"""A copy that is refused or thrown away: each reason in words, and nothing that looks like a backup."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from db import backup, backup_check
from db.backup import back_up
from db.backup_check import check_copy
from db.backup_faults import (
    BackupRefused,
    CopyDamaged,
    CopyDiffers,
    CopyExchanged,
    DatabaseBusy,
    FolderUnusable,
    NoRoom,
    failure_words,
)
from db.connections import open_engine
from db.engine import Database, writing
from recovery.errors import DatabaseUnavailable
from tests.db.files import file_of
from tests.factories import make_clinic
from tests.small_clinic import SmallClinic

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Return the address of a fresh SQLite file; the other engine has its own backups."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'mendline.db')}"


def test_nothing_is_written_over(database: Database, tmp_path: Path) -> None:
    """Neither a file of that name, nor a copy that is being made; both stay as they are."""
    (tmp_path / "there.db").write_text("precious")
    (tmp_path / "begun.db.part").write_text("half")

    with pytest.raises(BackupRefused, match="There is a file"):
        back_up(database, tmp_path / "there.db")
    with pytest.raises(BackupRefused, match="being made, or was cut short"):
        back_up(database, tmp_path / "begun.db")

    assert (tmp_path / "there.db").read_text() == "precious"
    assert (tmp_path / "begun.db.part").read_text() == "half"


@pytest.mark.parametrize("how", ["another", "a link", "a second name", "for all"])
def test_a_file_that_was_exchanged_gets_no_name(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Whoever can write in the folder could read, or make up, what the copy holds."""
    copy, elsewhere = backup._copy, tmp_path / "elsewhere"  # noqa: SLF001 - the moment that matters

    def exchange(source: Path, part: Path) -> dict[str, int]:
        rows = copy(source, part)
        if how == "for all":
            part.chmod(0o644)
        elif how == "a second name":
            elsewhere.hardlink_to(part)
        else:
            shutil.copy(part, elsewhere)
            part.unlink()
            part.symlink_to(elsewhere) if how == "a link" else elsewhere.rename(part)
        return rows

    monkeypatch.setattr(backup, "_copy", exchange)
    with pytest.raises(CopyExchanged):
        back_up(database, tmp_path / "copy.db")

    assert list(tmp_path.glob("copy*")) == []


def test_a_folder_that_is_none_is_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable):
        back_up(database, tmp_path / "gone" / "copy.db")


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'none.db'}")

    with pytest.raises(BackupRefused, match="no database yet"):
        back_up(Database(engine), tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []
    engine.dispose()


def test_postgresql_has_its_own_ways(tmp_path: Path) -> None:
    """It is not even asked."""
    engine = open_engine("postgresql://nobody@127.0.0.1:1/none")

    with pytest.raises(DatabaseUnavailable, match=r"pg_dump or pg_basebackup.*docs/deploy\.md"):
        back_up(Database(engine), tmp_path / "copy.db")
    engine.dispose()


def test_a_writer_who_does_not_end_is_waited_for_and_then_told(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left of the copy."""
    monkeypatch.setattr(backup, "WAIT_SECONDS", 0.02)
    with writing(database) as session:
        make_clinic(session)
        with pytest.raises(DatabaseBusy):
            back_up(database, tmp_path / "copy.db")

    assert list(tmp_path.glob("copy*")) == []
    back_up(database, tmp_path / "copy.db")


def test_a_copy_that_is_not_whole_is_thrown_away(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row less than the database had."""

    def one_more(connection: sqlite3.Connection) -> dict[str, int]:
        return backup_check.count_rows(connection) | {"clinic": 1}

    monkeypatch.setattr(backup, "count_rows", one_more)
    with pytest.raises(CopyDiffers):
        back_up(database, tmp_path / "copy.db")

    assert list(tmp_path.glob("copy*")) == []


def test_a_damaged_database_gives_no_copy(
    database: Database, clinic: SmallClinic, tmp_path: Path
) -> None:
    """What is damaged is said, and nothing that looks like a backup is left."""
    file = file_of(database)
    database.engine.dispose()
    content = bytearray(file.read_bytes())
    content[8 * 4096 :] = b"\xff" * (len(content) - 8 * 4096)
    file.write_bytes(content)

    with pytest.raises(CopyDamaged):
        back_up(Database(open_engine(f"sqlite:///{file}")), tmp_path / "copy.db")
    assert list(tmp_path.glob("copy*")) == []


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "photo.db").write_bytes(b"holiday" * 1_000)

    with pytest.raises(CopyDamaged):
        check_copy(tmp_path / "photo.db")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sqlite3.OperationalError("database or disk is full"), NoRoom),
        (OSError(28, "No space left on device"), NoRoom),
        (OSError(30, "Read-only file system"), FolderUnusable),
        (sqlite3.OperationalError("disk I/O error"), FolderUnusable),
        (sqlite3.OperationalError("unable to open database: copy"), FolderUnusable),
        (sqlite3.OperationalError("something new"), BackupRefused),
    ],
)
def test_each_reason_has_its_words(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    kind: type[BackupRefused],
) -> None:
    """The same at the terminal and, from the kind alone, on the page."""

    def fail(_source: Path, _part: Path) -> dict[str, int]:
        raise error

    monkeypatch.setattr(backup, "_copy", fail)
    with pytest.raises(BackupRefused) as refused:
        back_up(database, tmp_path / "copy.db")

    assert type(refused.value) is kind
    assert str(refused.value) == failure_words(kind.__name__)
    assert list(tmp_path.glob("copy*")) == []


def test_an_unknown_kind_has_words_too() -> None:
    """An error that nobody thought of."""
    assert failure_words("ZeroDivisionError") == BackupRefused.words
