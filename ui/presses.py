"""Presses: each is done to its end, and one that is sent twice acts once."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec
from uuid import UUID, uuid4

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.safe_session_state import SafeSessionState

Args = ParamSpec("Args")
_LOOKS = "_yield_callback"

SAME_PRESS = timedelta(seconds=4)
"""A second press of the same button this soon after is the same press: a double click."""


def to_its_end(press: Callable[Args, None]) -> Callable[Args, None]:
    """
    Return *press* for ``on_click``, done to its end whatever else is pressed meanwhile.

    Streamlit ends what runs as soon as it asks its session for anything after another press has
    come, also between a commit and what is noted of it. The page is drawn for the other after.
    """

    @wraps(press)
    def done(*args: Args.args, **kwargs: Args.kwargs) -> None:
        with _undisturbed():
            press(*args, **kwargs)

    return done


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Streamlit's session answer and not look whether something else was pressed."""
    context = get_script_run_ctx(suppress_warning=True)
    state = None if context is None else context.session_state
    if not isinstance(state, SafeSessionState):
        yield
        return
    # It has no public way to say so. tests/faults/test_press_at_once.py fails when this one ends.
    looks = object.__getattribute__(state, _LOOKS)
    object.__setattr__(state, _LOOKS, _look_at_nothing)
    try:
        yield
    finally:
        object.__setattr__(state, _LOOKS, looks)


def _look_at_nothing() -> None:
    pass


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
