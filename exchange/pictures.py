"""A chart as a picture to take away, drawn in this process: no browser, no network."""

from collections.abc import Mapping
from enum import StrEnum
from types import ModuleType
from typing import Any

_WIDTH_PX = 720
_SHARPNESS = 2.0  # twice the pixels, for print and for screens with many
_NO_ADDRESS: list[str] = []  # nothing may be asked for: a chart holds all it draws


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
    whole = {**specification, "background": "white"}
    if form is Picture.SVG:
        return chart_svg(whole, width=_WIDTH_PX).encode()
    png: bytes = _converter().vegalite_to_png(
        {**whole, "width": _WIDTH_PX}, scale=_SHARPNESS, allowed_base_urls=_NO_ADDRESS
    )
    return png


def chart_svg(specification: Mapping[str, Any], *, width: int, font: str | None = None) -> str:
    """
    Return a Vega-Lite chart as SVG.

    Args:
        specification: The chart's, with its data in it.
        width: Of the plot, in pixels.
        font: Family for all its letters, which whoever shows the SVG has to have; None for
            the chart's own.
    """
    drawn: str = _converter().vegalite_to_svg(
        {**specification, "width": width},
        config={} if font is None else {"font": font},
        allowed_base_urls=_NO_ADDRESS,
    )
    return drawn


def _converter() -> ModuleType:
    # A browser engine of 80 MB, loaded for whoever prints or takes a chart away.
    import vl_convert  # noqa: PLC0415

    return vl_convert
