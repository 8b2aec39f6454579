"""A copy to read from: only once it shows all that anybody was told is stored."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import select

import db.replica
from db.engine import Database, open_configured, open_engine, reading, writing
from db.models import ClinicRow
from db.replica import Replica, open_replica, written_by
from db.schema import upgrade
from db.system_state import system_state
from recovery.access import grant_admin
from recovery.errors import DatabaseUnavailable
from tests.availability import refuse
from tests.db.hearing import Heard
from tests.factories import make_clinic
from tests.postgres import Cluster, find_binaries
from tests.replication import Pair, replicated
from tests.small_clinic import make_small_clinic

NAME = "mendline"


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Return a primary with a standby, and a migrated database on them."""
    binaries = find_binaries()
    if binaries is None:
        refuse("PostgreSQL is missing.", "Install the system package postgresql.")
    with replicated(binaries) as started:
        engine = open_engine(started.create(NAME))
        upgrade(engine)
        engine.dispose()
        yield started


@pytest.fixture
def replica(pair: Pair) -> Iterator[Replica]:
    """Return the standby as a copy to read from, found to answer."""
    opened = open_replica(pair.standby.url(NAME))
    opened.look()
    yield opened
    opened.engine.dispose()


@pytest.fixture
def database(pair: Pair, replica: Replica) -> Iterator[Database]:
    """Return the primary with that copy."""
    opened = Database(open_engine(pair.url(NAME)), replica=replica)
    pair.wait_until_level()
    yield opened
    opened.engine.dispose()


def _add(database: Database) -> None:
    with writing(database) as session:
        make_clinic(session)


def _read(database: Database) -> tuple[int, bool]:
    """Return the number of clinics, and whether the copy told it."""
    with reading(database, is_heavy=True) as session:
        is_copy = session.connection().exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one()
        return len(session.exec(select(ClinicRow)).all()), bool(is_copy)


def test_a_light_read_never_asks_the_copy(database: Database) -> None:
    """It would take longer to ask than to read."""
    with reading(database) as session:
        in_recovery = session.connection().exec_driver_sql("SELECT pg_is_in_recovery()")
        assert in_recovery.scalar_one() is False


def test_what_was_saved_is_always_read(database: Database) -> None:
    """After each of many saves, whoever answers; the copy does answer."""
    before, _ = _read(database)
    told_by_copy = 0
    for number in range(1, 51):
        _add(database)
        seen, is_copy = _read(database)
        assert seen == before + number
        told_by_copy += is_copy

    assert told_by_copy > 0


