"""What a backup carries with it from where it was made."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col, delete, update

from db.models import AuthSessionRow, InvitationRow, SignInFlowRow
from db.models.system import ONLY_PLAN
from db.sqlite_file import connected
from recovery.backups import BackupPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysClosed:
    """
    Ways in that were open when a backup was made.

    Attributes:
        sign_ins: How many open sign-ins were ended.
        invitations: How many open invitations were ended.
    """

    sign_ins: int
    invitations: int


def close_ways_in(file: Path, now: datetime) -> WaysClosed:
    """
    End what opened something when *file* was made, of whichever version; nobody may use it.

    Which of them were ended, used or taken back since is not in it, so none may open anything.

    Args:
        file: A copy that is about to be served.
        now: The instant (UTC).
    """
    engine = sa.create_engine("sqlite://", creator=lambda: _alone(file), poolclass=sa.NullPool)
    with engine.begin() as connection:
        tables = sa.inspect(connection)
        sign_ins = connection.execute(
            update(AuthSessionRow)
            .where(col(AuthSessionRow.revoked_at).is_(None))
            .values(revoked_at=now)
        ).rowcount
        invitations = 0
        if tables.has_table("invitation"):
            invitations = connection.execute(
                update(InvitationRow)
                .where(
                    col(InvitationRow.used_at).is_(None),
                    col(InvitationRow.revoked_at).is_(None),
                    col(InvitationRow.expires_at) > now,
                )
                # Nobody took them back: their time is over.
                .values(expires_at=now)
            ).rowcount
        if tables.has_table("sign_in_flow"):
            connection.execute(delete(SignInFlowRow))
    return WaysClosed(sign_ins=sign_ins, invitations=invitations)


def _alone(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    # A copy that was opened by the app before would have its journal in two more files.
    connection.execute("PRAGMA journal_mode=DELETE")
    return connection


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
