"""One open transaction on each engine, more databases, and one who is told of what they do."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlmodel import Session

from db.engine import Database, writing
from db.watching import watch
from tests.db.hearing import Heard
from tests.db.moves import Maker


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Return a session in a transaction that commits when the test is over."""
    with writing(database) as opened:
        yield opened


@pytest.fixture
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Maker]:
    """Return what makes databases for a test."""
    with ExitStack() as kept:
        yield Maker(request, tmp_path, kept)


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Return one who is told of everything."""
    listener = Heard()
    watch(listener)
    yield listener
    watch(None)
