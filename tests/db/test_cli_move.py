"""``python -m db move``: what it says, and how it refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from db import cli_move, schema
from db.__main__ import main
from db.engine import Database, open_engine, writing
from db.models import AuditHeadRow
from tests.db.moves import Maker, cut_after, rows_in
from tests.small_clinic import make_small_clinic


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return a way to move the database at an address, which answers all that was printed."""

    def run(url: str, *options: str) -> str:
        monkeypatch.setenv("MENDLINE_DATABASE_URL", url)
        main(["move", *options])
        return "".join(capsys.readouterr())

    return run


def test_the_command_says_what_it_moved(run: Callable[..., str], make: Maker) -> None:
    """And draws no bar where nobody watches."""
    old, new = make("sqlite"), make("postgresql")
    make_small_clinic(Database(old))
    total = rows_in(old)
    old.dispose()

    said = run(make.url(old), "--to", make.url(new))

    assert said.startswith(f"Moved {total} rows of 42 tables, {total} of them now. Each was read")
    assert "The audit holds: 1 entries." in said
    assert "secret key" in said
    assert said.count("\n") == 4


def test_the_command_refuses_in_one_sentence(run: Callable[..., str], tmp_path: Path) -> None:
    """No target, none that is one, and no source; no file is made."""
    old = f"sqlite:///{tmp_path / 'old.db'}"
    assert run(old).startswith("Write: uv run python -m db move --to")
    assert run(old, "--to", "elsewhere").startswith("There is no database yet.")
    schema.upgrade(open_engine(old))
    assert run(old, "--to", "elsewhere").startswith("--to is not a database address.")

    assert {file.name for file in tmp_path.iterdir()} <= {"old.db", "old.db-wal", "old.db-shm"}


def test_the_command_can_be_stopped(
    run: Callable[..., str], make: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The interrupt key ends it with what to do next."""
    old = make("sqlite")
    make_small_clinic(Database(old))
    old.dispose()
    monkeypatch.setattr(cli_move, "progress_bar", cut_after(1))

    said = run(make.url(old), "--to", f"sqlite:///{tmp_path / 'new.db'}")

    assert said.startswith("Stopped before the end.")
    assert said.count("\n") == 1


def test_a_broken_audit_is_moved_as_it_is_and_said(run: Callable[..., str], make: Maker) -> None:
    """The rows are what they were, so the old one is broken alike."""
    old, new = make("sqlite"), make("sqlite")
    make_small_clinic(Database(old))
    with writing(Database(old)) as session:
        for head in session.exec(select(AuditHeadRow)):
            session.delete(head)
    old.dispose()

    said = run(make.url(old), "--to", make.url(new))

    assert "The audit is broken at entry 2 of chain" in said
    schema.check(new)
