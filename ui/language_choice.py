"""Choosing the language to read in, by its own name."""

import streamlit as st

from db.engine import act
from db.languages import choose_language
from recovery.access import Role
from recovery.wording import LANGUAGE_NAMES, Language, language, others
from ui.page_language import tell_page_language
from ui.presses import press_button
from ui.said import refusals_of, show_said_of
from ui.who import present_actor

_CHANGED = "language-changed"
_LOADED = "language-loaded"
_PRESSES = "language"


def show_languages(key: str = "foot") -> None:
    """
    Offer every other language; a press switches at once and is remembered on every device.

    Args:
        key: Of this place on the page.
    """
    show_said_of(_PRESSES)
    for each in others():
        press_button(
            LANGUAGE_NAMES[each],
            _choose,
            each,
            key=f"language-{key}-{each}",
            icon=":material/translate:",
        )


def follow_language() -> None:
    """Tell the browser of a language that was chosen, here or elsewhere, after it loaded the page."""
    loaded_in = st.session_state.setdefault(_LOADED, language())
    if st.session_state.get(_CHANGED) or language() is not loaded_in:
        st.session_state[_CHANGED] = True
        tell_page_language()


def _choose(chosen: Language) -> None:
    with refusals_of(_PRESSES):
        actor = present_actor(*Role)
        act(lambda session: choose_language(session, actor, chosen), is_keyed=True)
        # The run that follows asks the account, and speaks it.
        st.session_state[_CHANGED] = True
