"""What is to be said of a press in the next run of its page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st

from recovery.errors import RecoveryError


@dataclass(slots=True)
class Said:
    """
    Where one thing is kept until it is said.

    Forgotten once it is shown and not as it is read: a run that another press ends in between
    has shown nothing.

    Attributes:
        what: To be said; None for nothing.
    """

    what: Any = None


def said_of(name: str) -> Said:
    """Return where what is to be said of the presses *name* is kept."""
    slot = f"said-{name}"
    if slot not in st.session_state:
        st.session_state[slot] = Said()
    said: Said = st.session_state[slot]
    return said


@contextmanager
def refusals_of(name: str) -> Iterator[None]:
    """Keep why what is done in the block was refused, to be said next."""
    kept = said_of(name)
    try:
        yield
    except RecoveryError as refusal:
        kept.what = refusal


@contextmanager
def saying(name: str) -> Iterator[Any]:
    """Give what is to be said of the presses *name*, and forget it once the block has said it."""
    kept = said_of(name)
    yield kept.what
    # Not on the way out of a run that was ended: it has shown nothing.
    kept.what = None


def show_said_of(name: str) -> None:
    """Show what came of the last of the presses *name*, once: a sentence, or why not."""
    with saying(name) as what:
        if isinstance(what, RecoveryError):
            st.error(str(what))
        elif what is not None:
            st.success(what)
