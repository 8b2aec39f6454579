"""
Marks of what a page fills into a question of its own making.

A choice goes to the server with the mark of what was filled in when it was made, so that a choice
made before a newer fill is told from one made over it.
"""

from collections.abc import Mapping

import streamlit as st

_SLOT = "fill-of-"
_LONGEST = 1_000
"""Signs of a mark; a longer one is nobody's but a forger's."""


def fill_mark(key: str, *, revision: int, filled: str) -> str:
    """
    Return the mark of what is filled into the question *key* now.

    A page that finds its line again at another process shows what it was filled with by the one
    before. A choice that comes with its first run was made over that, and stands: were it
    overruled by what this process fills in, the browser would take it back, run after run, and
    the answer to what was pressed would be gone before anybody could read it.

    Args:
        key: Of the widget.
        revision: How often the page was filled anew.
        filled: The answer to fill in, spelled.
    """
    fill = f"{revision}:{filled}"
    known = st.session_state.get(f"{_SLOT}{key}")
    if known is None:
        mark = _mark_of_browser(st.session_state.get(key), revision) or fill
    elif known[0] == fill:
        return str(known[1])
    else:
        # Filled anew with what the browser's own mark names: another fill all the same.
        mark = f"{fill} anew" if fill == known[1] else fill
    st.session_state[f"{_SLOT}{key}"] = (fill, mark)
    return mark


def _mark_of_browser(state: object, revision: int) -> str | None:
    choice = state.get("choice") if isinstance(state, Mapping) else None
    mark = choice.get("fill") if isinstance(choice, Mapping) and len(choice) > 1 else None
    is_one = isinstance(mark, str) and len(mark) <= _LONGEST and mark.startswith(f"{revision}:")
    return mark if is_one else None
