"""What the server does again and again by itself, in one process at a time."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import anyio.to_thread

from content.shelf import rules_for
from db.backup_job import back_up_when_due
from db.engine import Database
from db.jobs import BACKUP, LOOK, run_once
from db.sweep import sweep

BACKUP_SECONDS = 300.0
"""How often it is asked whether a backup is due."""

SWEEP_SECONDS = 300.0
"""How long an alert that time alone makes may wait; its rules count in days."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """
    Something done every so often.

    Attributes:
        name: Under which it is kept when it ran.
        every: Seconds between two looks whether it is due; a run holds for nearly as long.
        work: Does it, and returns what is to be kept about it in a few words.
        is_timed: Whether it is due every so often; else *work* asks itself, and keeps what came
            of it.
    """

    name: str
    every: float
    work: Callable[[Database, datetime], str]
    is_timed: bool = True


def jobs() -> Sequence[Job]:
    """Return all jobs of the server."""
    return (
        Job(name=LOOK, every=SWEEP_SECONDS, work=_look_at_the_clock),
        Job(name=BACKUP, every=BACKUP_SECONDS, work=_back_up, is_timed=False),
    )


async def keep_running(database: Database, job: Job) -> None:
    """Run *job* now and again and again, until cancelled; what fails is logged and tried anew."""
    while True:
        run = anyio.to_thread.run_sync(partial(_run, database, job))
        # As a result and not raised: whatever went wrong once must not end all later runs.
        [outcome] = await asyncio.gather(run, return_exceptions=True)
        if isinstance(outcome, Exception):
            _log.error("The job %s failed: %s", job.name, type(outcome).__name__)
        await asyncio.sleep(job.every)


def _run(database: Database, job: Job) -> None:
    now = datetime.now(UTC)
    if not job.is_timed:
        job.work(database, now)
        return
    # A little less than the pause, so that two processes that take turns leave no run out.
    held = timedelta(seconds=job.every * 0.9)
    run_once(database, job.name, partial(job.work, database, now), every=held, now=now)


def _look_at_the_clock(database: Database, now: datetime) -> str:
    swept = sweep(database, rules_for, now)
    return f"{swept.judged} judged, {swept.returned} returned, {swept.escalated} passed on"


def _back_up(database: Database, now: datetime) -> str:
    return "made" if back_up_when_due(database, now) else "not due"
