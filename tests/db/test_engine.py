"""One engine: what makes a database unusable is said in words, and nothing is half stored."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, select

import db.connections
import db.engine
from db import schema
from db.engine import (
    Database,
    act,
    configured_url,
    current,
    open_engine,
    reading,
    serve,
    writing,
)
from db.models import ClinicRow
from db.patience import PATIENCE_VARIABLE
from db.refusals import plain_words, translated
from recovery.errors import DatabaseUnavailable, Interrupted, OutcomeUnknown
from tests.factories import make_clinic
from tests.postgres import Cluster
from tests.small_clinic import SmallClinic
from tests.sources import ROOT

SECRET = "quiet-secret"


@pytest.fixture
def file(tmp_path: Path, sqlite_template: Path) -> Path:
    """Return a migrated SQLite file of this test's own."""
    copied = tmp_path / "mendline.db"
    copied.write_bytes(sqlite_template.read_bytes())
    return copied


@pytest.fixture
def sqlite(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Return it, opened so that a lock is waited for only shortly."""
    monkeypatch.setattr(db.connections, "BUSY_TIMEOUT_MS", 50)
    opened = Database(open_engine(f"sqlite:///{file}"))
    yield opened
    opened.engine.dispose()


def _add(database: Database) -> None:
    with writing(database) as session:
        make_clinic(session)


def _count(database: Database) -> int:
    with reading(database) as session:
        return len(session.exec(select(ClinicRow)).all())


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


def test_a_locked_file_is_busy(sqlite: Database, file: Path) -> None:
    """Writing is refused in words while somebody else writes; reading goes on."""
    _add(sqlite)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="busy"):
        _add(sqlite)
    assert _count(sqlite) == 1

    other.execute("ROLLBACK")
    other.close()
    _add(sqlite)
    assert _count(sqlite) == 2


def test_a_file_that_can_only_be_read_is_read(sqlite: Database) -> None:
    """Writing is refused in words."""

    def forbid(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    sa.event.listen(sqlite.engine, "connect", forbid)
    with pytest.raises(DatabaseUnavailable, match="only be read"):
        _add(sqlite)
    assert _count(sqlite) == 0


def test_a_full_disk_is_named(sqlite: Database) -> None:
    """And what did not fit is not stored by half."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    def fill() -> None:
        with writing(sqlite) as session:
            session.add(ClinicRow(name="x" * 100_000, time_zone="UTC"))

    sa.event.listen(sqlite.engine, "connect", limit)
    with pytest.raises(DatabaseUnavailable, match="disk of the server is full"):
        fill()
    assert _count(sqlite) == 0


def test_a_file_that_is_no_database_is_named(sqlite: Database, file: Path) -> None:
    """Nothing is written over it."""
    file.write_bytes(b"these are holiday photos" * 200)

    for attempt in (_add, _count):
        with pytest.raises(DatabaseUnavailable, match="cannot be read"):
            attempt(sqlite)
    with pytest.raises(DatabaseUnavailable, match="cannot be opened"):
        schema.upgrade(sqlite.engine)
    assert file.read_bytes().startswith(b"these are holiday photos")


def test_a_file_in_a_folder_that_has_gone_is_unreachable(tmp_path: Path) -> None:
    """A disk that was taken out while the server ran."""
    lost = Database(open_engine(f"sqlite:///{tmp_path / 'disk' / 'mendline.db'}"))
    (tmp_path / "disk").rmdir()

    with pytest.raises(DatabaseUnavailable, match="cannot be reached now"):
        _count(lost)
    lost.engine.dispose()


def test_a_server_that_does_not_answer_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names neither host nor password."""
    monkeypatch.setenv(PATIENCE_VARIABLE, "0.1")
    database = Database(open_engine(f"postgresql://user:{SECRET}@127.0.0.1:1/name"))

    for attempt in (_count, _add):
        with pytest.raises(DatabaseUnavailable, match="cannot be reached now") as refused:
            attempt(database)
        assert SECRET not in f"{refused.value} {refused.value.__cause__}"
    with pytest.raises(DatabaseUnavailable, match="Check that it runs"):
        schema.check(database.engine)
    database.engine.dispose()


def test_whoever_cannot_wait_is_told_at_once() -> None:
    """A probe asks once; its own caller comes again."""
    asked: list[object] = []

    def refuse(*_: object) -> None:
        asked.append(True)
        raise psycopg.OperationalError("connection refused")

    database = Database(open_engine("postgresql://user@127.0.0.1:1/name"))
    sa.event.listen(database.engine, "do_connect", refuse)
    with (
        pytest.raises(DatabaseUnavailable, match="cannot be reached now"),
        reading(database, waits=False),
    ):
        pass
    assert asked == [True]


def test_a_locked_file_is_not_asked_again(sqlite: Database, file: Path) -> None:
    """It was waited for already, by the file's own time to wait."""
    tries: list[object] = []

    def add(session: Session) -> None:
        tries.append(True)
        make_clinic(session)

    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="busy"):
        act(add, is_keyed=True, database=sqlite)
    other.close()
    assert tries == [True]

    act(add, database=sqlite)
    assert (len(tries), _count(sqlite)) == (2, 1)


