"""
What whoever runs the servers wants to know of the database: queues, jobs, room, connections.

Counts and instants of the whole installation, asked by the server itself for its figures. No
clinic and no patient is told apart, so it takes no access; each question is answered by an index.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from db.engine import Database, Session
from db.jobs import JobState, state_of
from db.models import ONLY_PLAN, AlertRow, BackupPlanRow, JobRow
from db.replica import written_by
from recovery.judgement.reasons import ReasonKind

# Spelled as the partial indexes have it, which they are found by.
_OPEN = sa.text("state <> 'closed'")
_UNTOUCHED = sa.text("state = 'new' AND escalated_at IS NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineState:
    """
    The state of an installation.

    Attributes:
        open_alerts: How many are not closed, by the kind of their reason.
        untouched: How many of them nobody has seen.
        oldest_untouched: When the oldest of those was made (UTC); None without any.
        jobs: When each job last ran, by its name.
        planned_backup: Since when there is a plan to copy the database (UTC); None without one.
    """

    open_alerts: Mapping[ReasonKind, int]
    untouched: int
    oldest_untouched: datetime | None
    jobs: Mapping[str, JobState]
    planned_backup: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolState:
    """
    The connections of this process.

    Attributes:
        in_use: Handed out now.
        idle: Open and free.
        most: As many as there can be.
    """

    in_use: int
    idle: int
    most: int


def machine_state(session: Session) -> MachineState:
    """Ask for the state of the installation; a few look-ups."""
    counts = session.exec(
        select(AlertRow.kind, sa.func.count()).where(_OPEN).group_by(col(AlertRow.kind))
    ).all()
    untouched, oldest = session.exec(
        select(sa.func.count(), sa.func.min(AlertRow.opened_at))
        .select_from(AlertRow)
        .where(_UNTOUCHED)
    ).one()
    names = session.exec(select(JobRow.name)).all()
    states = {name: state_of(session, name) for name in names}
    plan = session.get(BackupPlanRow, ONLY_PLAN)
    return MachineState(
        open_alerts={ReasonKind(kind): count for kind, count in counts},
        untouched=untouched,
        oldest_untouched=oldest,
        jobs={name: state for name, state in states.items() if state is not None},
        planned_backup=None if plan is None else plan.changed_at,
    )


def replica_lag(database: Database, connection: sa.Connection) -> int | None:
    """Return how many bytes of log the copy has yet to repeat; None when it cannot be read."""
    if database.replica is None:
        return None
    return database.replica.lag_bytes(written_by(connection))


def pool_state(database: Database) -> PoolState | None:
    """Count the connections of this process; None where they are not pooled."""
    pool = database.engine.pool
    if not isinstance(pool, sa.QueuePool):
        return None
    return PoolState(
        in_use=pool.checkedout(),
        idle=pool.checkedin(),
        most=pool.size() + max(pool._max_overflow, 0),  # noqa: SLF001 - told nowhere else
    )
