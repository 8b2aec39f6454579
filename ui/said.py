"""What is to be said of a press in the next run of its page."""

from dataclasses import dataclass
from typing import Any

import streamlit as st


@dataclass(slots=True)
class Said:
    """
    Where one thing is kept until it is said.

    Cleared once it is shown and not as it is read: a run that another press ends in between
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
