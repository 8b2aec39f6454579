"""Fixtures for every layer: both databases, a clock, and nothing that leaves this machine."""

import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

import db.backup_folder
import db.engine
from db.engine import Database, open_engine, serve
from db.schema import upgrade
from db.secret_key import KEY_VARIABLE
from tests import postgres
from tests.availability import reasons_of, refuse
from tests.factories import NOW
from tests.faults import figures
from tests.fresh import ENGINES, fresh_url
from tests.known_statements import with_known_statements
from tests.small_clinic import SmallClinic, make_small_clinic

_FIGURES = pytest.StashKey[Path | None]()
_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    if not host.startswith(_LOOPBACK):
        raise RuntimeError(f"a test tried to reach {host}; tests stay on this machine")


def pytest_configure(config: pytest.Config) -> None:
    """Start from settings of the tests' own, and keep them on this machine."""
    config.stash[_FIGURES] = figures.begin()
    for name in [name for name in os.environ if name.startswith(("MENDLINE_", "STREAMLIT_"))]:
        del os.environ[name]
    # Some machines ask Python to keep nothing it compiled. Then every worker and every server
    # that a test starts would compile the same thousand modules anew, for three seconds each.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Shared with the servers that tests start, and nothing is written to a person's folder.
    os.environ[KEY_VARIABLE] = secrets.token_urlsafe(32)
    sys.addaudithook(_refuse_network)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no file of figures behind that nobody asked for."""
    begun = config.stash.get(_FIGURES, None)
    if begun is not None:
        begun.unlink(missing_ok=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what fault tests counted, and in capitals what could not be tested here."""
    counted = figures.gathered()
    if counted:
        terminalreporter.section("FAULTS")
        for line in (figures.HEADING, *(each.line() for each in counted)):
            terminalreporter.write_line(line)
    reasons = reasons_of(terminalreporter.stats.get("skipped", []))
    if not reasons:
        return
    terminalreporter.section("NOT EVERYTHING WAS TESTED", red=True, bold=True)
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} tests not run: {reason}", red=True, bold=True)


@pytest.fixture
def lasting_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let backups go to the folders of a test, which lie where systems delete what is old."""
    monkeypatch.setattr(db.backup_folder, "PASSING", ())


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """Return a PostgreSQL of this test run's own."""
    binaries = postgres.find_binaries()
    if binaries is None:
        refuse("PostgreSQL is missing.", "Install the system package postgresql.")
    with postgres.running(binaries) as started:
        postgres.make_template(started)
        yield started


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "mendline.db"
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a fresh, migrated, empty database; the test runs once on each engine."""
    with fresh_url(request, tmp_path) as url:
        yield url


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database without a single table; SQLite's folder is not there yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'mendline.db'}"
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    yield cluster.create("empty")
    cluster.drop("empty")


@pytest.fixture
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Return that database, opened and served as the one of this process."""
    monkeypatch.setattr(db.engine, "_current", None)
    opened = serve(Database(with_known_statements(open_engine(database_url))))
    yield opened
    opened.engine.dispose()


@pytest.fixture
def frozen_clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at ``NOW``; ``move_to`` and ``shift`` change it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Set the clock to ``NOW`` and let it run, for code that waits by it (AppTest does)."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """Return a clinic with a clinician, an administrator and one patient."""
    return make_small_clinic(database)


@pytest.fixture
def other_clinic(database: Database) -> SmallClinic:
    """Return a second clinic, whose records nobody of the first may see."""
    return make_small_clinic(database, prefix="other-")
