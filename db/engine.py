"""Connections: one engine for the process, and the two ways to use it."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from db.refusals import keep_values_out, translated
from recovery.errors import DatabaseUnavailable
from recovery.wording import tr

__all__ = [
    "Database",
    "Session",
    "configured_url",
    "current",
    "open_engine",
    "reading",
    "serve",
    "writing",
]

BUSY_TIMEOUT_MS = 5_000
_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Database:
    """
    The database that this process serves.

    Attributes:
        engine: Its connections.
        is_demo: Whether it is a throw-away demo clinic.
    """

    engine: sa.Engine
    is_demo: bool = False


_lock = threading.Lock()
_current: Database | None = None


def configured_url() -> str:
    """Return ``MENDLINE_DATABASE_URL``, else the file beside the app, wherever it is run from."""
    beside_app = f"sqlite:///{_ROOT / 'data' / 'mendline.db'}"
    return os.environ.get("MENDLINE_DATABASE_URL") or beside_app


def open_engine(url: str) -> sa.Engine:
    """
    Open an engine with the settings that keep what was acknowledged.

    Bound values never reach an exception text, since those reach logs.

    Raises:
        DatabaseUnavailable: If *url* is no address of a database that can be used.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "postgresql":
        engine = sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True
        )
        sa.event.listen(engine, "handle_error", keep_values_out)
        return engine
    _make_folder(Path(parsed.database or "").parent)
    engine = sa.create_engine(
        parsed.set(drivername="sqlite"),
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1_000},
    )
    sa.event.listen(engine, "do_connect", _make_private_file)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


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
def reading(database: Database | None = None) -> Iterator[Session]:
    """
    Open a session for reading; nothing is committed.

    Raises:
        DatabaseUnavailable: If the database cannot be read now.
    """
    chosen = database or current()
    with translated(), Session(chosen.engine) as session:
        yield session


@contextmanager
def writing(database: Database | None = None) -> Iterator[Session]:
    """
    Open a session for one transaction, committed once at the end of the block.

    On SQLite the transaction takes the write lock when it begins, so what was read
    inside it cannot have changed when it is written.

    Raises:
        DatabaseUnavailable: If the database cannot be written now; nothing was stored.
    """
    chosen = database or current()
    engine = chosen.engine.execution_options(mendline_writes=True)
    with translated(), Session(engine, expire_on_commit=False) as session, session.begin():
        session.info["commits"] = True
        yield session
        # What many transactions wait for comes last and in one order: counts that everybody adds
        # to, then the audit's place in its chain.
        for name in ("counts_at_end", "at_end"):
            at_end: Callable[[Session], None] = session.info.get(name, _nothing)
            at_end(session)


def _parsed(url: str) -> sa.URL:
    refusal = DatabaseUnavailable(
        "MENDLINE_DATABASE_URL is not a database address. "
        "Write it like sqlite:///data/mendline.db or postgresql://user@host/name."
    )
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise refusal from error
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in {
        None,
        "",
        ":memory:",
    }
    # A database in memory would be a different, empty one in every thread.
    if not is_file and parsed.get_backend_name() != "postgresql":
        raise refusal
    return parsed


def _make_folder(folder: Path) -> None:
    """Make the folder for its owner alone; one that is there stays as it is."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(
            f"The folder {folder} for the database cannot be made. Check its permissions."
        ) from error


def _make_private_file(
    _dialect: object, _record: object, arguments: list[Any], _options: object
) -> None:
    """
    Make a missing file for its owner alone; SQLite gives the journals beside it its mode.

    A file that is there is never opened: closing it again would drop every lock that this
    process holds on it, and another process would take the database for free.
    """
    file = str(arguments[0])
    if file.startswith("file:"):
        return
    # Where it cannot be made, connecting says why.
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDONLY, 0o600))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver's own transaction handling is switched off; _begin_sqlite takes over.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    # A read-only file stays readable in the mode it has; writes are refused later.
    with suppress(sqlite3.OperationalError):
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    # What is deleted is overwritten, so that erased means erased.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("mendline_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")


def _nothing(_session: Session) -> None:
    """Do nothing: most transactions have nothing to do at their end."""
