"""The drill of docs/deploy.md with PostgreSQL's own tools: what comes back is what was there."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from db import schema
from db.alone import frozen
from db.audit_check import find_break
from db.engine import Database, open_engine, reading
from db.move_compare import differences
from db.move_rows import all_moved, count
from tests import postgres
from tests.db.every_table import fill_every_table
from tests.deploy_guide import lines_of
from tests.postgres import SUPERUSER, Cluster

OWNER = "mendline"
DUMP = "mendline-2026-12-01.dump"
"""What the guide restores; its script makes the name from the day."""


@pytest.fixture
def filled(cluster: Cluster) -> Iterator[str]:
    """Return the name of a database with rows in every table."""
    with cluster.copy_of_template() as url:
        database = Database(open_engine(url))
        fill_every_table(database)
        database.engine.dispose()
        yield url.partition("@/")[2].partition("?")[0]


@pytest.fixture
def drill(cluster: Cluster) -> Iterator[str]:
    """Return the name of a database to be made, which is removed at the end."""
    name = f"drill_{uuid4().hex}"
    with psycopg.connect(cluster.url("postgres")) as connection:
        connection.execute(f"CREATE ROLE {OWNER} LOGIN".encode())
    yield name
    cluster.drop(name)
    with psycopg.connect(cluster.url("postgres")) as connection:
        connection.execute(f"DROP ROLE {OWNER}".encode())


def _as_typed(program: str, changed: dict[str, str]) -> list[str]:
    """Return the guide's last line of *program*, with what has to be other here."""
    words = lines_of(program)[-1]
    for form, other in changed.items():
        assert any(re.search(form, word) for word in words), f"{form} in {words}"
        words = [re.sub(form, other, word) for word in words]
    return words


def test_what_was_dumped_comes_back(
    cluster: Cluster, filled: str, drill: str, tmp_path: Path
) -> None:
    """Every row of every table, the audit's chain and its guards, owned by the app's user."""
    host, folder = {r"(?<=--host=).*": str(cluster.folder)}, {r"/backup(?=/)": str(tmp_path)}
    role = {rf"(?<=--username=){OWNER}$": SUPERUSER, rf"^{OWNER}$": filled}
    for words in (
        _as_typed("pg_dump", host | role | {r"\$NAME\.part": str(tmp_path / DUMP)}),
        _as_typed("createdb", host | {"^mendline$": drill}),
        _as_typed("pg_restore", host | folder | {"(?<=--dbname=)drill": drill}),
    ):
        binaries = postgres.find_binaries()
        assert binaries is not None
        subprocess.run([str(binaries / words[0]), *words[1:]], check=True)

    old = open_engine(cluster.url(filled))
    new = open_engine(cluster.url(drill).replace(f"//{SUPERUSER}@", f"//{OWNER}@"))
    schema.check(new)
    with old.connect() as before, new.connect() as after, frozen(before), frozen(after):
        for table in all_moved():
            assert count(before, table) > 0
            with closing(differences(before, after, table, lambda _rows: None)) as found:
                assert list(found) == []
    with reading(Database(new)) as session:
        assert find_break(session).broken is None
    with pytest.raises(sa.exc.DBAPIError, match="only added to"), new.begin() as connection:
        connection.execute(sa.text("DELETE FROM audit"))
    for engine in (old, new):
        engine.dispose()
