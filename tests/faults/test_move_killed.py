"""Kill -9 in the middle of ``python -m db move``: run again, it ends complete and equal."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import move_rows, schema
from db.demo import fill_demo
from db.engine import Database, open_engine
from db.move import Bar, move
from db.move_rows import Moved, Row
from recovery.errors import DatabaseUnavailable
from tests.factories import TODAY
from tests.faults.figures import note_figures

BATCH = 40
KILLS = ((1, "inside"), (9, "after"), (30, "inside"), (2, "inside"))
"""At which batch of its run each is killed: inside the transaction, or before it is told."""

pytestmark = pytest.mark.faults


@pytest.fixture
def demo(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the address of a demo clinic."""
    file = tmp_path / "old.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(open_engine(f"sqlite:///{file}"))
    fill_demo(database, TODAY)
    database.engine.dispose()
    return f"sqlite:///{file}"


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store a few rows at a time, so that a small clinic takes many transactions."""
    monkeypatch.setattr(move_rows, "BATCH", BATCH)


@pytest.mark.usefixtures("small_batches")
def test_a_killed_move_goes_on(demo: str, empty_url: str) -> None:
    """What was told as stored is there, no batch in part, and nobody serves half of a move."""
    lost = half = 0
    for kill in KILLS:
        begun, told = _killed(demo, empty_url, kill)
        stored = _stored(empty_url)
        lost += max(told - stored, 0)
        half += stored - told not in {0, begun}
    old, new = open_engine(demo), open_engine(empty_url)
    made = move(old, new, _bar(lambda _rows: None))

    schema.check(new)
    assert made.audit.broken is None
    figures = note_figures(
        f"move to {new.dialect.name}, killed {len(KILLS)} times; rows",
        tried=made.rows,
        acknowledged=made.rows - made.copied,
        lost=lost,
        half=half,
        remark="complete and equal at the end",
    )
    assert (figures.lost, figures.half) == (0, 0)
    assert 0 < made.copied < made.rows
    old.dispose()
    new.dispose()


def _killed(old: str, new: str, kill: tuple[int, str]) -> tuple[int, int]:
    """Run a move in a process that is killed; return rows of its last batch, and rows told."""
    forked = multiprocessing.get_context("fork")
    ours, theirs = forked.Pipe(duplex=False)
    process = forked.Process(target=_move_until, args=(old, new, kill, theirs))
    process.start()
    theirs.close()
    begun = told = 0
    with suppress(EOFError):
        while True:
            word, rows = ours.recv()
            told += rows if word == "told" else 0
            begun = rows if word == "begun" else begun
    process.join()
    assert process.exitcode == -signal.SIGKILL
    return begun, told


def _move_until(old: str, new: str, kill: tuple[int, str], parent: Connection) -> None:
    """Move, and end this process in the batch and at the place that *kill* names."""
    number, place = kill
    batches = count(1)

    def killed_inside(connection: sa.Connection, moved: Moved, rows: Sequence[Row]) -> None:
        parent.send(("begun", len(rows)))
        insert(connection, moved, rows)
        if next(batches) == number and place == "inside":
            os.kill(os.getpid(), signal.SIGKILL)

    def told(rows: int) -> None:
        # First it is told of what was there, before the first batch.
        if place == "after" and next(told_times) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        parent.send(("told", rows))

    insert, told_times = move_rows._insert, count(0)  # noqa: SLF001 - the place to be killed in
    move_rows._insert = killed_inside  # noqa: SLF001 - in this process alone
    move(open_engine(old), open_engine(new), _bar(told))


def _stored(url: str) -> int:
    engine = open_engine(url)
    with pytest.raises(DatabaseUnavailable, match="not finished"):
        schema.check(engine)
    with engine.connect() as connection:
        stored = sum(move_rows.count(connection, table) for table in move_rows.all_moved())
    engine.dispose()
    return stored


def _bar(told: Callable[[int], None]) -> Bar:
    @contextmanager
    def bar(_words: str, _total: int) -> Iterator[Callable[[int], None]]:
        yield told

    return bar
