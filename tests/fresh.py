"""Fresh databases of either engine, as the fixtures hand them out."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.postgres import Cluster

ENGINES = ("sqlite", "postgresql")
"""What a fixture of databases is parametrized by."""


@contextmanager
def fresh_url(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """
    Make a migrated, empty database for as long as the block lasts, and give its address.

    Args:
        request: Of a fixture whose parameter is one of ``ENGINES``.
        folder: Where SQLite's file goes.
    """
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        yield f"sqlite:///{shutil.copy(template, folder / 'mendline.db')}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with cluster.copy_of_template() as url:
        yield url
