"""The schema: made from nothing, the same as the models, and refused in another version."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel, select

from db import schema
from db.engine import Database, open_engine, reading, writing
from db.models import ClinicRow
from db.partitions import is_compared, is_partition
from db.patients import get_patient
from recovery.errors import DatabaseUnavailable
from tests.db.acts import all_at_once
from tests.factories import make_clinic
from tests.small_clinic import SmallClinic
from tests.sources import ROOT

UPGRADE = (
    "import sys; from db import engine, schema; schema.upgrade(engine.open_engine(sys.argv[1]))"
)


@pytest.fixture
def empty(empty_url: str) -> Iterator[sa.Engine]:
    """Return that database, opened."""
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()


def _tables(engine: sa.Engine) -> set[str]:
    names = sa.inspect(engine).get_table_names()
    return {name for name in names if not is_partition(name)}


def _set_revision(engine: sa.Engine, revision: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


def test_an_empty_database_is_not_served(empty: sa.Engine) -> None:
    """The refusal says what to run, and makes nothing."""
    assert schema.revision_of(empty) is None
    with pytest.raises(DatabaseUnavailable, match="db upgrade"):
        schema.check(empty)

    assert _tables(empty) == set()


def test_a_newer_database_is_refused_by_all(database: Database) -> None:
    """Neither served nor migrated; the sentence says what to do, and nothing is changed."""
    _set_revision(database.engine, "9999")

    for attempt in (schema.check, schema.upgrade):
        with pytest.raises(DatabaseUnavailable, match="newer version of Mendline"):
            attempt(database.engine)
    assert schema.revision_of(database.engine) == "9999"


def test_going_back_to_nothing_and_forth_again(database: Database) -> None:
    """The way back removes every table, an older database is refused, and the way forth works."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert _tables(database.engine) == {"alembic_version"}
    with pytest.raises(DatabaseUnavailable, match="older than this version"):
        schema.check(database.engine)

    schema.upgrade(database.engine)
    schema.check(database.engine)
    assert _tables(database.engine) == {*SQLModel.metadata.tables, "alembic_version"}


def test_a_second_upgrade_changes_nothing(database: Database, clinic: SmallClinic) -> None:
    """What is stored stays, and foreign keys hold afterwards."""
    schema.upgrade(database.engine)

    assert schema.revision_of(database.engine) == schema.head()
    with writing(database) as session:
        assert get_patient(session, clinic.own).name == "Rowan Elm"
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_models_and_migrations_agree(database: Database) -> None:
    """What the migrations make is what the models say, on each engine."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_compared}
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_migrated_database_without_anything_in_it_works(database: Database) -> None:
    """The state after the very first start."""
    schema.check(database.engine)

    with reading(database) as session:
        assert session.exec(select(ClinicRow)).all() == []


def test_eight_starts_at_once_migrate_once(empty: sa.Engine, empty_url: str) -> None:
    """Threads with engines of their own wait for each other, and none is refused."""

    def start(_which: int) -> None:
        engine = open_engine(empty_url)
        schema.upgrade(engine)
        schema.check(engine)
        engine.dispose()

    assert all_at_once(start, 8) == [None] * 8
    with writing(Database(empty)) as session:
        make_clinic(session)


def test_two_processes_at_once_migrate_once(empty: sa.Engine, empty_url: str) -> None:
    """Two servers that start together on one database both come up."""
    command_line = [sys.executable, "-c", UPGRADE, empty_url]
    started = [
        subprocess.Popen(command_line, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    errors = [process.communicate(timeout=120)[1] for process in started]

    assert [process.returncode for process in started] == [0, 0], errors
    schema.check(empty)
