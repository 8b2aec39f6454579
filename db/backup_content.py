"""What a backup carries with it from where it was made."""

import sqlite3
from pathlib import Path

from db.models.system import ONLY_PLAN
from db.sqlite_file import connected
from recovery.backups import BackupPlan


def plan_in(file: Path) -> BackupPlan | None:
    """Return the plan of backups in *file*, of whichever version; None without one."""
    try:
        with connected(file, "mode=ro") as connection:
            found = connection.execute(
                "SELECT hour, time_zone, folder, keep FROM backup_plan WHERE id = ?", [ONLY_PLAN]
            ).fetchone()
    except sqlite3.OperationalError:
        # Of a version without plans.
        return None
    if found is None:
        return None
    hour, time_zone, folder, keep = found
    return BackupPlan(hour=hour, time_zone=time_zone, folder=folder, keep=keep)
