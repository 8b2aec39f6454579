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


class Said:
    """Where one thing is kept until it was said."""

    def __init__(self) -> None:
        self._what: Any = None
        self._since = now()
        self._shown_at: datetime | None = None

    @property
    def what(self) -> Any:
        """What is to be said; None for nothing."""
        return self._what

    @what.setter
    def what(self, what: Any) -> None:
        self._what, self._since, self._shown_at = what, now(), None

    def note_shown(self) -> None:
        """Begin to count how long it stands on the page."""
        self._shown_at = self._shown_at or now()

    def drop_old(self, stays: timedelta) -> None:
        """Forget what stood on the page for *stays*, or waited in vain for ``WAITS``."""
        if self._what is not None:
            shown_at, at = self._shown_at, now()
            is_old = at - self._since > WAITS if shown_at is None else at - shown_at > stays
            self._what = None if is_old else self._what


def said_of(name: str) -> Said:
    """Return where what is to be said of the presses *name* is kept."""
    slot = _slot(name)
    if slot not in st.session_state:
        st.session_state[slot] = Said()
    said: Said = st.session_state[slot]
    return said


def is_said(name: str) -> bool:
    """Tell whether something is to be said of the presses *name*."""
    kept: Said | None = st.session_state.get(_slot(name))
    return kept is not None and kept.what is not None


@contextmanager
def refusals_of(name: str) -> Iterator[None]:
    """Keep why what is done in the block was refused, to be said next."""
    kept = said_of(name)
    try:
        yield
    except RecoveryError as refusal:
        kept.what = refusal


@contextmanager
def saying(name: str, stays: timedelta = STAYS) -> Iterator[Any]:
    """
    Give what is to be said of the presses *name* now; None for nothing.

    Args:
        name: Of the presses.
        stays: How long it is said again when the page is drawn anew.
    """
    kept: Said | None = st.session_state.get(_slot(name))
    if kept is None:
        # Nothing is made for it: names are as many as patients and alerts.
        yield None
        return
    kept.drop_old(stays)
    yield kept.what
    # Not on the way out of a run that was ended: it has shown nothing.
    kept.note_shown()
    if kept.what is None:
        st.session_state.pop(_slot(name), None)


def show_said_of(name: str) -> None:
    """Show what came of the last of the presses *name*: a sentence, or why not."""
    with saying(name) as what:
        if isinstance(what, RecoveryError):
            st.error(str(what))
        elif what is not None:
            st.success(what)


def _slot(name: str) -> str:
    return f"said-{name}"
