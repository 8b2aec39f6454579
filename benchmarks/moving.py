"""Moving a SQLite database to PostgreSQL, beside bare loops over the same rows."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import perf_counter

import psycopg
from psycopg import sql

from benchmarks import serving
from benchmarks.results import Result
from db import schema
from db.cli_scale import plan_of
from db.engine import open_engine
from db.move import Bar, move
from db.move_rows import BATCH, all_moved
from db.scale import fill_scale
from tests import postgres

PATIENTS = 2_000
DAYS = 90


def moving() -> list[Result]:
    """Move a filled clinic, and copy and read its rows without looking at one of them."""
    binaries = postgres.find_binaries()
    if binaries is None:
        print("PostgreSQL is missing: moving is not measured.")
        return []
    with serving.empty_database() as (url, database), postgres.running(binaries) as cluster:
        fill_scale(database, plan_of(PATIENTS, DAYS), lambda _done: None)
        database.engine.dispose()
        taken: dict[str, float] = {}
        new = open_engine(cluster.create("moved"))
        made = move(open_engine(url), new, _timed(taken))
        new.dispose()
        file = url.removeprefix("sqlite:///")
        copied = _bare_copy(file, cluster.create("bare"))
        read = _bare_reading(file, cluster.url("moved"))
    rows = f"{made.rows:,} rows to PostgreSQL"
    return [
        Result(what=f"move: copy {rows}", values=[taken["Copying"]], unit="s", floor=[copied]),
        Result(what=f"move: compare {rows}", values=[taken["Comparing"]], unit="s", floor=[read]),
    ]


def _timed(taken: dict[str, float]) -> Bar:
    @contextmanager
    def bar(words: str, _total: int) -> Iterator[Callable[[int], None]]:
        began = perf_counter()
        yield lambda _rows: None
        taken[words] = perf_counter() - began

    return bar


def _bare_copy(file: str, url: str) -> float:
    """Return the seconds of handing every row from one driver to the other, a batch a transaction."""
    engine = open_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    began = perf_counter()
    with closing(sqlite3.connect(file)) as old, psycopg.connect(url) as new:
        for table in all_moved():
            read = old.execute(f'SELECT * FROM "{table.name}"')  # noqa: S608 - a table of ours
            names = [sql.Identifier(each[0]) for each in read.description]
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(table.name), sql.SQL(", ").join(names)
            )
            while batch := read.fetchmany(BATCH):
                with new.cursor() as cursor, cursor.copy(statement) as copying:
                    for row in batch:
                        copying.write_row(row)
                new.commit()
    return perf_counter() - began


def _bare_reading(file: str, url: str) -> float:
    """Return the seconds of fetching every row from both drivers, in no order."""
    began = perf_counter()
    with closing(sqlite3.connect(file)) as old, psycopg.connect(url) as new:
        for table in all_moved():
            statement = f'SELECT * FROM "{table.name}"'  # noqa: S608 - a table of ours
            read = old.execute(statement)
            while read.fetchmany(BATCH):
                pass
            with new.cursor("reading") as cursor:
                cursor.execute(statement.encode())
                while cursor.fetchmany(BATCH):
                    pass
    return perf_counter() - began
