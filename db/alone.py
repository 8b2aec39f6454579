"""A database for oneself: nobody else reads or writes it while it is moved."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlmodel import SQLModel

from db.refusals import translated
from recovery.errors import DatabaseUnavailable

WAIT_SECONDS = 5
"""How long whoever is about to leave is waited for, as long as SQLite waits for a lock."""

_PAUSE_SECONDS = 0.1
_IN_USE = (
    "Somebody is using the {what} database. "
    "Stop Mendline and whatever else has it open, and try again."
)
# Seen by everybody, also without rights over others; what the server does for itself is nobody.
_OTHERS = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
    " AND coalesce(backend_type, 'client backend') = 'client backend'"
)


@contextmanager
def alone(engine: sa.Engine, what: str) -> Iterator[sa.Connection]:
    """
    Yield the only connection to a database, outside any transaction.

    SQLite's file is locked for as long as the block lasts, also for readers. PostgreSQL has no
    such lock: nobody may be connected at the start, and ``frozen`` holds off writers.

    Args:
        engine: Its connections; those that lie idle in its pool count as somebody.
        what: Which database, in the refusal: "old" or "new".

    Raises:
        DatabaseUnavailable: If somebody else has it open, or it cannot be opened.
    """
    with translated(), engine.connect() as connection:
        try:
            if connection.dialect.name == "postgresql":
                _wait_for_others(connection, what)
            else:
                _lock_file(connection, what)
            yield connection
        finally:
            # Closed and not kept in the pool, so that a lock goes with it.
            connection.invalidate()


@contextmanager
def frozen(connection: sa.Connection) -> Iterator[None]:
    """Show the database as of one instant for the block, and let nobody write to it."""
    if connection.dialect.name != "postgresql":
        with connection.begin():
            yield
        return
    connection.execution_options(isolation_level="REPEATABLE READ")
    with connection.begin():
        # It also waits here while the other database is written.
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        names = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in _names())
        # Before anything is read, since the first look decides which instant is shown.
        connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")
        yield


def _names() -> list[str]:
    return [table.name for table in SQLModel.metadata.sorted_tables]


def _wait_for_others(connection: sa.Connection, what: str) -> None:
    give_up = time.monotonic() + WAIT_SECONDS
    while True:
        with connection.begin():
            others = connection.scalar(_OTHERS)
        if not others:
            return
        if time.monotonic() > give_up:
            raise DatabaseUnavailable(_IN_USE.format(what=what))
        time.sleep(_PAUSE_SECONDS)


def _lock_file(connection: sa.Connection, what: str) -> None:
    driver = connection.connection.dbapi_connection
    if driver is None:
        raise DatabaseUnavailable("The database closed the connection. Try again.")
    # Whoever has the file open, even idle, holds it shared, so this is refused beside a server.
    driver.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execution_options(mendline_writes=True)
    try:
        # The first look takes the lock, which then stays until the connection is closed.
        with connection.begin():
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except sa.exc.OperationalError as error:
        if "locked" not in str(error.orig):
            raise
        raise DatabaseUnavailable(_IN_USE.format(what=what)) from error
