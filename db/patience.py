"""Waiting for a database that is away for a moment, within bounds and without a crowd."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import uniform
from threading import Event
from time import monotonic
from typing import TypeVar

import psycopg
from sqlalchemy.exc import DBAPIError

from recovery.errors import DatabaseUnavailable

T = TypeVar("T")
PATIENCE_VARIABLE = "MENDLINE_DATABASE_PATIENCE"
PATIENCE_SECONDS = 15.0
"""How long the database may be away before people are told; a failover takes less."""

MAX_PATIENCE_SECONDS = 300.0
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0
_GROWTH = 1.6


def patience() -> float:
    """
    Return the seconds for which a database that is away is waited for.

    Raises:
        DatabaseUnavailable: If ``MENDLINE_DATABASE_PATIENCE`` is no number of seconds.
    """
    text = os.environ.get(PATIENCE_VARIABLE) or str(PATIENCE_SECONDS)
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MAX_PATIENCE_SECONDS:
        raise DatabaseUnavailable(
            f"{PATIENCE_VARIABLE} is not a number of seconds from 0 to "
            f"{MAX_PATIENCE_SECONDS:.0f}. Write it like 15."
        )
    return seconds


def pauses(seconds: float) -> Iterator[float]:
    """
    Yield growing pauses (s) that last *seconds* altogether, at most.

    Each is drawn between half and all of its length, so that those who lost the same
    connection or the same race do not meet again.
    """
    pause = FIRST_PAUSE_SECONDS
    while seconds > 0:
        drawn = min(uniform(pause / 2, pause), seconds)  # noqa: S311 - spreads load, guards nothing
        yield drawn
        seconds -= drawn
        pause = min(pause * _GROWTH, LONGEST_PAUSE_SECONDS)


def pause_for(seconds: float) -> None:
    """Let *seconds* pass in this thread."""
    Event().wait(seconds)


@dataclass(slots=True)
class Outage:
    """
    Since when a database has been away, for all threads of a process together.

    While it is young, everybody waits for its end; once it is older than the patience, everybody
    asks once and is told at once. Threads may use it side by side: at worst one of them waits
    once more.
    """

    _since: float | None = None
    _is_long: bool = False

    def wait_out(self, connect: Callable[[], T]) -> T:
        """
        Return what *connect* returns, asked again while the database is away.

        Raises:
            DBAPIError: What *connect* raised last, when the patience ends or waiting is no use.
        """
        for pause in pauses(patience()):
            try:
                found = connect()
            except DBAPIError as error:
                if not _may_pass(error) or self._has_lasted(pause):
                    raise
                pause_for(pause)
            else:
                self._since, self._is_long = None, False
                return found
        return connect()

    def _has_lasted(self, pause: float) -> bool:
        now = monotonic()
        if self._since is None:
            self._since = now
        self._is_long = self._is_long or now + pause - self._since > patience()
        return self._is_long


_OF_THE_ADDRESS = ("does not exist", "authentication failed")
"""What only somebody who changes a setting can mend."""


def _may_pass(error: DBAPIError) -> bool:
    # A file has its own time to wait for a lock, and nothing else about it passes by itself.
    is_server = isinstance(error.orig, psycopg.Error)
    return is_server and not any(sign in str(error.orig) for sign in _OF_THE_ADDRESS)
