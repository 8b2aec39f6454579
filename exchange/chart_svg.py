"""A chart as SVG, drawn in this process without a browser and without a network."""

from collections.abc import Mapping
from typing import Any


def chart_svg(specification: Mapping[str, Any], *, width: int, font: str) -> str:
    """
    Return a Vega-Lite chart as SVG.

    Args:
        specification: The chart's, with its data in it.
        width: Of the plot, in pixels.
        font: Family for all its letters; whoever shows the SVG has to have it.
    """
    import vl_convert  # noqa: PLC0415 - a browser engine of 80 MB, loaded for who prints

    # No address may be asked for data or pictures: the chart holds all it draws.
    drawn: str = vl_convert.vegalite_to_svg(
        {**specification, "width": width}, config={"font": font}, allowed_base_urls=[]
    )
    return drawn
