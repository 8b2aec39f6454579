"""The language of whoever looks at this page, for every run, callback and fragment of it."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import content.catalogues  # noqa: F401 - learns the languages
from recovery.wording import Language, ask_language, speak_on

_SPOKEN = "language"


def speak(language: Language) -> None:
    """Speak *language* on this page from now on, in its callbacks and fragments too."""
    st.session_state[_SPOKEN] = language
    # Each run of a page has a thread of its own, and a page looks up some hundred sentences:
    # to ask the session for each of them took a tenth of its time.
    speak_on(language)


def _spoken() -> Language | None:
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    spoken = st.session_state.get(_SPOKEN)
    if not isinstance(spoken, Language):
        return None
    speak_on(spoken)
    return spoken


ask_language(_spoken)
