"""One key per press, so that a press sent twice acts once."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import streamlit as st

SAME_PRESS = timedelta(seconds=4)
"""A second press of the same button this soon after is the same press: a double click."""


def press_key(name: str, now: datetime) -> UUID:
    """
    Return the idempotency key of a press of the button *name* at *now*.

    Presses within ``SAME_PRESS`` of the first share its key. It is kept with the page's state: a
    press repeated at another process, after the first one ended, is another press.
    """
    slot = f"press-{name}"
    last = st.session_state.get(slot)
    if last is None or now - last[1] > SAME_PRESS:
        last = (uuid4(), now)
        st.session_state[slot] = last
    return last[0]


def of_words(text: str) -> str:
    """Return what stands for typed words in the name of a press: the same in every process."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def end_presses(name: str) -> None:
    """Let the next press of any button whose name begins with *name* be another one, however soon."""
    for slot in [key for key in st.session_state if str(key).startswith(f"press-{name}")]:
        del st.session_state[slot]
