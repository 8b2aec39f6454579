"""What tests of the database start from: a transaction, a file, a terminal, more databases."""

import getpass
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session

import db.connections
from db import review_filters
from db.__main__ import main
from db.connections import open_engine
from db.engine import Database, writing
from db.watching import watch
from recovery.judgement.reasons import ReasonKind
from tests.db.alerting import open_alert
from tests.db.hearing import Heard
from tests.db.moves import Maker
from tests.db.terminal import Run
from tests.released import REVISIONS, released_at
from tests.small_clinic import SmallClinic


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


@pytest.fixture
def file(tmp_path: Path, sqlite_template: Path) -> Path:
    """Return a migrated SQLite file of this test's own."""
    return Path(shutil.copy(sqlite_template, tmp_path / "mendline.db"))


@pytest.fixture
def opened(file: Path) -> Iterator[Database]:
    """Return that file, opened."""
    database = Database(open_engine(f"sqlite:///{file}"))
    yield database
    database.engine.dispose()


@pytest.fixture
def sqlite(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Return that file, opened so that a lock is waited for only shortly."""
    monkeypatch.setattr(db.connections, "BUSY_TIMEOUT_MS", 50)
    opened = Database(open_engine(f"sqlite:///{file}"))
    yield opened
    opened.engine.dispose()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a way to run a command on a database, without a terminal to ask at."""

    def nobody_answers(*_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody_answers)
    monkeypatch.setattr(getpass, "getpass", nobody_answers)

    def run(url: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("MENDLINE_DATABASE_URL", url)
        code = main(arguments)
        said, refused = capsys.readouterr()
        return code, said, refused

    return run


@pytest.fixture
def fall(database: Database, clinic: SmallClinic) -> UUID:
    """Return the key of a new alert about a fall."""
    with writing(database) as session:
        return open_alert(session, clinic, ReasonKind.FALL)


@pytest.fixture
def oldest(empty_url: str) -> Iterator[Database]:
    """Return a database as the first release left it."""
    with released_at(empty_url, REVISIONS[0]) as released:
        yield released


@pytest.fixture(params=[0, 500], ids=["many match", "few match"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Answer each filter once on the way through an index, and once from the set it finds."""
    count: int = request.param
    monkeypatch.setattr(review_filters, "FEW", count - 1)
    return count
