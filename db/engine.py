"""The one database of the process, and the ways to use it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from db.addresses import REPLICA_VARIABLE, configured_replica_url, configured_url
from db.connections import open_engine
from db.patience import Outage, patience, pause_for, pauses
from db.refusals import Stage, translated
from db.replica import Replica, open_replica, written_by
from recovery.errors import DatabaseUnavailable, Interrupted, OutcomeUnknown
from recovery.wording import tr

__all__ = [
    "Database",
    "Session",
    "act",
    "configured_url",
    "current",
    "open_configured",
    "open_engine",
    "reading",
    "serve",
    "writing",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Database:
    """
    The database that this process serves.

    Attributes:
        engine: Its connections.
        is_demo: Whether it is a throw-away demo clinic.
        replica: A copy that heavy reads may use; None when all go to the one database.
        outage: Since when it has been away.
    """

    engine: sa.Engine
    is_demo: bool = False
    replica: Replica | None = None
    outage: Outage = field(default_factory=Outage, compare=False, repr=False)


_lock = threading.Lock()
_current: Database | None = None


def serve(database: Database) -> Database:
    """Make *database* the one this process serves, and return it."""
    global _current  # noqa: PLW0603 - one database per process is the point
    with _lock:
        _current = database
    return database


def current() -> Database:
    """
    Return the database this process serves.

    Raises:
        DatabaseUnavailable: If none has been opened yet.
    """
    if _current is None:
        raise DatabaseUnavailable(tr("The database is not open yet. Try again in a moment."))
    return _current


def open_configured() -> Database:
    """
    Open the database of ``MENDLINE_DATABASE_URL``, with the copy of ``MENDLINE_REPLICA_URL``.

    Raises:
        DatabaseUnavailable: If one of them is no address of a database that can be used.
    """
    engine = open_engine(configured_url())
    copy = configured_replica_url()
    if copy is not None and engine.dialect.name != "postgresql":
        raise DatabaseUnavailable(
            f"{REPLICA_VARIABLE} is set, and only a PostgreSQL server has copies to read from. "
            "Leave it out, or name the server in MENDLINE_DATABASE_URL."
        )
    return Database(engine, replica=None if copy is None else open_replica(copy))


@contextmanager
def reading(
    database: Database | None = None, *, waits: bool = True, is_heavy: bool = False
) -> Iterator[Session]:
    """
    Open a session for reading; nothing is committed.

    Args:
        database: Which; the one this process serves unless given.
        waits: Whether to wait for a database that is away for a moment.
        is_heavy: Whether it reads much and writes nothing, so that a copy that shows everything
            stored so far may answer in place of the primary.

    Raises:
        DatabaseUnavailable: If the database cannot be read now.
    """
    chosen = database or current()
    open_connection = _readable if is_heavy and chosen.replica else _connected
    with (
        translated(),
        open_connection(chosen, chosen.engine, waits=waits) as connection,
        Session(connection) as session,
    ):
        yield session


@contextmanager
def writing(database: Database | None = None) -> Iterator[Session]:
    """
    Open a session for one transaction, committed once at the end of the block.

    On SQLite the transaction takes the write lock when it begins, so what was read
    inside it cannot have changed when it is written. A database that is away for a moment is
    waited for before the block begins; see ``act`` for what breaks off inside it.

    Raises:
        Interrupted: If the connection broke, or another transaction was in the way: nothing was
            stored, and the same may be done again.
        OutcomeUnknown: If the connection broke while the transaction was being committed.
        DatabaseUnavailable: If the database cannot be written now; nothing was stored.
    """
    chosen = database or current()
    engine = chosen.engine.execution_options(mendline_writes=True)
    stage = Stage()
    with (
        translated(stage),
        _connected(chosen, engine, waits=True) as connection,
        Session(connection, expire_on_commit=False) as session,
        session.begin(),
    ):
        session.info["commits"] = True
        yield session
        # What many transactions wait for comes last and in one order: counts that everybody adds
        # to, then the audit's place in its chain.
        for name in ("counts_at_end", "at_end"):
            at_end: Callable[[Session], None] = session.info.get(name, _nothing)
            at_end(session)
        session.flush()
        stage.is_committing = True


def act(
    work: Callable[[Session], T], *, is_keyed: bool = False, database: Database | None = None
) -> T:
    """
    Do *work* in one transaction; again when a broken connection or another's stopped it.

    It is done again only while nobody was told that it is done, and for as long as a database
    that is away is waited for.

    Args:
        work: Uses the session and changes nothing else, so that it may run more than once.
        is_keyed: Whether *work* carries an idempotency key, or leaves the same when done
            twice; then it is done again even when nobody knows whether it was stored.
        database: Which; the one this process serves unless given.

    Raises:
        OutcomeUnknown: If nobody knows whether it was stored.
        DatabaseUnavailable: If the database cannot be written now; nothing was stored.
    """
    again = (Interrupted, OutcomeUnknown) if is_keyed else (Interrupted,)
    unknown: OutcomeUnknown | None = None
    waits = pauses(patience())
    while True:
        try:
            with writing(database) as session:
                _asked_first.get()(session)
                return work(session)
        except DatabaseUnavailable as error:
            unknown = error if isinstance(error, OutcomeUnknown) else unknown
            pause = next(waits, None) if isinstance(error, again) else None
            if pause is None:
                # One try whose end nobody knows is what has to be told, whatever came after it.
                raise unknown or error from error
        pause_for(pause)


@contextmanager
def asking_first(question: Callable[[Session], None]) -> Iterator[None]:
    """
    Ask *question* in each transaction of ``act`` in the block, before anything is done in it.

    Args:
        question: Raises what the act is refused with.
    """
    before = _asked_first.set(question)
    try:
        yield
    finally:
        _asked_first.reset(before)


@contextmanager
def _connected(database: Database, engine: sa.Engine, *, waits: bool) -> Iterator[sa.Connection]:
    connect = engine.connect
    with database.outage.wait_out(connect) if waits else connect() as connection:
        yield connection


@contextmanager
def _readable(database: Database, engine: sa.Engine, *, waits: bool) -> Iterator[sa.Connection]:
    """Yield a connection to the copy when it shows all that is stored now, else to the primary."""
    if database.replica is not None and database.replica.is_there():
        with _connected(database, engine, waits=waits) as primary:
            written = written_by(primary)
        with database.replica.level_with(written) as copy:
            if copy is not None:
                yield copy
                return
    with _connected(database, engine, waits=waits) as primary:
        yield primary


def _nothing(_session: Session) -> None:
    """Do nothing: most transactions have nothing to do at their end."""


_asked_first: ContextVar[Callable[[Session], None]] = ContextVar("asked_first", default=_nothing)
