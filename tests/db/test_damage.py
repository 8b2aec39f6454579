"""Damage in the file is found when the server starts, in a time that is bounded."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import db.connections
from db import damage
from db.connections import open_engine
from db.damage import START_SECONDS, refuse_damage
from db.engine import Database, writing
from recovery.errors import DatabaseUnavailable
from tests.factories import make_clinic
from tests.postgres import Cluster
from web.lifespan import open_served


@pytest.fixture
def file(tmp_path: Path, sqlite_template: Path) -> Path:
    """Return a migrated file with a clinic in it."""
    copied = Path(shutil.copy(sqlite_template, tmp_path / "mendline.db"))
    engine = open_engine(f"sqlite:///{copied}")
    with writing(Database(engine)) as session:
        make_clinic(session)
    engine.dispose()
    return copied


@pytest.fixture
def engine(file: Path) -> Iterator[sa.Engine]:
    """Return an engine of it."""
    opened = open_engine(f"sqlite:///{file}")
    yield opened
    opened.dispose()


def _break(file: Path, begin: int) -> None:
    content = bytearray(file.read_bytes())
    content[begin:] = b"\xff" * (len(content) - begin)
    file.write_bytes(content)


def test_a_whole_file_is_looked_at_to_its_end(engine: sa.Engine) -> None:
    assert refuse_damage(engine, seconds=START_SECONDS)
    assert refuse_damage(engine)


@pytest.mark.parametrize("begin", [0, 8 * 4096])
def test_damage_is_named_with_what_to_do(engine: sa.Engine, file: Path, begin: int) -> None:
    """At its head and in its middle."""
    _break(file, begin)

    with pytest.raises(DatabaseUnavailable, match=r"is damaged.*restore a backup"):
        refuse_damage(engine, seconds=START_SECONDS)


def test_a_large_file_is_looked_at_for_a_while(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the server starts all the same; afterwards the connection knows no limit."""
    monkeypatch.setattr(damage, "_STEPS", 1)

    assert not refuse_damage(engine, seconds=0)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA quick_check").all()


def test_a_file_that_others_hold_is_not_called_damaged(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restore is under way."""
    monkeypatch.setattr(db.connections, "BUSY_TIMEOUT_MS", 20)
    engine = open_engine(f"sqlite:///{file}")
    holder = sqlite3.connect(file, isolation_level=None)
    for statement in ("PRAGMA locking_mode=EXCLUSIVE", "BEGIN EXCLUSIVE"):
        holder.execute(statement)

    with pytest.raises(DatabaseUnavailable, match="busy"):
        refuse_damage(engine, seconds=START_SECONDS)

    holder.close()
    engine.dispose()


def test_postgresql_looks_after_itself(cluster: Cluster) -> None:
    with cluster.copy_of_template() as url:
        engine = open_engine(url)
        assert refuse_damage(engine, seconds=0)
        engine.dispose()


def test_the_server_does_not_start_on_damage(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is made or changed."""
    _break(file, 8 * 4096)
    before = file.read_bytes()
    monkeypatch.setenv("MENDLINE_DATABASE_URL", f"sqlite:///{file}")

    with pytest.raises(DatabaseUnavailable, match="is damaged"):
        open_served(is_demo=False)

    assert file.read_bytes() == before


def test_the_server_says_when_it_looked_at_a_part_only(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And serves."""
    monkeypatch.setattr("web.lifespan.refuse_damage", lambda _engine, seconds: seconds == 0)
    monkeypatch.setattr("db.engine._current", None)
    monkeypatch.setenv("MENDLINE_DATABASE_URL", f"sqlite:///{file}")

    opened = open_served(is_demo=False)

    assert "only its first part was looked at" in capsys.readouterr().out
    opened.engine.dispose()
