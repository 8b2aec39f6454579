"""A row of buttons of which one is on: a day, a range."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

import streamlit as st

Choice = TypeVar("Choice", bound=Hashable)


def choice_row(options: Mapping[Choice, str], *, key: str, default: Choice | None = None) -> Choice:
    """
    Show one button per option and return the option that is on.

    Buttons are as high as a finger needs, which Streamlit's own choice widgets are not.
    What is on stays on when its words change, as a day's do at midnight.

    Args:
        options: The words of each option; at least one.

        key: Key of the choice in the session, unique on the page.

        default: What is on at first; the first option unless given.
    """
    chosen: Choice | None = st.session_state.get(key, default)
    if chosen is None or chosen not in options:
        chosen = next(iter(options))
    # Kept from the first look on, so that midnight does not move the choice either.
    st.session_state[key] = chosen
    with st.container(horizontal=True, gap="small"):
        for option, words in options.items():
            is_on = option == chosen
            st.button(
                words,
                key=f"{key}-{option}",
                type="primary" if is_on else "secondary",
                icon=":material/check:" if is_on else None,
                on_click=_choose,
                args=(key, option),
            )
    return chosen


def _choose(key: str, option: object) -> None:
    st.session_state[key] = option
