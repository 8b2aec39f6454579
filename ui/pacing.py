"""What a person came for, sent ahead of the rest of a page."""

import streamlit as st

from ui.turns import TURNS

HEAD_START_SECONDS = 0.15
"""About what a browser needs to load its chart code; see docs/adr/0015."""

NEXT_SECONDS = 0.05
"""About what it needs to draw a chart once it has that code."""

_HAS_CODE = "has-chart-code"


def let_chart_be_drawn() -> None:
    """Hold back what stands below a chart, longer below the first one of an open page."""
    is_first = not st.session_state.get(_HAS_CODE)
    st.session_state[_HAS_CODE] = True
    let_it_be_drawn(HEAD_START_SECONDS if is_first else NEXT_SECONDS)


def let_it_be_drawn(seconds: float) -> None:
    """
    Hold the rest of the page back, so that the browser draws what it has first.

    Streamlit's browser code takes what arrives together as one piece and shows it when all
    of it is ready. A pause costs the server nothing: another page is drawn meanwhile.
    """
    TURNS.rest(seconds)
