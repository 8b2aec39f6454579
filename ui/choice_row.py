"""A row of buttons of which one is on: a day, a range."""

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

Choice = TypeVar("Choice")


def choice_row(options: Mapping[str, Choice], *, key: str, default: str | None = None) -> Choice:
    """
    Show one button per option and return the one that is on.

    Buttons are as high as a finger needs, which Streamlit's own choice widgets are not.

    Args:
        options: What each label stands for; at least one.

        key: Key of the choice in the session, unique on the page.

        default: Label that is on at first; the first one unless given.
    """
    chosen = str(st.session_state.get(key, default))
    if chosen not in options:
        chosen = next(iter(options))
    with st.container(horizontal=True, gap="small"):
        for label in options:
            is_on = label == chosen
            st.button(
                label,
                key=f"{key}-{label}",
                type="primary" if is_on else "secondary",
                icon=":material/check:" if is_on else None,
                on_click=_choose,
                args=(key, label),
            )
    return options[chosen]


def _choose(key: str, label: str) -> None:
    st.session_state[key] = label
