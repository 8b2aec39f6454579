"""Databases as the releases before this one left them behind: their schema and their data."""

import gzip
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import UTCDateTime

from db.engine import Database, open_engine

FOLDER = Path(__file__).parent / "db" / "released"
REVISIONS = tuple(sorted(file.name.split(".")[0] for file in FOLDER.glob("*.json.gz")))
"""What was released, the oldest first."""

_TYPES: Mapping[str, sa.types.TypeEngine[Any]] = {
    "uuid": sa.Uuid(),
    "datetime": UTCDateTime(),
    "date": sa.Date(),
    "json": sa.JSON(none_as_null=True),
    "bool": sa.Boolean(),
    "bytes": sa.LargeBinary(),
    "plain": sa.types.NullType(),
}


@dataclass(frozen=True, slots=True)
class Stored:
    """
    What a release kept in one table.

    Attributes:
        types: Kind of value of each column, in order.
        rows: Values of each row, by column.
    """

    types: dict[str, str]
    rows: list[dict[str, Any]]


@cache
def stored_by(revision: str) -> dict[str, Stored]:
    """Return what the release kept, by table, each after those that it refers to."""
    read = json.loads(_text(f"{revision}.json.gz"))
    return {
        name: Stored(
            table["columns"],
            [
                {
                    column: _value(kind, plain)
                    for (column, kind), plain in zip(table["columns"].items(), row, strict=True)
                }
                for row in table["rows"]
            ],
        )
        for name, table in read.items()
    }


def make_released(url: str, revision: str) -> sa.Engine:
    """Fill an empty database with the schema and the rows of a release, and return its engine."""
    engine = open_engine(url)
    _make_schema(engine, revision)
    with engine.execution_options(mendline_writes=True).begin() as connection:
        # Two tables refer to each other; what holds in the end is looked at by the tests.
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.execute(
            sa.text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision}
        )
        for name, stored in stored_by(revision).items():
            if stored.rows:
                connection.execute(table_of(name, stored).insert(), stored.rows)
    return engine


@contextmanager
def released_at(url: str, revision: str) -> Iterator[Database]:
    """Return a database as a release left it, and close it whatever comes of it."""
    engine = make_released(url, revision)
    try:
        yield Database(engine)
    finally:
        engine.dispose()


def table_of(name: str, stored: Stored) -> sa.TableClause:
    """Return a table with the columns that it had in a release."""
    columns = (sa.column(each, _TYPES[kind]) for each, kind in stored.types.items())
    return sa.table(name, *columns)


def _make_schema(engine: sa.Engine, revision: str) -> None:
    script = _text(f"{revision}.{engine.dialect.name}.sql.gz")
    connection = engine.raw_connection()
    driver = connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.executescript(script)
    else:
        connection.cursor().execute(script)
        connection.commit()
    # The script changes settings of the connection, so it is closed for good.
    connection.detach()
    connection.close()


def _text(name: str) -> str:
    return gzip.decompress((FOLDER / name).read_bytes()).decode()


def _value(kind: str, plain: Any) -> Any:
    if plain is None:
        return None
    readers: dict[str, Callable[[str], Any]] = {
        "uuid": UUID,
        "datetime": datetime.fromisoformat,
        "date": date.fromisoformat,
        "bytes": bytes.fromhex,
    }
    return readers[kind](plain) if kind in readers else plain
