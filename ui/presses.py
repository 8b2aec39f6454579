"""Presses: done before the page is drawn, and once, however often they are sent."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import streamlit as st

from db.engine import asking_first
from recovery.errors import DatabaseUnavailable
from ui.clock import now
from ui.said import WAITS, refusals_of
from ui.who import signed_in_actor, who_is_asked

SAME_PRESS = timedelta(seconds=4)
"""A second press of the same button this soon after is the same press: a double click."""

ANYWHERE = "anywhere"
"""Name of what is to be said of a press that was refused before it came to its own place."""

_LATE, _CALLED, _RECENT = "late-press", "called-presses", "recent-presses"
_DONE, _KEY = "done", "key-"


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
    if is_pressed and _called().pop(key, None) is None:
        # Not here: what a press empties or fills stands on the page already.
        st.session_state[_LATE] = press.late or press.do
        st.rerun()
    return is_pressed


def _do(key: str, press: Callable[[], None]) -> None:
    try:
        _by_who_is_here(press)
    finally:
        # From its end on: what takes long must not be taken for a press that nobody did.
        _called()[key] = (True, now())


def _by_who_is_here(press: Callable[[], None]) -> None:
    """Do a press of somebody who is signed in still: no page has asked before it."""
    with refusals_of(ANYWHERE):
        try:
            is_anybody_here = signed_in_actor() is not None
        except DatabaseUnavailable:
            # The press finds that out, too, and says it at its own place; or the database is
            # there again, and is asked in the transaction of the press.
            with asking_first(who_is_asked()):
                press()
            return
        if is_anybody_here:
            press()


def _called() -> dict[str, tuple[bool, datetime]]:
    # By the keys of buttons. A press may take its own button away, and nobody asks for it then.
    called: dict[str, tuple[bool, datetime]] = st.session_state.setdefault(_CALLED, {})
    return called


def is_repeat(name: str, at: datetime) -> bool:
    """Tell whether *name* was done a moment ago and nothing since: the second press of a double click."""
    return bool(recent(_DONE, at) == name)


def note_done(name: str, at: datetime) -> None:
    """Note that *name* was done, for ``is_repeat``; a press that was refused is not noted."""
    note_recent(_DONE, name, at)


def press_key(name: str, at: datetime) -> UUID:
    """
    Return the idempotency key of a press of the button *name* at the instant *at*.

    Presses within ``SAME_PRESS`` of the first share its key. It is kept with the page's state: a
    press repeated at another process, after the first one ended, is another press.
    """
    key: UUID | None = recent(f"{_KEY}{name}", at)
    if key is None:
        key = uuid4()
        note_recent(f"{_KEY}{name}", key, at)
    return key


def end_presses(name: str) -> None:
    """Let the next press of any button whose name begins with *name* be another one, however soon."""
    for each in list(_recent()):
        if each.startswith(f"{_KEY}{name}"):
            _recent().pop(each)


def recent(name: str, at: datetime) -> Any:
    """Return what was noted of *name* less than ``SAME_PRESS`` before *at*; None for nothing."""
    what, noted_at = _recent().get(name, (None, at))
    # Either way: a clock that was set back must not make another press the same one.
    return what if abs(at - noted_at) <= SAME_PRESS else None


def note_recent(name: str, what: object, at: datetime) -> None:
    """Note *what* of *name*, for ``recent``."""
    _recent()[name] = (what, at)


def forget_old_presses() -> None:
    """Forget what no press asks for any more; before a page is drawn."""
    at = now()
    for kept, stays in ((_recent(), SAME_PRESS), (_called(), WAITS)):
        for name, (_, noted_at) in list(kept.items()):
            if abs(at - noted_at) > stays:
                kept.pop(name, None)


def _recent() -> dict[str, tuple[Any, datetime]]:
    kept: dict[str, tuple[Any, datetime]] = st.session_state.setdefault(_RECENT, {})
    return kept


def of_words(text: str) -> str:
    """Return what stands for typed words in the name of a press: the same in every process."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
