"""One open transaction, on each engine."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from db.engine import Database, writing


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Return a session in a transaction that commits when the test is over."""
    with writing(database) as opened:
        yield opened
