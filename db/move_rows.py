"""Rows on their way from one database to another: read in the order of their keys, and written."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlmodel import SQLModel

from db.refusals import plain_words
from recovery.errors import DatabaseUnavailable, InvalidEntry

BATCH = 10_000
"""Rows of one transaction: what is done again, at most, after a move was cut off."""

Key = tuple[Any, ...]
Row = Sequence[Any]

_REFUSED = (sa.exc.DataError, sa.exc.IntegrityError, psycopg.DataError, psycopg.IntegrityError)
_NOT_SHOWN = "..."
_AS_TEXT = (sa.Enum, sa.JSON, sa.Uuid)


@dataclass(frozen=True, slots=True)
class Moved:
    """
    A table as it is moved: its key's columns first, and some values as the text they are stored as.

    JSON and the words of an enumeration, so that a null inside JSON stays apart from no value and
    every letter stays where it is; UUIDs as 32 digits, since making objects of them takes longer
    than all the rest.
    """

    table: sa.Table

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.table.name

    @property
    def key(self) -> list[sa.Column[Any]]:
        """The columns of its key."""
        return list(self.table.primary_key.columns)

    @property
    def columns(self) -> list[sa.Column[Any]]:
        """All its columns, those of the key first."""
        rest = [column for column in self.table.columns if not column.primary_key]
        return [*self.key, *rest]

    def key_of(self, row: Row) -> Key:
        """Return the key of a row."""
        return tuple(row[: len(self.key)])

    def place_of(self, row: Row) -> str:
        """
        Name a row by its table and key.

        Texts are left out: a key may hold a word of somebody's name.
        """
        parts = zip(self.key, row, strict=False)
        return " ".join([self.name, *(_shown(column, part) for column, part in parts)])


def all_moved() -> list[Moved]:
    """Return every table of this version, each after those that its rows belong to."""
    return [Moved(table) for table in SQLModel.metadata.sorted_tables]


def count(connection: sa.Connection, moved: Moved) -> int:
    """Return how many rows a table has."""
    return connection.scalar(sa.select(sa.func.count()).select_from(moved.table)) or 0


def last_key(connection: sa.Connection, moved: Moved) -> Key | None:
    """Return the greatest key of a table, or None while it is empty."""
    ordered = [part.desc() for part in _in_order(connection, moved)]
    query = sa.select(*_as_stored(connection, moved.key)).order_by(*ordered).limit(1)
    found = connection.execute(query).first()
    return None if found is None else tuple(found)


def batches(
    connection: sa.Connection, moved: Moved, *, after: Key | None = None
) -> Generator[Sequence[Row]]:
    """
    Read the rows of a table in the order of its key, ``BATCH`` at a time; to be closed.

    The order is the same on both engines: texts by code point.

    Args:
        connection: In a transaction.
        moved: The table.
        after: The key to go on behind; None reads all.
    """
    order = _in_order(connection, moved)
    query = sa.select(*_as_stored(connection, moved.columns)).order_by(*order)
    if after is not None:
        bound = (_bound(column, part) for column, part in zip(moved.key, after, strict=True))
        query = query.where(sa.tuple_(*order) > sa.tuple_(*bound))
    with closing(connection.execute(query, execution_options={"yield_per": BATCH})) as streamed:
        yield from streamed.partitions()


def write(connection: sa.Connection, moved: Moved, rows: Sequence[Row]) -> None:
    """
    Store a batch in one transaction.

    Raises:
        InvalidEntry: If the database refuses a row, naming it; none of the batch is stored.
        DatabaseUnavailable: If the database cannot be written now.
    """
    try:
        with connection.begin():
            _insert(connection, moved, rows)
    except _REFUSED:
        refused = _first_refused(connection, moved, rows)
        # Without the database's own error, which quotes the row.
        raise InvalidEntry(
            f"The new database refuses a row: {moved.place_of(refused)}. "
            "Mend it in the old database, and run the same command again."
        ) from None
    except psycopg.Error as error:
        raise _unavailable(error) from None


def finish(connection: sa.Connection) -> None:
    """Do in one transaction what PostgreSQL needs after rows came with keys of their own."""
    if connection.dialect.name != "postgresql":
        return
    for moved in all_moved():
        for column in moved.key:
            _set_sequence(connection, moved.name, column.name)
    # Until it has counted, the planner takes every table for an empty one.
    connection.exec_driver_sql("ANALYZE")


def _set_sequence(connection: sa.Connection, table: str, column: str) -> None:
    names = {"of_table": table, "of_column": column}
    asked = sa.text("SELECT pg_get_serial_sequence(:of_table, :of_column)")
    sequence = connection.scalar(asked, names)
    if sequence is None:
        return
    greatest = connection.scalar(
        sa.select(sa.func.max(sa.column(column))).select_from(sa.table(table))
    )
    if greatest is not None:
        connection.scalar(sa.select(sa.func.setval(sequence, greatest)))


def _in_order(connection: sa.Connection, moved: Moved) -> list[sa.ColumnElement[Any]]:
    if connection.dialect.name != "postgresql":
        return list(moved.key)
    return [
        sa.collate(column, "C") if isinstance(_plain(column.type), sa.String) else column
        for column in moved.key
    ]


def _plain(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, sa.types.TypeDecorator) else kind


def _as_stored(
    connection: sa.Connection, columns: Sequence[sa.Column[Any]]
) -> list[sa.ColumnElement[Any]]:
    return [_read(connection, column) for column in columns]


def _read(connection: sa.Connection, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    if not isinstance(column.type, _AS_TEXT):
        return column
    if isinstance(column.type, sa.Uuid) and connection.dialect.name == "postgresql":
        return sa.func.replace(sa.cast(column, sa.Text), "-", "")
    return sa.cast(column, sa.Text)


def _bound(column: sa.Column[Any], part: Any) -> sa.BindParameter[Any]:
    if isinstance(column.type, sa.Uuid):
        return sa.bindparam(None, UUID(part), type_=column.type)
    return sa.bindparam(None, part, type_=_stored_type(column))


def _stored_type(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    return sa.Text() if isinstance(column.type, _AS_TEXT) else column.type


def _shown(column: sa.Column[Any], part: Any) -> str:
    if isinstance(column.type, sa.Uuid):
        return str(UUID(part))
    return _NOT_SHOWN if isinstance(part, str) else str(part)


def _insert(connection: sa.Connection, moved: Moved, rows: Sequence[Row]) -> None:
    if connection.dialect.name == "postgresql":
        _copy(connection, moved, rows)
        return
    names = [column.name for column in moved.columns]
    stored = sa.table(
        moved.name,
        *(sa.column(column.name, _stored_type(column)) for column in moved.columns),
    )
    connection.execute(stored.insert(), [dict(zip(names, row, strict=True)) for row in rows])


def _copy(connection: sa.Connection, moved: Moved, rows: Sequence[Row]) -> None:
    driver = cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(moved.name),
        sql.SQL(", ").join(sql.Identifier(column.name) for column in moved.columns),
    )
    with driver.cursor() as cursor, cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row(row)


def _first_refused(connection: sa.Connection, moved: Moved, rows: Sequence[Row]) -> Row:
    """Find the row of a refused batch by halving it; nothing is stored."""
    refused = list(rows)
    stored: list[Row] = []
    while len(refused) > 1:
        half = refused[: len(refused) // 2]
        if _is_taken(connection, moved, [*stored, *half]):
            stored, refused = [*stored, *half], refused[len(half) :]
        else:
            refused = half
    return refused[0]


def _is_taken(connection: sa.Connection, moved: Moved, rows: Sequence[Row]) -> bool:
    with connection.begin() as tried:
        try:
            _insert(connection, moved, rows)
        except _REFUSED:
            return False
        finally:
            tried.rollback()
    return True


def _unavailable(error: psycopg.Error) -> DatabaseUnavailable:
    wrapped = sa.exc.OperationalError("COPY", None, error)
    return DatabaseUnavailable(plain_words(wrapped))
