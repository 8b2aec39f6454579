"""
Presses that are done to their end, whatever is pressed next.

What ``on_click`` names runs before the page is drawn. Streamlit looks whether something else was
pressed before it runs it, and again whenever it asks the session for anything, also between a
commit and what is noted of it; if so it ends the run and forgets what was pressed first. There
is no setting for it, so its look is put off here until the presses are done: the page is drawn
for the other right after. ``tests/faults/test_press_at_once.py`` fails when this does not hold.
"""

from functools import wraps
from typing import Any

from streamlit.runtime.state.safe_session_state import SafeSessionState

_LOOKS = "_yield_callback"
_streamlits = SafeSessionState.on_script_will_rerun


@wraps(_streamlits)
def _undisturbed(state: SafeSessionState, *args: Any, **options: Any) -> None:
    # Its own __setattr__ puts into the session of the page.
    looks = object.__getattribute__(state, _LOOKS)
    object.__setattr__(state, _LOOKS, _look_later)
    try:
        _streamlits(state, *args, **options)
    finally:
        object.__setattr__(state, _LOOKS, looks)


def _look_later() -> None:
    pass


SafeSessionState.on_script_will_rerun = _undisturbed  # type: ignore[assignment, method-assign]  # the same arguments
