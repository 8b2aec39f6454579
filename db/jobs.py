"""
Work of the server that is done once, however many processes serve one database.

The lock goes with the process that holds it: PostgreSQL's advisory lock with its connection, the
lock of a file beside SQLite's with its handle. So one that was killed holds up nobody.
"""

import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlmodel import select

from db.engine import Database, Session, reading, writing
from db.models import JobRow
from recovery.access import AdminAccess

LOOK = "look-at-the-clock"
"""Name of the job that changes what time alone changes."""

BACKUP = "backup"
"""Name of the job that copies a SQLite database."""

LOCK_GROUP = 7_204
"""First number of our advisory locks; the second is made from the job's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """
    When a job last ran, in whichever process.

    Attributes:
        started_at: The start of the last run (UTC).
        finished_at: The last success (UTC); None before the first.
        detail: What it said then.
        failed_at: The last failure (UTC); None without one.
        failure: Its kind.
    """

    started_at: datetime
    finished_at: datetime | None
    detail: str
    failed_at: datetime | None
    failure: str

    @property
    def is_failing(self) -> bool:
        """Whether the last run that ended was a failure."""
        if self.failed_at is None or self.finished_at is None:
            return self.failed_at is not None
        # Told by the run's start first: the clock may have been set back since the other.
        if self.started_at in {self.finished_at, self.failed_at}:
            return self.started_at == self.failed_at
        return self.finished_at < self.failed_at


def run_once(
    database: Database, name: str, work: Callable[[], str], *, every: timedelta, now: datetime
) -> bool:
    """
    Do *work* unless another process is at it, or did it less than *every* ago.

    Args:
        database: Whose work it is.
        name: Of the job.
        work: Returns what is to be kept about a success, in a few words without health facts.
        every: How long a run holds.
        now: The instant (UTC).

    Returns:
        Whether it was done here and now.

    Raises:
        Exception: What *work* raised; its kind is kept.
        DatabaseUnavailable: If the database cannot be asked.
    """
    with _held(database, name) as is_ours:
        if not is_ours or not _is_due(database, name, every, now):
            return False
        _note(database, name, started_at=now)
        try:
            detail = work()
        finally:
            error = sys.exception()
            if error is not None:
                _note(database, name, failed_at=now, failure=type(error).__name__)
        _note(database, name, finished_at=now, detail=detail)
    return True


def job_state(session: Session, access: AdminAccess, name: str) -> JobState | None:  # noqa: ARG001 - demanded, so that nobody else asks
    """Return when the job *name* last ran, or None before its first run."""
    return state_of(session, name)


def state_of(session: Session, name: str) -> JobState | None:
    """Return when the job *name* last ran, for the server itself; None before its first run."""
    row = session.get(JobRow, name)
    if row is None:
        return None
    return JobState(
        started_at=row.started_at,
        finished_at=row.finished_at,
        detail=row.detail,
        failed_at=row.failed_at,
        failure=row.failure,
    )


def _is_due(database: Database, name: str, every: timedelta, now: datetime) -> bool:
    with reading(database) as session:
        started = session.exec(select(JobRow.started_at).where(JobRow.name == name)).first()
    # Of two machines one's clock is a little behind: a start that lies ahead was just now. One
    # that lies far ahead was noted before the clock was set back, and must stop nothing for good.
    return started is None or abs(now - started) >= every


def _note(database: Database, name: str, **values: object) -> None:
    with writing(database) as session:
        row = session.get(JobRow, name)
        if row is None:
            row = JobRow.model_validate({"name": name, **values})
        row.sqlmodel_update(values)
        session.add(row)


@contextmanager
def _held(database: Database, name: str) -> Iterator[bool]:
    """Hold the lock of a job for the block; yield False when another holds it."""
    if database.engine.dialect.name == "postgresql":
        with _advisory(database.engine, name) as is_ours:
            yield is_ours
        return
    lock = FileLock(f"{database.engine.url.database}.{name}.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


@contextmanager
def _advisory(engine: sa.Engine, name: str) -> Iterator[bool]:
    keys = {"group": LOCK_GROUP, "name": zlib.crc32(name.encode()) - 2**31}
    # Outside any transaction: one that stays open for the whole run would hold up vacuum.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken = connection.scalar(sa.text("SELECT pg_try_advisory_lock(:group, :name)"), keys)
        try:
            yield bool(taken)
        finally:
            if taken:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:group, :name)"), keys)
