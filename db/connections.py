"""Engines: how connections are made, pooled and given up, on each of the two databases."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db.addresses import DATABASE_VARIABLE, Address, read_address
from db.refusals import keep_values_out, leave_lost_server
from db.watching import WatchedPool
from recovery.errors import DatabaseUnavailable

BUSY_TIMEOUT_MS = 5_000
CONNECTIONS_VARIABLE = "MENDLINE_DATABASE_CONNECTIONS"
CONNECTIONS = 20
"""Most connections of one process to a server at once, unless set."""

MAX_CONNECTIONS = 1_000
FREE_SECONDS = 10
"""How long somebody waits for a connection that others use."""

RENEW_SECONDS = 1_800
"""Age at which a connection is replaced, so that all move after names were given anew."""

_AS_ADDRESS = "file:"
"""How SQLite tells an address of a file from its path."""

SERVER_PARAMETERS = {
    "application_name": "mendline",
    # For each machine of the address, before the next one is tried.
    "connect_timeout": "3",
    # A machine that lost its power closes nothing: silence is noticed after 25 s where nothing
    # was asked, and after 10 s where something was.
    "keepalives": "1",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""What every connection to a server has unless the address says otherwise; times in s and ms."""

SERVER_OPTIONS = (
    # Somebody who waits this long for a row is told that the database is busy.
    "-c lock_timeout=10s",
    # A process that hangs in the middle of a transaction must not hold its rows for ever.
    "-c idle_in_transaction_session_timeout=60s",
)
"""
Settings of each session.

There is no ``statement_timeout``: it would also end the wait for a synchronous standby, and the
server then answers as if the standby had what was stored.
"""


def open_engine(url: str, variable: str = DATABASE_VARIABLE) -> sa.Engine:
    """
    Open an engine with the settings that keep what was acknowledged.

    Bound values never reach an exception text, since those reach logs.

    Args:
        url: Of a file or of one or more servers, as ``db.addresses.read_address`` reads it.
        variable: Where it was set, for the words of a refusal.

    Raises:
        DatabaseUnavailable: If *url* is no address of a database that can be used.
    """
    address = read_address(url, variable)
    return server_engine(address) if address.is_server else _file_engine(address)


def server_engine(
    address: Address, *, pool: type[sa.QueuePool] = WatchedPool, **more: str
) -> sa.Engine:
    """
    Open an engine to a PostgreSQL server.

    Args:
        address: Whose; it names at least a scheme.
        pool: What keeps its connections.
        **more: Parameters of libpq that this engine wants in place of ours, unless the address
            says otherwise.
    """
    options = " ".join([*SERVER_OPTIONS, address.parameters.get("options", "")]).strip()
    engine = sa.create_engine(
        address.url,
        poolclass=pool,
        connect_args=SERVER_PARAMETERS | more | address.parameters | {"options": options},
        hide_parameters=True,
        pool_size=_connections(),
        max_overflow=0,
        pool_timeout=FREE_SECONDS,
        pool_recycle=RENEW_SECONDS,
        # Those not needed grow old together and are closed; a crowd opens them again.
        pool_use_lifo=True,
        pool_pre_ping=True,
    )
    sa.event.listen(engine, "handle_error", keep_values_out)
    sa.event.listen(engine, "handle_error", leave_lost_server)
    return engine


def _connections() -> int:
    text = os.environ.get(CONNECTIONS_VARIABLE) or str(CONNECTIONS)
    if not text.isdecimal() or not 1 <= int(text) <= MAX_CONNECTIONS:
        raise DatabaseUnavailable(
            f"{CONNECTIONS_VARIABLE} is not a number from 1 to {MAX_CONNECTIONS}. Write it like 20."
        )
    return int(text)


def _file_engine(address: Address) -> sa.Engine:
    file = address.url.database or ""
    # The other form names a file that is there, and more beside its path.
    if not file.startswith(_AS_ADDRESS):
        _make_folder(Path(file).parent)
    engine = sa.create_engine(
        address.url,
        poolclass=WatchedPool,
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1_000},
    )
    sa.event.listen(engine, "do_connect", _make_private_file)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


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
    if file.startswith(_AS_ADDRESS):
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
