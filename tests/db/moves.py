"""Databases to move between, and ways to stop on the way."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import move_rows
from db.engine import open_engine
from db.move import Bar
from tests.known_statements import with_known_statements
from tests.postgres import TEMPLATE, Cluster


@contextmanager
def no_bar(_words: str, _total: int) -> Iterator[Callable[[int], None]]:
    """Show nothing."""
    yield lambda _steps: None


def cut_after(batches: int, stage: str = "Copying") -> Bar:
    """Return a bar during which somebody presses the interrupt key."""

    @contextmanager
    def bar(words: str, _total: int) -> Iterator[Callable[[int], None]]:
        # What was there before is told first.
        left = iter([None] * (batches + 1))

        def done(_steps: int) -> None:
            if words == stage and next(left, "none left") is not None:
                raise KeyboardInterrupt

        yield done

    return bar


class Maker:
    """Makes databases on either engine, and removes them at the end of *kept*."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path, kept: ExitStack) -> None:
        self._request = request
        self._folder = folder
        self._kept = kept
        self._urls: list[tuple[sa.Engine, str]] = []

    def __call__(self, kind: str, *, has_tables: bool = True) -> sa.Engine:
        """Make a database, migrated unless it shall be without tables."""
        name = f"move_{len(self._urls)}"
        url = getattr(self, f"_{kind}")(name, has_tables=has_tables)
        engine = with_known_statements(open_engine(url))
        self._kept.callback(engine.dispose)
        self._urls.append((engine, url))
        return engine

    def url(self, engine: sa.Engine) -> str:
        """Return the address of a database that was made."""
        return next(url for made, url in self._urls if made is engine)

    def _sqlite(self, name: str, *, has_tables: bool) -> str:
        file = self._folder / f"{name}.db"
        if has_tables:
            shutil.copy(self._request.getfixturevalue("sqlite_template"), file)
        return f"sqlite:///{file}"

    def _postgresql(self, name: str, *, has_tables: bool) -> str:
        cluster: Cluster = self._request.getfixturevalue("cluster")
        url = cluster.create(name, template=TEMPLATE if has_tables else None)
        self._kept.callback(cluster.drop, name)
        return url


def tables_in(engine: sa.Engine) -> set[str]:
    """Return the names of all tables."""
    return set(sa.inspect(engine).get_table_names())


def rows_in(engine: sa.Engine) -> int:
    """Return how many rows all tables of ours have."""
    with engine.connect() as connection:
        return sum(move_rows.count(connection, moved) for moved in move_rows.all_moved())
