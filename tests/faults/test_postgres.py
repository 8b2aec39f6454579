"""PostgreSQL that stops, or whose primary dies, under twenty people who save."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from db.engine import Database, open_engine
from db.patience import PATIENCE_VARIABLE
from db.schema import upgrade
from tests.availability import refuse
from tests.faults.figures import Figures, note_figures
from tests.faults.writers import Counted, make_crowd, writing_on
from tests.postgres import find_binaries
from tests.replication import alone, replicated

pytestmark = pytest.mark.faults

STOPS = 5
FAILOVERS = 3
NAME = "mendline"


@pytest.fixture
def opened() -> Iterator[list[Database]]:
    """Return a list of databases that are closed at the end."""
    databases: list[Database] = []
    yield databases
    for each in databases:
        each.engine.dispose()


def _migrated(url: str, opened: list[Database]) -> Database:
    database = Database(open_engine(url))
    opened.append(database)
    upgrade(database.engine)
    return database


def _note(name: str, counted: Counted) -> Figures:
    return note_figures(
        name,
        tried=counted.tried,
        acknowledged=counted.acknowledged,
        lost=counted.lost,
        half=counted.half,
        remark=counted.remark,
    )


def _binaries() -> Path:
    found = find_binaries()
    if found is None:
        refuse("PostgreSQL is missing.", "Install the system package postgresql.")
    return found


def test_a_server_that_stops_at_once_loses_nothing(opened: list[Database]) -> None:
    """Stopped without a farewell again and again, and started anew; all that was answered is there."""
    dice = Random(6)
    with alone(_binaries()) as server:
        server.run(f'CREATE DATABASE "{NAME}"')
        crowd = make_crowd(_migrated(server.url(NAME), opened))
        with writing_on(crowd):
            for _ in range(STOPS):
                crowd.wait_for(dice.randint(20, 80))
                server.stop("immediate")
                server.start()
            crowd.wait_for(20)
        figures = _note(f"PostgreSQL stopped at once, {STOPS} times, 20 writers", crowd.counted())

    assert figures.acknowledged > STOPS * 20
    assert (figures.lost, figures.half) == (0, 0)


def test_a_server_that_answers_too_early_is_found_out(
    opened: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same count tells what was lost, where a server answers before it has written."""
    monkeypatch.setenv(PATIENCE_VARIABLE, "0")
    with alone(_binaries(), "synchronous_commit=off", "wal_writer_delay=10s") as server:
        server.run(f'CREATE DATABASE "{NAME}"')
        crowd = make_crowd(_migrated(server.url(NAME), opened))
        with writing_on(crowd):
            crowd.wait_for(60)
            server.stop("immediate")
        server.start()

        assert crowd.counted().lost > 0


def test_a_primary_that_dies_is_replaced_without_loss(opened: list[Database]) -> None:
    """Killed with all of its processes; the standby takes over, and everybody goes on by itself."""
    dice = Random(7)
    with replicated(_binaries()) as pair:
        crowd = make_crowd(_migrated(pair.create(NAME), opened))
        for turn in range(FAILOVERS):
            if turn:
                pair.replace_standby()
            with writing_on(crowd):
                crowd.wait_for(dice.randint(20, 80))
                pair.fail_over()
                crowd.wait_for(40)
        name = f"PostgreSQL primary killed, standby promoted, {FAILOVERS} times"
        figures = _note(name, crowd.counted())

    assert figures.acknowledged > FAILOVERS * 60
    assert (figures.lost, figures.half) == (0, 0)


@pytest.mark.parametrize("clinics", [1, 4])
def test_writers_at_once_lose_nothing(database: Database, clinics: int) -> None:
    """On each engine: reading, changing and writing what others change too, such as the audit."""
    crowd = make_crowd(database, clinics)
    with writing_on(crowd):
        crowd.wait_for(100)
    name = f"20 writers at once in {clinics} clinics, {database.engine.dialect.name}"
    figures = _note(name, crowd.counted())

    assert (figures.lost, figures.half) == (0, 0)


def test_a_primary_that_stepped_back_is_left(opened: list[Database]) -> None:
    """Still running and only to be read, it is not taken for the primary; then it is stopped."""
    with replicated(_binaries()) as pair:
        crowd = make_crowd(_migrated(pair.create(NAME), opened))
        with writing_on(crowd):
            crowd.wait_for(20)
            pair.step_back()
            crowd.wait_for(100)
            # Commits that wait for the standby it lost are answered by nobody until it is stopped.
            pair.standby.stop("immediate")
            crowd.wait_for(20)
        figures = _note("PostgreSQL primary made read-only, standby promoted", crowd.counted())

    assert (figures.lost, figures.half) == (0, 0)
