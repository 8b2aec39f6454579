"""Every few minutes: what time alone changes."""

import asyncio
import logging
from datetime import UTC, datetime
from functools import partial

import anyio.to_thread

from content.shelf import rules_for
from db.engine import Database
from db.sweep import sweep

SWEEP_SECONDS = 300.0
"""How long an alert that time alone makes may wait; its rules count in days."""

_log = logging.getLogger(__name__)


async def keep_sweeping(database: Database) -> None:
    """Sweep now and again and again, until cancelled; what fails is logged and tried anew."""
    while True:
        run = anyio.to_thread.run_sync(partial(sweep, database, rules_for, datetime.now(UTC)))
        # As a result and not raised: whatever went wrong once must not end all later looks.
        [outcome] = await asyncio.gather(run, return_exceptions=True)
        if isinstance(outcome, Exception):
            _log.error("What time changes was not looked at: %s", type(outcome).__name__)
        await asyncio.sleep(SWEEP_SECONDS)
