"""
One database moved into another: copied in order, cut off and gone on with, and compared.

Rows are copied in the order of their keys, a batch in each transaction. So what is there of a
table is its beginning, and a move that was cut off goes on behind the greatest key it finds.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from db import move_mark, schema
from db.alone import alone, frozen
from db.audit_check import AuditCheck, find_break
from db.move_compare import differences
from db.move_rows import Moved, all_moved, batches, count, finish, last_key, write
from recovery.errors import InvalidEntry

MOST_NAMED = 10
"""Differences that are named; more would not help anybody to find the cause."""

Bar = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Draws how far it is: takes words and a total, and yields what to call with steps done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """
    A move that was made and found complete.

    Attributes:
        rows: In the new database, each compared with the old.
        copied: Of these, in this run.
        tables: How many hold them.
        audit: What the walk along the new audit found.
    """

    rows: int
    copied: int
    tables: int
    audit: AuditCheck


def move(old_engine: sa.Engine, new_engine: sa.Engine, bar: Bar) -> Move:
    """
    Copy all of one database into another, empty one, and compare every row.

    The old one is only read, and nobody else can write to it meanwhile. Cut off at any point and
    run again, it goes on; until it is complete, the new one carries a mark and is not served.

    Args:
        old_engine: Of this version's schema.
        new_engine: Empty, without tables or with those of this version.
        bar: Draws how far it is.

    Raises:
        InvalidEntry: If the new one holds something else, or a row is refused or differs.
        DatabaseUnavailable: If one is in use, of another version, or cannot be used.
    """
    schema.check(old_engine)
    with alone(old_engine, "old") as old, frozen(old):
        _refuse_same(old, new_engine)
        _prepare(new_engine)
        with alone(new_engine, "new") as new:
            return _move(old, new, bar)


def _prepare(engine: sa.Engine) -> None:
    """Give an empty database its tables."""
    revision = schema.revision_of(engine)
    if revision == schema.head():
        return
    if revision is not None:
        raise InvalidEntry(
            "The new database is of another version of Mendline. Make an empty one, and move there."
        )
    if sa.inspect(engine).get_table_names():
        raise InvalidEntry(
            "The new database holds tables of something else. Make an empty one, and move there."
        )
    schema.upgrade(engine)


def _move(old: sa.Connection, new: sa.Connection, bar: Bar) -> Move:
    tables = all_moved()
    counts = {table.name: count(old, table) for table in tables}
    with new.begin():
        there = {table.name: count(new, table) for table in tables}
        source = move_mark.fingerprint(old, counts)
        move_mark.begin_or_go_on(new, source, is_empty=not any(there.values()))
    total, before = sum(counts.values()), sum(there.values())
    with bar("Copying", total) as done:
        done(before)
        for table in tables:
            _copy(old, new, table, done)
    with new.begin(), bar("Comparing", total) as done:
        _refuse_differences(old, new, tables, done)
    with bar("Checking the audit", counts["audit"]) as done, Session(new) as session:
        audit = find_break(session)
        done(audit.entries)
    with new.begin():
        finish(new)
        move_mark.end(new)
    return Move(rows=total, copied=total - before, tables=len(tables), audit=audit)


def _copy(
    old: sa.Connection, new: sa.Connection, table: Moved, done: Callable[[int], None]
) -> None:
    with new.begin():
        after = last_key(new, table)
    with closing(batches(old, table, after=after)) as read:
        for batch in read:
            write(new, table, batch)
            done(len(batch))


def _refuse_differences(
    old: sa.Connection, new: sa.Connection, tables: list[Moved], done: Callable[[int], None]
) -> None:
    named: list[str] = []
    for table in tables:
        with closing(differences(old, new, table, done)) as found:
            named += islice(found, MOST_NAMED - len(named))
    if named:
        raise InvalidEntry(
            f"The new database is not the same: {'; '.join(named)}. "
            "Make a new, empty database, and move into that."
        )


def _refuse_same(old: sa.Connection, new_engine: sa.Engine) -> None:
    if old.dialect.name == new_engine.dialect.name and _identity(old) == _identity_of(new_engine):
        raise InvalidEntry("That is the old database itself. Name a new one with --to.")


def _identity_of(engine: sa.Engine) -> tuple[Any, ...]:
    if engine.dialect.name == "sqlite":
        return (_file(engine),)
    with engine.connect() as connection:
        return _identity(connection)


def _identity(connection: sa.Connection) -> tuple[Any, ...]:
    """Return what no other database has; a server may be reached by several addresses."""
    if connection.dialect.name == "sqlite":
        return (_file(connection.engine),)
    started = sa.text(
        "SELECT pg_postmaster_start_time(), oid FROM pg_database WHERE datname = current_database()"
    )
    return tuple(connection.execute(started).one())


def _file(engine: sa.Engine) -> Path:
    return Path(engine.url.database or "").resolve()
