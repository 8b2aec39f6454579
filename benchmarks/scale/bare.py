"""
What an act costs without the app: the same rows, straight through the driver.

The statements that an act sends are noted while it is done and undone. Then the driver sends
each different one once, with the same values, in one transaction, and reads all that comes.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from db.engine import Database, reading, writing

MILLISECONDS = 1_000
Act = Callable[[Session], object]


@dataclass(frozen=True, slots=True)
class Sent:
    """One statement with its values; *is_many* when the values are those of many rows."""

    statement: str
    values: Any
    is_many: bool


def time_act(database: Database, act: Act, *, writes: bool) -> float:
    """Do something as the app does and return how many milliseconds it took."""
    began = time.perf_counter()
    with (writing if writes else reading)(database) as session:
        act(session)
    return (time.perf_counter() - began) * MILLISECONDS


def statements_of(database: Database, act: Act, *, writes: bool) -> list[Sent]:
    """Do something, undo it, and return the statements that it sent, in order."""
    sent: list[Sent] = []

    def note(
        _connection: Any,
        _cursor: Any,
        statement: str,
        values: Any,
        _context: Any,
        is_many: bool,  # noqa: FBT001
    ) -> None:
        sent.append(Sent(statement, values, is_many))

    with (writing if writes else reading)(database) as session:
        # Not on the engine: others of its connections are not meant, and this one is gone after.
        connection = session.connection()
        sa.event.listen(connection, "before_cursor_execute", note)
        act(session)
        session.flush()
        for name in ("counts_at_end", "at_end"):
            at_end = session.info.pop(name, None)
            if at_end is not None:
                at_end(session)
        session.flush()
        sa.event.remove(connection, "before_cursor_execute", note)
        session.rollback()
    return sent


def once_each(sent: list[Sent]) -> list[Sent]:
    """Leave out what has been asked already, and the savepoints of the app's own making."""
    seen: set[str] = set()
    kept = []
    for each in sent:
        key = f"{each.statement} {each.values!r}"
        if key not in seen and "SAVEPOINT" not in each.statement:
            seen.add(key)
            kept.append(each)
    return kept


def time_bare(database: Database, sent: list[Sent], *, writes: bool) -> float:
    """Send statements through the driver alone and return how many milliseconds it took."""
    began = time.perf_counter()
    pooled = database.engine.raw_connection()
    driver: Any = pooled.driver_connection
    cursor = driver.cursor()
    if isinstance(driver, sqlite3.Connection):
        cursor.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    for each in sent:
        (cursor.executemany if each.is_many else cursor.execute)(each.statement, each.values)
        if cursor.description is not None:
            cursor.fetchall()
    (driver.commit if writes else driver.rollback)()
    pooled.close()
    return (time.perf_counter() - began) * MILLISECONDS
