"""Connections: one engine for the process, and the two ways to use it."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from recovery.errors import DatabaseUnavailable

__all__ = ["Database", "Session", "current", "open_engine", "reading", "serve", "writing"]

BUSY_TIMEOUT_MS = 5_000
DEFAULT_URL = "sqlite:///data/mendline.db"


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


def open_engine(url: str) -> sa.Engine:
    """
    Open an engine with the settings that keep what was acknowledged.

    Bound values never reach an exception text (``hide_parameters``), since those
    reach logs.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise DatabaseUnavailable(
            "MENDLINE_DATABASE_URL is not a database address. "
            "Write it like sqlite:///data/mendline.db or postgresql://user@host/name."
        ) from error
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True
        )
    if parsed.database:
        _make_folder(Path(parsed.database).parent)
    engine = sa.create_engine(
        parsed, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1_000}
    )
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
        raise DatabaseUnavailable("The database is not open yet. Try again in a moment.")
    return _current


@contextmanager
def reading(database: Database | None = None) -> Iterator[Session]:
    """
    Open a session for reading; nothing is committed.

    Raises:
        DatabaseUnavailable: If the database cannot be read now.
    """
    chosen = database or current()
    with _translated(), Session(chosen.engine) as session:
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
    with _translated(), Session(engine, expire_on_commit=False) as session, session.begin():
        session.info["commits"] = True
        yield session


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise DatabaseUnavailable(_plain_words(error)) from error


def _plain_words(error: DBAPIError) -> str:
    reason = str(error.orig).lower()
    if "locked" in reason:
        return "The database is busy. Nothing was lost: try again in a moment."
    if "readonly" in reason or "read-only" in reason:
        return "The database can only be read now. Tell the clinic, and try again later."
    if "full" in reason:
        return "The disk of the server is full. Tell the clinic, and try again later."
    return "The database cannot be reached now. Nothing was lost: try again in a moment."


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(
            f"The folder {folder} for the database cannot be made. Check its permissions."
        ) from error


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
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("mendline_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")
