"""``python -m db move``: what it says, and how it refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from db import cli_move, schema
from db.__main__ import main
from db.audit_check import find_break
from db.backup_plan import plan_of, set_plan
from db.engine import Database, open_engine, reading, writing
from db.jobs import BACKUP, LOOK
from db.models import AuditHeadRow, JobRow
from recovery.backups import BackupPlan
from tests.db.moves import Maker, cut_after, rows_in
from tests.factories import NOW
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

    assert said.startswith(f"Moved {total} rows of 43 tables, {total} of them now. Each was read")
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


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_plan_for_backups_goes_on_in_a_file_alone(
    run: Callable[..., str], make: Maker, kind: str
) -> None:
    """PostgreSQL has its own: a plan, and the job that keeps to it, would be late for ever."""
    old, new = make("sqlite"), make(kind)
    make_small_clinic(Database(old))
    with writing(Database(old)) as session:
        set_plan(session, BackupPlan(hour=2, time_zone="UTC", folder="/b", keep=3))
        for name in (BACKUP, LOOK):
            session.add(JobRow(name=name, started_at=NOW, failed_at=NOW))
    old.dispose()

    said = run(make.url(old), "--to", make.url(new))

    with reading(Database(new)) as session:
        jobs = set(session.exec(select(JobRow.name)))
        has_plan = plan_of(session) is not None
    with reading(Database(new)) as session:
        assert find_break(session).broken is None
    is_file = kind == "sqlite"
    assert (has_plan, BACKUP in jobs, LOOK in jobs) == (is_file, is_file, True)
    assert ("The plan for backups stayed behind" in said) is not is_file


def test_a_plan_that_is_left_on_postgresql_can_be_removed_and_none_set(
    make: Maker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a move that was cut off at its very end, or one by other means."""
    new = make("postgresql")
    with writing(Database(new)) as session:
        set_plan(session, BackupPlan(hour=2, time_zone="UTC", folder="/b", keep=3))
    monkeypatch.setenv("MENDLINE_DATABASE_URL", make.url(new))
    words = [["show"], ["remove"], ["set", "--hour", "2", "--folder", "/b", "--keep", "3"]]

    codes = [main(["backup-plan", *each]) for each in words]

    said, refused = capsys.readouterr()
    assert codes == [0, 0, 1]
    assert said.startswith("Each day at 2:00 (UTC) to /b")
    assert "pg_dump" in refused
