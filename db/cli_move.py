"""``python -m db move``: the configured database into another, on whichever engine."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from db.backup_plan import leave_plan_behind
from db.cli import configured, refuse_missing, say
from db.engine import Database, open_engine, writing
from db.move import Move, move
from db.progress import progress_bar
from recovery.errors import InvalidEntry

_CUT_OFF = (
    "Stopped before the end. Nothing was changed in the old database: "
    "run the same command again to go on, before anybody works with it."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add where to move to."""
    parser.add_argument(
        "--to", help="the new database: postgresql://user@host/name or sqlite:///file.db"
    )


def run(asked: argparse.Namespace) -> None:
    """
    Move the configured database, and say what was moved.

    Raises:
        InvalidEntry: Naming what to change, or what differs.
        DatabaseUnavailable: If one of the two is in use or cannot be used.
    """
    if not asked.to:
        raise InvalidEntry(
            "Write: uv run python -m db move --to postgresql://user@host/name "
            "(MENDLINE_DATABASE_URL names the old database)."
        )
    with configured() as old:
        refuse_missing(old)
        with _opened(asked.to) as new_engine:
            try:
                made = move(old.engine, new_engine, progress_bar)
            except KeyboardInterrupt:
                raise InvalidEntry(_CUT_OFF) from None
            had_plan = _leave_plan_behind(new_engine)
    if had_plan:
        say("The plan for backups stayed behind: set up those of PostgreSQL (docs/deploy.md).")
    _report(made)


def _leave_plan_behind(engine: sa.Engine) -> bool:
    """Forget the plan of a SQLite file on PostgreSQL, where it would be late for ever."""
    if engine.dialect.name == "sqlite":
        return False
    with writing(Database(engine)) as session:
        return leave_plan_behind(session)


@contextmanager
def _opened(url: str) -> Iterator[sa.Engine]:
    engine = open_engine(url, "--to")
    try:
        yield engine
    finally:
        engine.dispose()


def _report(made: Move) -> None:
    say(
        f"Moved {made.rows:,} rows of {made.tables} tables, {made.copied:,} of them now. "
        "Each was read back and is the same."
    )
    broken = made.audit.broken
    if broken is not None:
        raise InvalidEntry(
            f"The audit is broken at entry {broken.number} of chain {broken.chain}, as it was "
            "in the old database. Keep that one, and compare it with a backup."
        )
    say(f"The audit holds: {made.audit.entries:,} entries.")
    say("Start Mendline on it with MENDLINE_DATABASE_URL, and with the secret key it had.")
    say("Keep the old database until you have looked around, then delete it: it holds all records.")
