"""
Presses that are done to their end, whatever is pressed next.

What ``on_click`` names runs before the page is drawn. Streamlit looks whether something else was
pressed before it runs it, and again whenever it asks the session for anything, also between a
commit and what is noted of it; if so it ends the run and forgets what was pressed first. There
is no setting for it, so its look is put off here until the presses are done: the page is drawn
for the other right after. ``tests/faults/test_press_at_once.py`` fails when this does not hold.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.safe_session_state import SafeSessionState

from ui.presses import do_late_press

_LOOKS = "_yield_callback"
_streamlits = SafeSessionState.on_script_will_rerun


def do_what_came_early() -> None:
    """Do a press that came before this session had drawn its button; first thing in a run."""
    context = get_script_run_ctx()
    if context is not None:
        with _undisturbed(context.session_state):
            do_late_press()


@wraps(_streamlits)
def _do_presses(state: SafeSessionState, *args: Any, **options: Any) -> None:
    with _undisturbed(state):
        _streamlits(state, *args, **options)


@contextmanager
def _undisturbed(state: SafeSessionState) -> Iterator[None]:
    # Its own __setattr__ puts into the session of the page.
    looks = object.__getattribute__(state, _LOOKS)
    object.__setattr__(state, _LOOKS, _look_later)
    try:
        yield
    finally:
        object.__setattr__(state, _LOOKS, looks)


def _look_later() -> None:
    pass


SafeSessionState.on_script_will_rerun = _do_presses  # type: ignore[assignment, method-assign]  # the same arguments
