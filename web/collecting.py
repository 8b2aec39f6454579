"""
Garbage that only a search finds, looked for by the server itself within a bound.

Python searches all objects whenever enough of them are new, which is in the middle of somebody's
page, and Streamlit can search after each run of a page; both hold the whole process up. Here
Python searches the new objects alone, which takes well under a millisecond, and all of them are
searched by the clock: as often as a fixed small share of the time allows.
"""

import asyncio
import gc
import logging
from dataclasses import dataclass
from time import perf_counter

SHARE = 0.005
"""The most of the time that may go into searching everything, 0-1."""

LEAST_SECONDS = 15.0
"""The shortest time between two searches of everything."""

LONG_SECONDS = 0.5
"""A search that holds everybody up for longer than this is told of in the log."""

_NEW_OBJECTS = 10_000
_NEW_SEARCHES = 20
_NEVER = 2**31 - 1

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Pauses:
    """
    How long searches of everything have held the process up.

    Attributes:
        count: How many there were.
        last_seconds: The newest; 0 before the first.
        longest_seconds: The longest; 0 before the first.
    """

    count: int = 0
    last_seconds: float = 0.0
    longest_seconds: float = 0.0

    def note(self, seconds: float) -> None:
        """Add one."""
        self.count += 1
        self.last_seconds = seconds
        self.longest_seconds = max(self.longest_seconds, seconds)


pauses = Pauses()
"""Those of this process."""


def wait_after(pause_seconds: float) -> float:
    """Return how many seconds to wait after a search that took *pause_seconds*."""
    return max(LEAST_SECONDS, pause_seconds / SHARE)


async def keep_collecting() -> None:
    """Take the search of everything over from Python, and do it until cancelled."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, _NEW_SEARCHES, _NEVER)
    try:
        while True:
            await asyncio.sleep(wait_after(pauses.last_seconds))
            pauses.note(_collect())
    finally:
        gc.set_threshold(*before)


def _collect() -> float:
    # In the loop itself and not in a thread: no other thread runs meanwhile either way.
    began = perf_counter()
    gc.collect()
    took = perf_counter() - began
    if took > LONG_SECONDS:
        _log.warning("Looking for garbage held everything up for %.1f seconds.", took)
    return took
