"""Very many rows at once: ``COPY`` on PostgreSQL, ``executemany`` on SQLite."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

import sqlalchemy as sa

from recovery.errors import DatabaseUnavailable

_BATCH = 20_000
_CACHE_KIB = 400_000


@contextmanager
def hurried(engine: sa.Engine) -> Iterator[sa.Connection]:
    """
    Open a connection that writes fast and keeps nothing safe until the block is over.

    On SQLite it does not wait for the disk; its settings are set back and all of it is brought to
    the disk at the end. PostgreSQL needs no such thing: it waits once a transaction.
    """
    with engine.execution_options(mendline_writes=True).connect() as connection:
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            yield connection
            return
        before = {name: driver.execute(f"PRAGMA {name}").fetchone()[0] for name in _PRAGMAS}
        try:
            _set(driver, _PRAGMAS)
            yield connection
        finally:
            connection.rollback()
            _set(driver, before)
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def load(
    connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]], *names: str
) -> int:
    """
    Add rows in the transaction of *connection* and return how many.

    Args:
        connection: Of ``hurried``, or any other.
        table: Where to.
        rows: Each with a value for every one of *names*, as the models have them.
        *names: Columns to write; all of the table unless given.
    """
    columns = [table.c[name] for name in names] if names else list(table.c)
    kept = [(column.name, _processor(column, connection.dialect)) for column in columns]
    bound = ([as_driver(row[name]) for name, as_driver in kept] for row in rows)
    spelled = ", ".join(f'"{column.name}"' for column in columns)
    driver = connection.connection.driver_connection
    # The transaction has to be there: what goes to the driver alone does not begin it.
    connection.execute(sa.select(sa.literal(1)))
    if isinstance(driver, sqlite3.Connection):
        marks = ", ".join("?" * len(columns))
        statement = f'INSERT INTO "{table.name}" ({spelled}) VALUES ({marks})'  # noqa: S608 - names of our own tables
        return _executed(driver, statement, bound)
    return _copied(connection, f'COPY "{table.name}" ({spelled}) FROM STDIN', bound)


_PRAGMAS = {"synchronous": 0, "cache_size": -_CACHE_KIB, "temp_store": 2}


def _set(driver: sqlite3.Connection, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        driver.execute(f"PRAGMA {name}={int(value)}")


def _processor(column: sa.Column[Any], dialect: sa.Dialect) -> Callable[[Any], Any]:
    """Return what turns a value of the models into one of the driver."""
    return column.type.dialect_impl(dialect).bind_processor(dialect) or _unchanged


def _unchanged(value: Any) -> Any:
    return value


def _executed(driver: sqlite3.Connection, statement: str, rows: Iterator[list[Any]]) -> int:
    written = 0
    while batch := list(islice(rows, _BATCH)):
        driver.executemany(statement, batch)
        written += len(batch)
    return written


def _copied(connection: sa.Connection, statement: str, rows: Iterator[list[Any]]) -> int:
    driver: Any = connection.connection.driver_connection
    if driver is None:
        raise DatabaseUnavailable("The database closed the connection. Try again.")
    written = 0
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            written += 1
    return written
