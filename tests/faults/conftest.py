"""Servers that fork in a moment, and one that asks before each statement of a write."""

from collections.abc import Iterator

import pytest

from tests.faults.nursery import Nursery, nursery
from tests.faults.stage import Stage, staged


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Return the nursery of this test process."""
    with nursery(tmp_path_factory.mktemp("nursery")) as started:
        yield started


@pytest.fixture(scope="session")
def stage(forks: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Return a server that asks before each statement, shared: each try has its own clinic."""
    with staged(forks, tmp_path_factory.mktemp("stage")) as opened:
        yield opened