def test_a_copy_that_lags_is_not_read(
    database: Database, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The primary answers until the copy has come level; then the copy does."""
    before, _ = _read(database)
    pair.pause_replay()
    try:
        _add(database)
        assert _read(database) == (before + 1, False)
        assert _lag(database) > 0
    finally:
        pair.resume_replay()
    pair.wait_until_level()
    # The slowest machine has enough time then.
    monkeypatch.setattr(db.replica, "LEVEL_SECONDS", 10)
    assert _read(database) == (before + 1, True)
    assert _lag(database) == 0


def _lag(database: Database) -> int:
    assert database.replica is not None
    with database.engine.connect() as connection:
        lag = database.replica.lag_bytes(written_by(connection))
    assert lag is not None
    return lag


def test_an_ordinary_account_may_ask(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's owner needs no special right for it."""
    pair.primary.run("CREATE ROLE plain LOGIN")
    pair.primary.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO plain", name=NAME)
    pair.wait_until_level()
    monkeypatch.setattr(db.replica, "LEVEL_SECONDS", 10)
    copy = open_replica(pair.standby.url(NAME).replace("postgres@", "plain@"))
    copy.look()
    opened = Database(open_engine(pair.url(NAME).replace("postgres@", "plain@")), replica=copy)
    try:
        assert _read(opened)[1]
    finally:
        opened.engine.dispose()
        copy.engine.dispose()


def test_another_database_is_no_copy(database: Database, cluster: Cluster, pair: Pair) -> None:
    """Neither one that stands alone nor the primary itself is read in place of it."""
    for url in (cluster.url("postgres"), pair.primary.url(NAME)):
        other = open_replica(url)
        other.look()
        assert not _read(Database(database.engine, replica=other))[1]
        with database.engine.connect() as connection:
            assert other.lag_bytes(written_by(connection)) is None
        other.engine.dispose()


def test_a_copy_of_another_history_is_not_read(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a failover it may have repeated what was never kept, and be further in the log."""
    with database.engine.connect() as connection:
        real = written_by(connection)
    later = db.replica.Written(real.system, real.timeline + 1, "0/1")
    monkeypatch.setattr("db.engine.written_by", lambda _connection: later)

    assert not _read(database)[1]


def test_a_copy_that_is_away_is_left_alone(
    database: Database, pair: Pair, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    """
    The primary answers, nobody waits, and the copy is tried anew only after a rest.

    Nor is it counted: the database serves everybody meanwhile.
    """
    tried: list[bool] = []

    def refuse_connection(*_: object) -> None:
        tried.append(True)
        raise psycopg.OperationalError("connection refused")

    now = 1_000.0
    monkeypatch.setattr(db.replica, "monotonic", lambda: now)
    copy = open_replica("postgresql://nobody@127.0.0.1:1/nowhere")
    sa.event.listen(copy.engine, "do_connect", refuse_connection)
    away = Database(database.engine, replica=copy)
    copy.look()
    for _ in range(3):
        assert not _read(away)[1]
    assert tried == [True]

    monkeypatch.setattr(db.replica, "Thread", _AtOnce)
    now += db.replica.REST_SECONDS
    assert not copy.is_there()
    assert not copy.is_there()
    assert tried == [True, True]
    assert heard.why == []

    sa.event.remove(copy.engine, "do_connect", refuse_connection)
    sa.event.listen(copy.engine, "do_connect", lambda *_: psycopg.connect(pair.standby.url(NAME)))
    now += db.replica.REST_SECONDS
    # The one that looks is told by the primary, the next one may ask the copy.
    assert [copy.is_there(), copy.is_there()] == [False, True]
    copy.engine.dispose()


class _AtOnce:
    """A thread whose work is done when it starts."""

    def __init__(self, *, target: Callable[[], None], **_: object) -> None:
        self.start = target


def test_a_copy_that_breaks_under_a_read_is_left(
    database: Database, pair: Pair, heard: Heard
) -> None:
    """Whoever read is told to try again, which is counted; the next read goes to the primary."""
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        _read_and_break(database, pair)
    assert heard.why == ["unreachable"]

    assert not _read(database)[1]


def _read_and_break(database: Database, pair: Pair) -> None:
    with reading(database, is_heavy=True) as session:
        connection = session.connection()
        number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with psycopg.connect(pair.standby.url(NAME)) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        session.exec(select(ClinicRow)).all()


def test_the_administrator_sees_how_far_the_copy_is(database: Database) -> None:
    """And that there is none."""
    access = grant_admin(make_small_clinic(database).administrator)
    state = system_state(database, access)
    assert state.has_replica
    assert state.replica_lag_bytes is not None

    alone = system_state(Database(database.engine), access)
    assert (alone.has_replica, alone.replica_lag_bytes) == (False, None)


@pytest.mark.parametrize(
    ("database_url", "replica_url", "words"),
    [
        ("sqlite:///{folder}/mendline.db", "postgresql://copy/name", "only a PostgreSQL server"),
        ("postgresql://host/name", "sqlite:///{folder}/copy.db", "names no PostgreSQL server"),
        ("postgresql://host/name", "nonsense", "MENDLINE_REPLICA_URL is not a database address"),
    ],
)
def test_a_copy_that_cannot_be_one_is_refused(
    database_url: str,
    replica_url: str,
    words: str,
    tmp_path: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At the start, in one sentence."""
    monkeypatch.setenv("MENDLINE_DATABASE_URL", database_url.format(folder=tmp_path))
    monkeypatch.setenv("MENDLINE_REPLICA_URL", replica_url.format(folder=tmp_path))

    with pytest.raises(DatabaseUnavailable, match=words):
        open_configured()


def test_a_copy_is_opened_when_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """And only then."""
    monkeypatch.setenv("MENDLINE_DATABASE_URL", "postgresql://host/name")
    assert open_configured().replica is None

    monkeypatch.setenv("MENDLINE_REPLICA_URL", "postgresql://copy/name")
    opened = open_configured().replica
    assert opened is not None
    assert opened.engine.url.host == "copy"
