"""``python -m db backup`` and ``restore``: a copy of a SQLite database, and its way back."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from db.backup import Backup, back_up
from db.cli import configured, say
from db.cli_backup_plan import plan_words
from db.restore import Restored, restore
from db.sqlite_file import sqlite_file
from recovery.backups import size_words
from recovery.errors import InvalidEntry

_NO_FILE = "Name the file. Write: uv run python -m db {verb} FILE"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add where the copy goes."""
    parser.add_argument("file", nargs="?", help="where the copy goes; it must not be there yet")


def add_restore_options(parser: argparse.ArgumentParser) -> None:
    """Add which copy to take."""
    parser.add_argument("file", nargs="?", help="the backup")
    parser.add_argument(
        "--despite-faults",
        action="store_true",
        help="take it although its audit is broken or entries in it belong to nothing",
    )


def run(asked: argparse.Namespace) -> None:
    """
    Copy the database, and say what is in the copy.

    Raises:
        InvalidEntry: If no file is named.
        DatabaseUnavailable: If the copy cannot be made, or what was copied is at fault.
    """
    file = _named(asked, "backup")
    with configured() as database:
        made = back_up(database, file)
    say(_backup_words(made))
    made.checked.refuse_faults()


def run_restore(asked: argparse.Namespace) -> None:
    """
    Put a backup in the place of the database, and say where the one before it is.

    Raises:
        InvalidEntry: If no file is named.
        DatabaseUnavailable: If the backup cannot be used, or the database is in use.
    """
    file = _named(asked, "restore")
    with configured() as database:
        target = sqlite_file(database.engine)
    restored = restore(target, file, datetime.now(UTC), despite_faults=asked.despite_faults)
    for sentence in _restored_words(target, restored):
        say(sentence)


def _named(asked: argparse.Namespace, verb: str) -> Path:
    if not asked.file:
        raise InvalidEntry(_NO_FILE.format(verb=verb))
    return Path(asked.file).absolute()


def _backup_words(made: Backup) -> str:
    checked = made.checked
    audit = f"{checked.audit.entries:,} audit entries" if checked.audit else "an older audit"
    return (
        f"Backed up to {made.file}: {size_words(made.size_bytes)}, {checked.rows:,} rows, {audit}."
    )


def _restored_words(target: Path, restored: Restored) -> list[str]:
    words = [f"The backup is at {target} now, with {restored.checked.rows:,} rows."]
    if restored.kept is not None:
        words.append(
            f"The database that was there is kept as {restored.kept}. It "
            "holds every record: delete it when you no longer need it."
        )
    closed = restored.closed
    words.append(
        f"Everybody signs in again: {closed.sign_ins:,} sign-ins and {closed.invitations:,} "
        "invitations that were open in it are ended. Passwords, helpers, recovery codes and "
        "closed accounts are as they were then: look through the audit of what it replaced."
    )
    if restored.erased_since:
        words.append(
            f"Records that were erased after the backup are back: {restored.erased_since}. "
            "Erase them again."
        )
    if restored.plan is not None:
        words.append(
            f"A plan for backups is in it, and goes on here: {plan_words(restored.plan)} "
            "To end it, run `uv run python -m db backup-plan remove` before Mendline starts."
        )
    if restored.is_older:
        words.append("It is of an older version. Run `uv run python -m db upgrade`.")
    return words
