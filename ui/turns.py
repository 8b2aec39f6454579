"""
Whose page is drawn now.

Python lets one thread of a process work at a time. Pages that are drawn side by side take that
right from each other some hundred times a second, each time with a wait, and all of them and the
connections of everybody else become slow together. Drawn one after the other, each is done
sooner: docs/adr/0046. Whoever takes long keeps nobody waiting: a turn ends by itself.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, local
from time import monotonic
from time import sleep as pause

LONGEST_SECONDS = 0.25
"""How long a page has the turn to itself; some ten times what one usually needs."""

PATIENCE_SECONDS = 5.0
"""How long a page waits for its turn before it is drawn all the same."""

_LEAST = 0.001
"""Seconds between two looks at a turn that is over and whose next one has not begun yet."""


class Turns:
    """
    A turn that one thread has at a time, in the order of asking, and no longer than it should.

    Args:
        longest: Seconds after which the turn of a thread that goes on working ends.
        patience: Seconds after which a thread that waits goes on without a turn.
    """

    def __init__(
        self, longest: float = LONGEST_SECONDS, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._longest, self._patience = longest, patience
        self._lock, self._own = Lock(), local()
        self._holder: Event | None = None
        self._waiting: deque[Event] = deque()
        self._ends_at = 0.0

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
        # First of those who wait: it has waited already, and what is left of it is short.
        self._own.ticket = self._take(first=True)

    def _ticket(self) -> Event | None:
        return getattr(self._own, "ticket", None)

    def _take(self, *, first: bool = False) -> Event:
        """Return a ticket, which is set once it has the turn."""
        ticket, give_up_at = Event(), monotonic() + self._patience
        with self._lock:
            if self._holder is None:
                self._begin(ticket)
            elif first:
                self._waiting.appendleft(ticket)
            else:
                self._waiting.append(ticket)
        while not ticket.wait(max(_LEAST, min(self._ends_at, give_up_at) - monotonic())):
            with self._lock:
                self._help_oneself(ticket, give_up_at)
        return ticket

    def _help_oneself(self, ticket: Event, give_up_at: float) -> None:
        """Take what nobody gave: a turn that is over, or the patience that is."""
        now = monotonic()
        if ticket.is_set():
            return
        is_over = self._waiting[0] is ticket and now >= self._ends_at
        if is_over or now >= give_up_at:
            self._waiting.remove(ticket)
            self._begin(ticket)

    def _begin(self, ticket: Event) -> None:
        self._holder, self._ends_at = ticket, monotonic() + self._longest
        ticket.set()

    def _give(self, ticket: Event | None) -> None:
        with self._lock:
            if self._holder is not ticket:
                return
            self._holder = None
            if self._waiting:
                self._begin(self._waiting.popleft())


TURNS = Turns()
"""The one of this process."""
