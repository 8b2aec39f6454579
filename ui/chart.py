"""A chart on the page."""

from typing import TYPE_CHECKING, cast

import streamlit as st

from charts.layer import Layered

if TYPE_CHECKING:
    import altair as alt


def show_chart(chart: Layered, said: str) -> None:
    """
    Show *chart* as wide as there is room.

    Args:
        chart: What to show.
        said: What it shows, in words; read out in its place.
    """
    # Streamlit asks a chart for nothing but its specification, by the method that ours has too.
    drawn = cast("alt.LayerChart", chart)
    st.altair_chart(drawn, width="stretch", theme=None, alt=said)
