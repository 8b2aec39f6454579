"""The backup that the server makes by itself, once when it is due, in one of its processes."""

from datetime import datetime
from functools import partial
from pathlib import Path

from db.backup import PART, back_up
from db.backup_faults import keeps_copy
from db.backup_folder import refuse_little_room, refuse_other_folder, remove_surplus
from db.backup_plan import mark_of, plan_of
from db.engine import Database, reading
from db.jobs import BACKUP, JobState, run_once, state_of
from db.sqlite_file import sqlite_file
from recovery.backups import RETRY_AFTER, BackupPlan, copy_name, dated_ahead, is_due, size_words

_AHEAD = "there are copies from days to come, made while the clock was wrong, such as"


def back_up_when_due(database: Database, now: datetime) -> bool:
    """
    Back *database* up if its plan says so, and return whether it was done here and now.

    Without a plan, in a demo and on PostgreSQL, whose backups are its own, nothing is done.

    Args:
        database: The one that is served.
        now: The instant (UTC).

    Raises:
        DatabaseUnavailable: If the backup cannot be made; its kind is kept with the job.
    """
    if database.is_demo or database.engine.dialect.name != "sqlite":
        return False
    with reading(database) as session:
        stored, mark, state = plan_of(session), mark_of(session), state_of(session, BACKUP)
    if stored is None:
        return False
    started_at = state.started_at if state else None
    if not is_due(stored.plan, now, copied_at=_copied_at(state), started_at=started_at):
        return False
    work = partial(_work, database, stored.plan, mark, now)
    return run_once(database, BACKUP, work, every=RETRY_AFTER, now=now)


def _copied_at(state: JobState | None) -> list[datetime]:
    """Return when the last good copy was begun, and the last faulty one if it failed by that."""
    if state is None:
        return []
    # Another copy of a database with a fault, an hour later, would tell nobody more.
    faulty_at = state.failed_at if keeps_copy(state.failure) else None
    return [each for each in (state.finished_at, faulty_at) if each is not None]


def _work(database: Database, plan: BackupPlan, mark: str, now: datetime) -> str:
    folder = Path(plan.folder)
    refuse_other_folder(folder)
    _forget_parts(folder, mark)
    # Whoever made room by keeping fewer copies is not told that there is none.
    remove_surplus(folder, mark, plan.keep, newest_at=now)
    refuse_little_room(folder, sqlite_file(database.engine).stat().st_size)
    good, faulty = (folder / copy_name(mark, now, is_faulty=each) for each in (False, True))
    made = back_up(database, good, if_faulty=faulty)
    is_faulty = made.checked.fault is not None
    # With a fault in the database older copies may be the only good ones, and stay.
    stayed = remove_surplus(folder, mark, plan.keep, newest_at=now, is_faulty=is_faulty)
    made.checked.refuse_faults()
    left = "; older copies could not be removed" if stayed else ""
    ahead = dated_ahead((each.name for each in folder.iterdir()), mark, now)
    strange = f"; {_AHEAD} {ahead[-1]}" if ahead else ""
    return f"{made.file.name}, {size_words(made.size_bytes)}{left}{strange}"


def _forget_parts(folder: Path, mark: str) -> None:
    """Delete what a run that was cut short left; this job is the only one that makes such."""
    for part in folder.glob(f"mendline-{mark}-*.db{PART}"):
        part.unlink(missing_ok=True)
