"""What makes a database unusable is said in words, and nothing is stored by half."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from db import schema
from db.engine import (
    Database,
    act,
    open_engine,
    reading,
    writing,
)
from db.models import ClinicRow
from db.patience import PATIENCE_VARIABLE
from db.refusals import plain_words, translated
from recovery.errors import DatabaseUnavailable, Interrupted, OutcomeUnknown
from tests.db.clinic_rows import add_clinic, count_clinics
from tests.factories import make_clinic
from tests.postgres import Cluster
from tests.small_clinic import SmallClinic

SECRET = "quiet-secret"


def test_a_locked_file_is_busy(sqlite: Database, file: Path) -> None:
    """Writing is refused in words while somebody else writes; reading goes on."""
    add_clinic(sqlite)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="busy"):
        add_clinic(sqlite)
    assert count_clinics(sqlite) == 1

    other.execute("ROLLBACK")
    other.close()
    add_clinic(sqlite)
    assert count_clinics(sqlite) == 2


def test_a_file_that_can_only_be_read_is_read(sqlite: Database) -> None:
    """Writing is refused in words."""

    def forbid(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    sa.event.listen(sqlite.engine, "connect", forbid)
    with pytest.raises(DatabaseUnavailable, match="only be read"):
        add_clinic(sqlite)
    assert count_clinics(sqlite) == 0


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
    assert count_clinics(sqlite) == 0


def test_a_file_that_is_no_database_is_named(sqlite: Database, file: Path) -> None:
    """Nothing is written over it."""
    file.write_bytes(b"these are holiday photos" * 200)

    for attempt in (add_clinic, count_clinics):
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
        count_clinics(lost)
    lost.engine.dispose()


def test_a_server_that_does_not_answer_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names neither host nor password."""
    monkeypatch.setenv(PATIENCE_VARIABLE, "0.1")
    database = Database(open_engine(f"postgresql://user:{SECRET}@127.0.0.1:1/name"))

    for attempt in (count_clinics, add_clinic):
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
    assert (len(tries), count_clinics(sqlite)) == (2, 1)


def test_a_database_that_does_not_exist_is_unreachable(cluster: Cluster) -> None:
    """The server answers, but knows no such database."""
    database = Database(open_engine(cluster.url("nowhere")))

    with pytest.raises(DatabaseUnavailable, match="cannot be reached now"):
        count_clinics(database)
    database.engine.dispose()


def test_a_server_in_reserve_can_only_be_read(cluster: Cluster) -> None:
    """PostgreSQL refuses writes during a move to another machine."""
    with cluster.copy_of_template() as url:
        reserve = f"{url}&options=-c%20default_transaction_read_only%3Don"
        database = Database(open_engine(reserve))
        with pytest.raises(DatabaseUnavailable, match="only be read"):
            add_clinic(database)
        assert count_clinics(database) == 0
        database.engine.dispose()


def test_a_connection_cut_in_a_transaction_stores_nothing(cluster: Cluster) -> None:
    """The person is told to try again, and the next try gets a new connection."""
    with cluster.copy_of_template() as url:
        database = Database(open_engine(url))
        with pytest.raises(Interrupted, match="cannot be reached now"):
            _cut_off(database, url, then=make_clinic)
        assert count_clinics(database) == 0
        database.engine.dispose()


def test_a_connection_cut_before_the_end_leaves_it_open(cluster: Cluster) -> None:
    """Whether the server was done is not known here, so nobody is told that nothing was stored."""
    with cluster.copy_of_template() as url:
        database = Database(open_engine(url))
        with pytest.raises(OutcomeUnknown, match="Look whether it is there"):
            _cut_off(database, url, then=lambda _session: None)
        assert count_clinics(database) == 0
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
