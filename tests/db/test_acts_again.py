"""An act that a broken connection or another transaction stopped: done again, or told as it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import select

import db.engine
from db.engine import Database, Session, act, open_engine, reading, writing
from db.models import ClinicRow
from db.patience import PATIENCE_VARIABLE
from recovery.errors import DatabaseUnavailable, InvalidEntry, OutcomeUnknown
from tests.factories import make_clinic
from tests.postgres import Cluster

CODES = {
    "a deadlock": psycopg.errors.DeadlockDetected,
    "a conflict": psycopg.errors.SerializationFailure,
    "a server that stops": psycopg.errors.AdminShutdown,
    "a server that crashes": psycopg.errors.CrashShutdown,
    "a server that starts": psycopg.errors.CannotConnectNow,
    "a server that stepped back": psycopg.errors.ReadOnlySqlTransaction,
    "a broken connection": psycopg.errors.ConnectionFailure,
}


@pytest.fixture
def database(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Return a fresh database on PostgreSQL; pauses are left out."""
    monkeypatch.setattr(db.engine, "pause_for", lambda _seconds: None)
    with cluster.copy_of_template() as url:
        opened = Database(open_engine(url))
        yield opened
        opened.engine.dispose()


@dataclass
class Faulty:
    """An act that adds a clinic and is stopped the first *times*."""

    times: int
    stop: Callable[[Session], None]
    tries: int = 0

    def __call__(self, session: Session) -> str:
        """Add one."""
        self.tries += 1
        make_clinic(session)
        if self.tries <= self.times:
            self.stop(session)
        return "done"


def _raising(error: type[psycopg.Error]) -> Callable[[Session], None]:
    """Return what makes the server refuse with the code of *error*."""

    def stop(session: Session) -> None:
        code = error.sqlstate
        session.execute(sa.text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$"))

    return stop


def _cut(session: Session) -> None:
    """End the connection at the server, as it is between two statements."""
    [number] = session.connection().exec_driver_sql("SELECT pg_backend_pid()").one()
    _terminate(session.connection(), number)


def _terminate(connection: sa.Connection, number: int) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with psycopg.connect(driver.info.dsn) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [number])


def _count(database: Database) -> int:
    with reading(database) as session:
        return len(session.exec(select(ClinicRow)).all())


@pytest.mark.parametrize("error", CODES.values(), ids=CODES)
def test_what_stopped_an_act_is_not_told_when_it_passes(
    database: Database, error: type[psycopg.Error]
) -> None:
    """It is done again until it is done, and stored once."""
    work = Faulty(times=3, stop=_raising(error))

    assert act(work, database=database) == "done"
    assert (work.tries, _count(database)) == (4, 1)


def test_a_connection_that_breaks_inside_is_replaced(database: Database) -> None:
    """The next statement finds it broken; nothing of the first try is stored."""

    def stop(session: Session) -> None:
        _cut(session)
        make_clinic(session)

    work = Faulty(times=2, stop=stop)
    assert act(work, database=database) == "done"
    assert (work.tries, _count(database)) == (3, 1)


def test_a_break_at_the_end_is_told_where_it_may_be_stored(database: Database) -> None:
    """Without a key, doing it again could store it twice."""
    work = Faulty(times=1, stop=_cut)

    with pytest.raises(OutcomeUnknown, match="Look whether it is there"):
        act(work, database=database)
    assert (work.tries, _count(database)) == (1, 0)


def test_a_break_at_the_end_is_done_again_with_a_key(database: Database) -> None:
    """The key lets the second try find what the first may have stored."""
    key = uuid4()

    def once(session: Session) -> None:
        if session.get(ClinicRow, key) is None:
            session.add(ClinicRow(id=key, name="Oak Clinic", time_zone="UTC"))

    with _lost_answer(database) as lost:
        act(once, is_keyed=True, database=database)
    assert (len(lost), _count(database)) == (1, 1)


def test_a_try_that_may_be_stored_is_told_when_the_database_stays_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody says that nothing was stored when nobody knows."""
    monkeypatch.setenv(PATIENCE_VARIABLE, "0.1")

    def refuse(*_: object) -> None:
        raise psycopg.OperationalError("connection refused")

    def leave(session: Session) -> None:
        _cut(session)
        # From now on, nobody can connect.
        sa.event.listen(database.engine, "do_connect", refuse)

    with pytest.raises(OutcomeUnknown):
        act(Faulty(times=1, stop=leave), is_keyed=True, database=database)


def test_what_does_not_pass_is_told_after_the_patience(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadlock that comes again and again is a busy database."""
    monkeypatch.setenv(PATIENCE_VARIABLE, "0.2")
    work = Faulty(times=10_000, stop=_raising(psycopg.errors.DeadlockDetected))

    with pytest.raises(DatabaseUnavailable, match="busy"):
        act(work, database=database)
    assert (2 < work.tries < 20, _count(database)) == (True, 0)


@pytest.mark.parametrize("error", [psycopg.errors.DiskFull, psycopg.errors.LockNotAvailable])
def test_what_will_not_pass_is_told_at_once(database: Database, error: type[psycopg.Error]) -> None:
    """A full disk, and a row that was waited for already."""
    work = Faulty(times=10_000, stop=_raising(error))

    with pytest.raises(DatabaseUnavailable):
        act(work, database=database)
    assert (work.tries, _count(database)) == (1, 0)


def test_a_refusal_is_not_asked_again(database: Database) -> None:
    """What the act itself refuses is its answer."""

    def refuse(_session: Session) -> None:
        raise InvalidEntry("Choose a day.")

    work = Faulty(times=1, stop=refuse)
    with pytest.raises(InvalidEntry):
        act(work, database=database)
    assert (work.tries, _count(database)) == (1, 0)


def test_a_server_that_stepped_back_is_left(database: Database) -> None:
    """Its connections answer, so each would be taken for a good one."""

    def open_connection() -> object:
        with reading(database) as session:
            return session.connection().connection.driver_connection

    before = open_connection()
    assert open_connection() is before
    with pytest.raises(DatabaseUnavailable, match="only be read"), writing(database) as session:
        _raising(psycopg.errors.ReadOnlySqlTransaction)(session)
    assert open_connection() is not before


@contextmanager
def _lost_answer(database: Database) -> Iterator[list[int]]:
    """Commit the next transaction and lose the server's answer to it; yield whose it was."""
    lost: list[int] = []

    def commit_and_cut(connection: sa.Connection) -> None:
        if lost:
            return
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        [number] = driver.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        lost.append(number)
        driver.commit()
        _terminate(connection, number)

    sa.event.listen(database.engine, "commit", commit_and_cut)
    yield lost
    sa.event.remove(database.engine, "commit", commit_and_cut)
