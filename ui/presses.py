"""Presses: done before the page is drawn, and once, however often they are sent."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import streamlit as st

from recovery.errors import DatabaseUnavailable
from ui.said import refusals_of
from ui.who import signed_in_actor

SAME_PRESS = timedelta(seconds=4)
"""A second press of the same button this soon after is the same press: a double click."""

ANYWHERE = "anywhere"
"""Name of what is to be said of a press that was refused before it came to its own place."""

_LATE, _LAST_DONE = "late-press", "last-done-press"


class _Press(NamedTuple):
    do: Callable[[], None]
    late: Callable[[], None] | None = None


def press_button(
    label: str,
    press: Callable[..., None],
    *args: object,
    key: str,
    late: Callable[[], None] | None = None,
    **looks: Any,
) -> bool:
    """
    Offer a button whose *press* is done before the page is drawn.

    A page that comes back at another process may bring a press with its first run, or be asked
    for once more in the middle of it: the session there has not drawn the button yet, and
    Streamlit calls nothing for it. It is then done before the page is drawn once more.

    Args:
        label: On the button.
        press: What is done.
        *args: Given to *press*.
        key: Of the button.
        late: What is done then instead, where the page's fields do not outlive a process.
        **looks: As ``st.button`` takes them.

    Returns:
        Whether it was pressed.
    """
    return _offer(st.button, label, _Press(partial(press, *args), late), key, looks)


def press_submit(
    label: str, press: Callable[..., None], *args: object, key: str, **looks: Any
) -> bool:
    """Offer the button of a form, as ``press_button`` offers one outside of forms."""
    return _offer(st.form_submit_button, label, _Press(partial(press, *args)), key, looks)


def do_late_press() -> None:
    """Do what was pressed before this session had drawn its button, and was kept when it did."""
    press: Callable[[], None] | None = st.session_state.pop(_LATE, None)
    if press is not None:
        _by_who_is_here(press)


def _offer(
    button: Callable[..., bool],
    label: str,
    press: _Press,
    key: str,
    looks: Mapping[str, Any],
) -> bool:
    is_pressed = button(label, key=key, on_click=_do, args=(key, press.do), **looks)
    if is_pressed and not st.session_state.pop(_done(key), False):
        # Not here: what a press empties or fills stands on the page already.
        st.session_state[_LATE] = press.late or press.do
        st.rerun()
    return is_pressed


def _do(key: str, press: Callable[[], None]) -> None:
    st.session_state[_done(key)] = True
    _by_who_is_here(press)


def _by_who_is_here(press: Callable[[], None]) -> None:
    """Do a press of somebody who is signed in still: no page has asked before it."""
    with refusals_of(ANYWHERE):
        if _is_anybody_here():
            press()


def _is_anybody_here() -> bool:
    try:
        return signed_in_actor() is not None
    except DatabaseUnavailable:
        # The press finds that out, too, and says it at its own place.
        return True


def _done(key: str) -> str:
    return f"done-{key}"


def is_repeat(name: str, at: datetime) -> bool:
    """Tell whether *name* was done a moment ago and nothing since: the second press of a double click."""
    last: tuple[str, datetime] | None = st.session_state.get(_LAST_DONE)
    return last is not None and last[0] == name and at - last[1] <= SAME_PRESS


def note_done(name: str, at: datetime) -> None:
    """Note that *name* was done, for ``is_repeat``; a press that was refused is not noted."""
    st.session_state[_LAST_DONE] = (name, at)


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
