"""A chart as SVG, drawn in this process without a browser and without a network."""

from collections.abc import Mapping
from typing import Any

import vl_convert


def chart_svg(specification: Mapping[str, Any], *, width: int, font: str) -> str:
    """
    Return a Vega-Lite chart as SVG.

    Args:
        specification: The chart's, with its data in it.
        width: Of the plot, in pixels.
        font: Family for all its letters; whoever shows the SVG has to have it.
    """
    # No address may be asked for data or pictures: the chart holds all it draws.
    return vl_convert.vegalite_to_svg(
        {**specification, "width": width}, config={"font": font}, allowed_base_urls=[]
    )
