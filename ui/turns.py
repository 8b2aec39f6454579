"""
Whose page is drawn now.

Python lets one thread of a process work at a time. Pages that are drawn side by side take that
right from each other some hundred times a second, each time with a wait, and all of them and the
connections of everybody else become slow together. Drawn one after the other, each is done
sooner: docs/adr/0046. Whoever takes long keeps nobody waiting: a turn ends by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, local
from time import monotonic
from time import sleep as pause

LONGEST_SECONDS = 0.25
"""How long a page has the turn to itself; some ten times what one usually needs."""

PATIENCE_SECONDS = 1.0
"""How long a page waits for its turn before it is drawn all the same."""


class Turns:
    """
    A turn that one thread has at a time, and no longer than it should.

    Args:
        longest: Seconds after which the turn of a thread that goes on working ends.
        patience: Seconds after which a thread that waits goes on without a turn.
    """

    def __init__(
        self, longest: float = LONGEST_SECONDS, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._longest, self._patience = longest, patience
        self._free = Condition()
        self._holder: object | None = None
        self._ends_at = 0.0
        self._own = local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, and have it for the block; inside another such block it is had."""
        if self._ticket() is not None:
            yield
            return
        self._own.ticket = self._take()
        try:
            yield
        finally:
            self._give(self._own.ticket)
            self._own.ticket = None

    def rest(self, seconds: float) -> None:
        """Pause for some seconds, and let others have the turn meanwhile."""
        ticket = self._ticket()
        if ticket is None:
            pause(seconds)
            return
        self._give(ticket)
        pause(seconds)
        self._own.ticket = self._take()

    def _ticket(self) -> object | None:
        return getattr(self._own, "ticket", None)

    def _take(self) -> object:
        ticket, give_up_at = object(), monotonic() + self._patience
        with self._free:
            while self._holder is not None:
                left = min(self._ends_at, give_up_at) - monotonic()
                if left <= 0:
                    break
                self._free.wait(left)
            self._holder, self._ends_at = ticket, monotonic() + self._longest
        return ticket

    def _give(self, ticket: object | None) -> None:
        with self._free:
            if self._holder is ticket:
                self._holder = None
                self._free.notify()


TURNS = Turns()
"""The one of this process."""
