"""``python -m db backup-plan``: when the server backs itself up, for whoever runs it."""

import argparse
from dataclasses import replace

from sqlmodel import select

from db.backup_folder import use_folder
from db.backup_plan import plan_of, remove_plan, set_plan
from db.cli import ask, ready, say
from db.engine import Database, reading, writing
from db.models import ClinicRow
from db.sqlite_file import sqlite_file
from recovery.backups import BackupPlan
from recovery.errors import InvalidEntry

_USAGE = "Write: uv run python -m db backup-plan show, set or remove"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what can be done with the plan; what is missing is asked for."""
    parser.add_argument("what", nargs="?", help="show, set or remove")
    parser.add_argument("--hour", help="0 to 23, on the clock of the time zone")
    parser.add_argument("--folder", help="where the copies go, from the root of the disk")
    parser.add_argument("--keep", help="how many copies stay")
    parser.add_argument(
        "--time-zone", help="such as Europe/Berlin; a single clinic's own unless given"
    )


def run(asked: argparse.Namespace) -> None:
    """
    Show, set or remove the plan.

    Raises:
        InvalidEntry: Naming what to change.
        DatabaseUnavailable: If the database cannot be used, or a plan is set for PostgreSQL.
    """
    acts = {"show": _show, "set": _set, "remove": _remove}
    if asked.what not in acts:
        raise InvalidEntry(_USAGE)
    with ready() as database:
        acts[asked.what](database, asked)


def plan_words(plan: BackupPlan) -> str:
    """Say when and where to a plan backs up, as a sentence."""
    return (
        f"Each day at {plan.hour}:00 ({plan.time_zone}) to {plan.folder}; "
        f"the newest {plan.keep} stay."
    )


def _show(database: Database, _asked: argparse.Namespace) -> None:
    with reading(database) as session:
        stored = plan_of(session)
    say(plan_words(stored.plan) if stored else "No backups are planned.")


def _set(database: Database, asked: argparse.Namespace) -> None:
    # Also elsewhere a plan may be left from another time, to be looked at and removed.
    sqlite_file(database.engine)
    wanted = BackupPlan(
        hour=_whole(asked.hour or ask("Hour of the day, 0 to 23: ")),
        time_zone=asked.time_zone or _zone_of_clinic(database) or ask("Time zone: "),
        folder=asked.folder or ask("Folder, from the root of the disk: "),
        keep=_whole(asked.keep or ask("How many copies stay: ")),
    ).cleaned()
    wanted = replace(wanted, folder=str(use_folder(wanted.folder)))
    with writing(database) as session:
        set_plan(session, wanted)
    say(plan_words(wanted))
    say(
        "The first copy is made some minutes after Mendline runs, so that it shows whether it works."
    )


def _remove(database: Database, _asked: argparse.Namespace) -> None:
    with writing(database) as session:
        remove_plan(session)
    say("No backups are made any more. Copies that are there stay.")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise InvalidEntry("Write the hour and the number of copies in whole numbers.") from error


def _zone_of_clinic(database: Database) -> str | None:
    with reading(database) as session:
        zones = session.exec(select(ClinicRow.time_zone).limit(2)).all()
    return zones[0] if len(zones) == 1 else None
