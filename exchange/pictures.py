"""A chart as a picture to take away, drawn in this process: no browser, no network."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

_WIDTH_PX = 720
_SHARPNESS = 2.0  # twice the pixels, for print and for screens with many


class Picture(StrEnum):
    """Forms a chart can be taken away in; the value is the ending of the file."""

    SVG = "svg"
    PNG = "png"


def picture_of(specification: Mapping[str, Any], form: Picture) -> bytes:
    """
    Draw a Vega-Lite chart on white.

    Args:
        specification: The chart's, with its data in it and without a width.
        form: What to draw it as.

    Returns:
        The content of the file.
    """
    import vl_convert  # noqa: PLC0415 - a browser engine of 80 MB, loaded for who takes one away

    whole = {**specification, "width": _WIDTH_PX, "background": "white"}
    # No address may be asked for data or pictures: the chart holds all it draws.
    if form is Picture.SVG:
        drawn: str = vl_convert.vegalite_to_svg(whole, allowed_base_urls=[])
        return drawn.encode()
    png: bytes = vl_convert.vegalite_to_png(whole, scale=_SHARPNESS, allowed_base_urls=[])
    return png
