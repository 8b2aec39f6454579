"""The one database of the process, and the ways to use it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from db.addresses import configured_url
from db.connections import open_engine
from db.patience import Outage, patience, pause_for, pauses
from db.refusals import Stage, translated
from recovery.errors import DatabaseUnavailable, Interrupted, OutcomeUnknown
from recovery.wording import tr

__all__ = [
    "Database",
    "Session",
    "act",
    "configured_url",
    "current",
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
        outage: Since when it has been away.
    """

    engine: sa.Engine
    is_demo: bool = False
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


@contextmanager
def reading(database: Database | None = None, *, waits: bool = True) -> Iterator[Session]:
    """
    Open a session for reading; nothing is committed.

    Args:
        database: Which; the one this process serves unless given.
        waits: Whether to wait for a database that is away for a moment.

    Raises:
        DatabaseUnavailable: If the database cannot be read now.
    """
    chosen = database or current()
    with (
        translated(),
        _connected(chosen, chosen.engine, waits=waits) as connection,
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
                return work(session)
        except DatabaseUnavailable as error:
            unknown = error if isinstance(error, OutcomeUnknown) else unknown
            pause = next(waits, None) if isinstance(error, again) else None
            if pause is None:
                # One try whose end nobody knows is what has to be told, whatever came after it.
                raise unknown or error from error
        pause_for(pause)


@contextmanager
def _connected(database: Database, engine: sa.Engine, *, waits: bool) -> Iterator[sa.Connection]:
    connect = engine.connect
    with database.outage.wait_out(connect) if waits else connect() as connection:
        yield connection


def _nothing(_session: Session) -> None:
    """Do nothing: most transactions have nothing to do at their end."""