def test_a_database_that_does_not_exist_is_unreachable(cluster: Cluster) -> None:
    """The server answers, but knows no such database."""
    database = Database(open_engine(cluster.url("nowhere")))

    with pytest.raises(DatabaseUnavailable, match="cannot be reached now"):
        _count(database)
    database.engine.dispose()


def test_a_server_in_reserve_can_only_be_read(cluster: Cluster) -> None:
    """PostgreSQL refuses writes during a move to another machine."""
    with cluster.copy_of_template() as url:
        reserve = f"{url}&options=-c%20default_transaction_read_only%3Don"
        database = Database(open_engine(reserve))
        with pytest.raises(DatabaseUnavailable, match="only be read"):
            _add(database)
        assert _count(database) == 0
        database.engine.dispose()


def test_a_connection_cut_in_a_transaction_stores_nothing(cluster: Cluster) -> None:
    """The person is told to try again, and the next try gets a new connection."""
    with cluster.copy_of_template() as url:
        database = Database(open_engine(url))
        with pytest.raises(Interrupted, match="cannot be reached now"):
            _cut_off(database, url, then=make_clinic)
        assert _count(database) == 0
        database.engine.dispose()


def test_a_connection_cut_before_the_end_leaves_it_open(cluster: Cluster) -> None:
    """Whether the server was done is not known here, so nobody is told that nothing was stored."""
    with cluster.copy_of_template() as url:
        database = Database(open_engine(url))
        with pytest.raises(OutcomeUnknown, match="Look whether it is there"):
            _cut_off(database, url, then=lambda _session: None)
        assert _count(database) == 0
        database.engine.dispose()


def _cut_off(database: Database, url: str, *, then: Callable[[Session], object]) -> None:
    with writing(database) as session:
        make_clinic(session)
        [number] = session.connection().exec_driver_sql("SELECT pg_backend_pid()").one()
        with psycopg.connect(url) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        then(session)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (psycopg.errors.DiskFull("could not extend file: No space left on device"), "disk"),
        (psycopg.errors.DeadlockDetected("deadlock detected"), "busy"),
        (sqlite3.OperationalError("database or disk is full"), "disk"),
        (sqlite3.OperationalError("database table is locked"), "busy"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "only be read"),
        (sqlite3.DatabaseError("database disk image is malformed"), "cannot be read"),
        (sqlite3.OperationalError(f"disk I/O error near {SECRET}"), "cannot be reached"),
    ],
)
def test_every_reason_is_one_plain_sentence(reason: Exception, words: str) -> None:
    """Without the database's own words."""
    told = plain_words(OperationalError("INSERT", {}, reason))

    assert words in told
    assert SECRET not in told
    assert "\n" not in told


def test_no_free_connection_is_a_busy_database() -> None:
    """More people at once than connections are told to try again."""
    with pytest.raises(DatabaseUnavailable, match="busy"), translated():
        raise sa.exc.TimeoutError


def test_an_internal_error_of_the_server_passes_through() -> None:
    """Most are mistakes of ours, which a friendly sentence would hide."""
    aborted = psycopg.errors.InFailedSqlTransaction("current transaction is aborted")

    with pytest.raises(sa.exc.InternalError), translated():
        raise sa.exc.InternalError("SELECT", {}, aborted)


def test_our_own_mistakes_are_not_called_a_busy_database(
    database: Database, clinic: SmallClinic
) -> None:
    """A broken constraint passes through, to be found and mended."""

    def add_twice() -> None:
        with writing(database) as session:
            session.add(ClinicRow(id=clinic.clinic_id, name="Twice", time_zone="UTC"))

    with pytest.raises(IntegrityError):
        add_twice()


def test_reading_stores_nothing(database: Database) -> None:
    """Whatever a read did by mistake is undone."""
    with reading(database) as session:
        make_clinic(session)

    assert _count(database) == 0


def test_writing_stores_all_or_nothing(database: Database) -> None:
    """An error inside the block undoes what came before it."""

    def broken() -> None:
        with writing(database) as session:
            make_clinic(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert _count(database) == 0
    _add(database)
    assert _count(database) == 1


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
