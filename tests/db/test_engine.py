"""One engine: which database is opened and how, and nothing is half stored."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session, select

import db.connections
import db.engine
from db import schema
from db.engine import (
    Database,
    configured_url,
    current,
    open_engine,
    reading,
    serve,
    writing,
)
from db.models import ClinicRow
from recovery.errors import DatabaseUnavailable
from tests.db.clinic_rows import add_clinic, count_clinics
from tests.factories import make_clinic
from tests.sources import ROOT

SECRET = "quiet-secret"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        f"://{SECRET}",
        f"mysql://user:{SECRET}@host/name",
        f"oracle+wrong://user:{SECRET}@host/name",
        "postgres://user@host/name",
        f"postgresql://user:{SECRET}@host:not-a-port/name",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """In one sentence that shows the form of one, without the password in it."""
    with pytest.raises(DatabaseUnavailable, match="not a database address") as refused:
        open_engine(url)

    assert SECRET not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A file stands where the folder should."""
    (tmp_path / "data").write_text("")

    with pytest.raises(DatabaseUnavailable, match="cannot be made"):
        open_engine(f"sqlite:///{tmp_path / 'data' / 'mendline.db'}")


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    """The first start needs no preparation."""
    engine = open_engine(f"sqlite:///{tmp_path / 'a' / 'b' / 'mendline.db'}")

    assert schema.revision_of(engine) is None
    engine.dispose()


def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Folder, file and the journals beside it are closed to other users of the machine."""
    file = tmp_path / "data" / "mendline.db"
    opened = Database(open_engine(f"sqlite:///{file}"))
    schema.upgrade(opened.engine)

    with writing(opened) as session:
        make_clinic(session)
        session.flush()
        modes = {each.name: each.stat().st_mode & 0o777 for each in file.parent.iterdir()}
    opened.engine.dispose()

    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert "mendline.db-wal" in modes
    assert set(modes.values()) == {0o600}


def test_modes_that_somebody_chose_are_left(tmp_path: Path) -> None:
    """A folder and a file that were there keep what their owner gave them."""
    file = tmp_path / "mendline.db"
    file.touch()
    file.chmod(0o640)
    tmp_path.chmod(0o750)

    engine = open_engine(f"sqlite:///{file}")
    engine.connect().close()
    engine.dispose()

    assert (file.stat().st_mode & 0o777, tmp_path.stat().st_mode & 0o777) == (0o640, 0o750)


def test_nothing_is_open_before_it_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that comes too early is told to come again."""
    monkeypatch.setattr(db.engine, "_current", None)

    with pytest.raises(DatabaseUnavailable, match="not open yet"):
        current()


def test_what_is_served_is_what_is_used(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """One database per process."""
    monkeypatch.setattr(db.engine, "_current", None)

    assert serve(sqlite) is current()


def test_the_address_comes_from_the_environment_or_lies_beside_the_app(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An empty setting is none, and the working folder does not matter."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MENDLINE_DATABASE_URL", "")
    beside = configured_url()
    monkeypatch.setenv("MENDLINE_DATABASE_URL", "postgresql://host/name")

    assert (
        Path(beside.removeprefix("sqlite:///")).parent.parent == Path(db.engine.__file__).parents[1]
    )
    assert configured_url() == "postgresql://host/name"


def test_reading_stores_nothing(database: Database) -> None:
    """Whatever a read did by mistake is undone."""
    with reading(database) as session:
        make_clinic(session)

    assert count_clinics(database) == 0


def test_writing_stores_all_or_nothing(database: Database) -> None:
    """An error inside the block undoes what came before it."""

    def broken() -> None:
        with writing(database) as session:
            make_clinic(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert count_clinics(database) == 0
    add_clinic(database)
    assert count_clinics(database) == 1


def test_sqlite_keeps_what_it_acknowledged(sqlite: Database) -> None:
    """Write-ahead log, foreign keys, full synchronisation and a time to wait."""
    with sqlite.engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }

    assert settings == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,
        "busy_timeout": 50,
    }


def test_a_writer_sees_no_older_state_than_it_changes(sqlite: Database, file: Path) -> None:
    """The write lock is taken when the transaction begins, not at its first change."""
    with writing(sqlite) as session:
        assert isinstance(session, Session)
        session.connection()
        other = sqlite3.connect(file, isolation_level=None, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_another_process_beside_the_server_takes_nothing(sqlite: Database, file: Path) -> None:
    """
    New connections keep the locks of old ones, so that a command beside the server does no harm.

    Opening and closing the file in any other way would drop them all: the command would take
    itself for the last to leave, and delete the journal under the server.
    """
    with writing(sqlite) as session:
        make_clinic(session, "Before")
    with reading(sqlite) as one, reading(sqlite) as other:
        assert [each.exec(select(ClinicRow.name)).all() for each in (one, other)] == [
            ["Before"]
        ] * 2
    code = (
        "import sys; from db.engine import Database, open_engine, writing; "
        "from tests.factories import make_clinic; "
        "database = Database(open_engine(sys.argv[1])); "
        "session = writing(database); opened = session.__enter__(); "
        "make_clinic(opened, 'Beside'); session.__exit__(None, None, None); "
        "database.engine.dispose()"
    )
    subprocess.run([sys.executable, "-c", code, f"sqlite:///{file}"], cwd=ROOT, check=True)
    with writing(sqlite) as session:
        make_clinic(session, "After")

    seen = subprocess.run(
        [sys.executable, "-c", _READ, str(file)], check=True, capture_output=True, text=True
    )
    assert seen.stdout.split() == ["After", "Before", "Beside", "ok"]


_READ = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
names = [name for (name,) in connection.execute("SELECT name FROM clinic ORDER BY name")]
print(*names, *connection.execute("PRAGMA integrity_check").fetchone())
"""
