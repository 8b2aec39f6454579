"""Plans of backups as the tests make them."""

from datetime import timedelta
from pathlib import Path

from db.backup_folder import MARK_FILE
from db.backup_plan import (
    set_plan,
)
from db.engine import Database, reading, writing
from db.jobs import BACKUP, JobState, state_of
from recovery.backups import BackupPlan

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def plan_for(folder: Path, **changes: object) -> BackupPlan:
    """Return a plan of backups each night at two, of which two stay."""
    fields: dict[str, object] = {"hour": 2, "time_zone": "UTC", "folder": str(folder), "keep": 2}
    return BackupPlan(**fields | changes)  # type: ignore[arg-type]


def store_plan(database: Database, plan: BackupPlan) -> None:
    """Store a plan as the one of this database."""
    with writing(database) as session:
        set_plan(session, plan)


def run_state(database: Database) -> JobState:
    """Return what is known of the last run."""
    with reading(database) as session:
        state = state_of(session, BACKUP)
    assert state is not None
    return state


def names_in(folder: Path) -> list[str]:
    """Return what lies in the folder beside its mark, in order."""
    return sorted(each.name for each in folder.iterdir() if each.name != MARK_FILE)
