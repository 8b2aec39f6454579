"""What the app says to SQLite while people act, word for word, to be said again elsewhere."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db.connections import open_engine
from db.engine import Database

_WITH_TRIGGER = "INSERT INTO audit "
Act = Callable[[Database], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """
    Acts of people, as SQLite heard of them.

    Attributes:
        begin: The file before the first.
        settings: What each connection says before anything else.
        acts: The statements of each, transaction and all.
        states: What the database held before the first act and after each.
    """

    begin: bytes
    settings: tuple[str, ...]
    acts: tuple[tuple[str, ...], ...]
    states: tuple[str, ...]


def record(file: Path, acts: Sequence[Act]) -> Recording:
    """Do *acts* one after another on the database *file*, by the app's own engine."""
    begin = file.read_bytes()
    heard: list[str] = []
    with _listening(file, heard) as database:
        with database.engine.connect():
            settings = _taken(heard)
        states, spoken = [content_of(file)], []
        for act in acts:
            act(database)
            spoken.append(_taken(heard))
            states.append(content_of(file))
    return Recording(begin=begin, settings=settings, acts=tuple(spoken), states=tuple(states))


def content_of(file: Path) -> str:
    """Return a sign of all that the database *file* holds, or of it being damaged."""
    connection = sqlite3.connect(file)
    try:
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            return "damaged"
        return content_heard(lambda statement: connection.execute(statement).fetchall())
    finally:
        connection.close()


def content_heard(ask: Callable[[str], list[Any]]) -> str:
    """Return the same sign by a connection of any kind."""
    sign = hashlib.sha256()
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    for (name,) in ask(tables):
        rows = sorted(repr(tuple(row)) for row in ask(f'SELECT * FROM "{name}"'))
        sign.update(repr((name, rows)).encode())
    return sign.hexdigest()


@contextmanager
def _listening(file: Path, heard: list[str]) -> Iterator[Database]:
    engine = open_engine(f"sqlite:///{file}")

    def listen(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(heard.append)

    # Before the engine's own settings, so that they are heard too.
    sa.event.listen(engine, "connect", listen, insert=True)
    yield Database(engine)
    engine.dispose()


def _taken(heard: list[str]) -> tuple[str, ...]:
    # A statement with a trigger is told again when the trigger runs.
    again = {
        number
        for number, pair in enumerate(pairwise(heard), start=1)
        if pair[0] == pair[1] and pair[0].startswith(_WITH_TRIGGER)
    }
    said = tuple(each for number, each in enumerate(heard) if number not in again)
    heard.clear()
    return said
