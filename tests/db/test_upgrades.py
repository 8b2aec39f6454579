"""An upgrade of a release ends in the schema made from nothing, and changes nothing when it breaks off."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from db import schema
from db.engine import Database
from tests.postgres import Cluster
from tests.released import REVISIONS, released_at

Schema = dict[str, Any]
_CAST = re.compile(r"::(character varying|text)(\[\])?|[()]")


@pytest.mark.parametrize("revision", [REVISIONS[0], REVISIONS[4], REVISIONS[-1]])
def test_an_upgraded_schema_is_the_one_made_from_nothing(
    database: Database, revision: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Indexes with their conditions, checks, keys and triggers too, which the models do not hold."""
    with _same_engine(database, tmp_path, request) as url, released_at(url, revision) as released:
        schema.upgrade(released.engine)
        upgraded, fresh = _schema(released.engine), _schema(database.engine)

    assert upgraded == fresh


def test_an_upgrade_that_breaks_off_changes_nothing(oldest: Database) -> None:
    """Broken at its first, its last and statements between, it leaves schema and rows; then it works."""
    before = _schema(oldest.engine), _counts(oldest.engine)
    statements = _statements_of_an_upgrade(oldest)
    step = max(1, statements // 5)

    for number in sorted({1, *range(step, statements, step), statements}):
        with _breaking_at(oldest.engine, number), pytest.raises(Broken):
            schema.upgrade(oldest.engine)
        assert schema.revision_of(oldest.engine) == REVISIONS[0]
        assert (_schema(oldest.engine), _counts(oldest.engine)) == before

    schema.upgrade(oldest.engine)
    schema.check(oldest.engine)


class Broken(Exception):
    """What a test breaks an upgrade off with."""


@contextmanager
def _same_engine(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    if database.engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path / 'released.db'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    yield cluster.create("released")
    cluster.drop("released")


_KEYS: dict[str, Callable[[sa.Inspector, str], Any]] = {
    "columns": lambda at, name: at.get_columns(name),
    "primary": lambda at, name: at.get_pk_constraint(name),
    "foreign": lambda at, name: at.get_foreign_keys(name),
    "unique": lambda at, name: at.get_unique_constraints(name),
    "checks": lambda at, name: at.get_check_constraints(name),
    "indexes": lambda at, name: at.get_indexes(name),
}


def _schema(engine: sa.Engine) -> Schema:
    """Return all that a database says of its tables, in an order of its own."""
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        there = set(inspector.get_table_names())
        found: Schema = {
            f"{name} {kind}": _sorted(read(inspector, name))
            for name in sorted(there & SQLModel.metadata.tables.keys())
            for kind, read in _KEYS.items()
        }
        # Parts of a table, which PostgreSQL makes of it, are told by their names.
        found["tables"] = sorted(there)
        if engine.dialect.name == "sqlite":
            triggers = "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        else:
            triggers = (
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
            )
        found["triggers"] = connection.exec_driver_sql(triggers).scalars().all()
    return found


def _sorted(found: Any) -> list[str]:
    # Conditions of indexes are objects of their own, each unlike any other until it is spelled;
    # where PostgreSQL notes a type in a condition depends on how the condition came in.
    return sorted(
        str({name: _CAST.sub("", str(value)) for name, value in _flat(each)})
        for each in (found if isinstance(found, list) else [found])
    )


def _flat(found: Any) -> Iterator[tuple[str, Any]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value)
        else:
            yield name, value


def _counts(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
            for name in sa.inspect(connection).get_table_names()
        }


@contextmanager
def _breaking_at(engine: sa.Engine, number: int) -> Iterator[list[str]]:
    """Raise instead of running the statement *number*, from 1; 0 for none. Yields what was run."""
    ran: list[str] = []

    def count(*arguments: Any) -> None:
        ran.append(arguments[2])
        if len(ran) == number:
            raise Broken

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        yield ran
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)


def _statements_of_an_upgrade(database: Database) -> int:
    """Count the statements of an upgrade, which is broken off as it would be committed."""

    def refuse(_connection: object) -> None:
        raise Broken

    sa.event.listen(database.engine, "commit", refuse)
    with _breaking_at(database.engine, 0) as ran, pytest.raises(Broken):
        schema.upgrade(database.engine)
    sa.event.remove(database.engine, "commit", refuse)
    return len(ran)
