"""The language of whoever looks at this page, for every run, callback and fragment of it."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import content.catalogues  # noqa: F401 - learns the languages
from recovery.wording import Language, ask_language

_SPOKEN = "language"


def speak(language: Language) -> None:
    """Speak *language* on this page from now on, in its callbacks and fragments too."""
    st.session_state[_SPOKEN] = language


def _spoken() -> Language | None:
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    spoken = st.session_state.get(_SPOKEN)
    return spoken if isinstance(spoken, Language) else None


ask_language(_spoken)
