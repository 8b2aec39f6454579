"""What is to be said of a press in the next runs of its page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from recovery.errors import RecoveryError
from ui.clock import now

STAYS = timedelta(seconds=4)
"""How long what was shown stays on a page that is drawn anew, as by the second press of a double click."""

WAITS = timedelta(minutes=1)
"""How long it waits for a page that shows it: later it would be taken for news."""

_SAID = "said"


class Said:
    """Where one thing is kept until it was said."""

    def __init__(self) -> None:
        self._what: Any = None
        self._since = now()
        self._shown_at: datetime | None = None
        self._stays = STAYS

    @property
    def what(self) -> Any:
        """What is to be said; None for nothing."""
        return self._what

    @what.setter
    def what(self, what: Any) -> None:
        if isinstance(what, RecoveryError):
            what = bare(what)
        self._what, self._since, self._shown_at = what, now(), None

    def note_shown(self, stays: timedelta) -> None:
        """Begin to count how long it stands on the page."""
        self._shown_at, self._stays = self._shown_at or now(), stays

    @property
    def is_over(self) -> bool:
        """Whether it stood on the page for its time, or waited in vain for ``WAITS``."""
        at = now()
        if self._shown_at is None:
            return at - self._since > WAITS
        return at - self._shown_at > self._stays


def said_of(name: str) -> Said:
    """Return where what is to be said of the presses *name* is kept."""
    return _kept().setdefault(name, Said())


def is_said(name: str) -> bool:
    """Tell whether something is to be said of the presses *name*."""
    kept = _standing(name)
    return kept is not None and kept.what is not None


def bare(refusal: RecoveryError) -> RecoveryError:
    """Return *refusal* without the frames it came through: they hold records, and what was typed."""
    refusal.__traceback__ = refusal.__cause__ = refusal.__context__ = None
    return refusal


@contextmanager
def refusals_of(name: str) -> Iterator[None]:
    """Keep why what is done in the block was refused, to be said next."""
    try:
        yield
    except RecoveryError as refusal:
        said_of(name).what = refusal


@contextmanager
def saying(name: str, stays: timedelta = STAYS) -> Iterator[Any]:
    """
    Give what is to be said of the presses *name* now; None for nothing.

    Args:
        name: Of the presses.
        stays: How long it is said again when the page is drawn anew.
    """
    kept = _standing(name)
    if kept is None:
        # No place is made for it: names are as many as patients and alerts.
        yield None
        return
    yield kept.what
    # Not on the way out of a run that was ended: it has shown nothing.
    kept.note_shown(stays)


def show_said_of(name: str) -> None:
    """Show what came of the last of the presses *name*: a sentence, or why not."""
    with saying(name) as what:
        if isinstance(what, RecoveryError):
            st.error(str(what))
        elif what is not None:
            st.success(what)


def forget_what_is_over() -> None:
    """Forget what was said or waited for long enough, on whatever page: passwords are among it."""
    kept = _kept()
    for name, said in list(kept.items()):
        if said.is_over:
            kept.pop(name, None)


def _standing(name: str) -> Said | None:
    kept = _kept().get(name)
    return None if kept is None or kept.is_over else kept


def _kept() -> dict[str, Said]:
    kept: dict[str, Said] = st.session_state.setdefault(_SAID, {})
    return kept
