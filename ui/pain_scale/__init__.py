"""The pain scale: eleven large choices from 0 to 10 that behave as one question."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from recovery.reports import NRS_MAX, NRS_MIN
from recovery.wording import marked, tr
from ui.component_files import component
from ui.fills import fill_mark

WORDS = {0: marked("No pain"), 5: marked("Medium pain"), 10: marked("Worst pain you can imagine")}
ANSWERED = marked("out of 10")
UNANSWERED = marked("No number chosen yet")

_HERE = Path(__file__).parent


def pain_scale(  # noqa: PLR0913 - named, as widgets take them
    label: str,
    *,
    key: str,
    value: int | None = None,
    disabled: bool = False,
    revision: int = 0,
    words: Mapping[int, str] | None = None,
) -> int | None:
    """
    Ask for a pain score and return the answer; works inside and outside a form.

    Nothing is preselected. When *value* or *revision* differs from the run before,
    *value* is shown in place of what was chosen; after that the person's own choice wins.

    Args:
        label: The question, shown above the numbers.

        key: Key of the widget, unique on the page.

        value: The number to fill in, NRS 0-10; None for no answer.

        disabled: Whether the answer can only be read.

        revision: Change it to fill in the same *value* once more.

        words: What 0, 5 and 10 mean, in the reader's language; a number that is left out has
            none. Those of a day's pain unless given.

    Returns:
        NRS 0-10, or None while there is no answer.
    """
    filled = checked_nrs(value)
    fill = fill_mark(key, revision=revision, filled=str(filled))
    if words is None:
        words = {number: tr(meaning) for number, meaning in WORDS.items()}
    data = {
        "label": label,
        "nrs": chosen_nrs(key, value=value, revision=revision),
        "fill": fill,
        "disabled": disabled,
        "words": {str(number): meaning for number, meaning in words.items()},
        "answered": tr(ANSWERED),
        "unanswered": tr(UNANSWERED),
    }
    state = component("pain_scale", _HERE)(key=key, data=data)
    return read_choice(state, fill=fill, filled=filled)


def chosen_nrs(key: str, *, value: int | None = None, revision: int = 0) -> int | None:
    """
    Return the number that is chosen on a scale of ``pain_scale``, also before it is drawn.

    For what happens on a press, before the page is: arguments and return as there.
    """
    filled = checked_nrs(value)
    fill = fill_mark(key, revision=revision, filled=str(filled))
    return read_choice(st.session_state.get(key), fill=fill, filled=filled)


def read_choice(state: object, *, fill: str, filled: int | None) -> int | None:
    """
    Work out the answer from what the browser sent.

    Args:
        state: The state of the component; anything at all, since a browser sent it.

        fill: Names what the page fills in now. A choice made over an earlier fill is void.

        filled: The number the page fills in, NRS 0-10 or None.

    Returns:
        NRS 0-10, or None while there is no answer.
    """
    choice = state.get("choice") if isinstance(state, Mapping) else None
    if not isinstance(choice, Mapping) or "nrs" not in choice or choice.get("fill") != fill:
        return filled
    return checked_nrs(choice["nrs"])


def checked_nrs(value: object) -> int | None:
    """Return *value* when it is a whole number from 0 to 10, else None."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if NRS_MIN <= value <= NRS_MAX else None
