"""The axes: fixed, titled, and the same days on every chart of a page."""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from charts.days import MOST_TICKS, DayRange
from charts.layer import Channel, Layer, Layered, channel
from charts.palette import TEXT_PX, TITLE_LINE_PX, TITLE_PX, Palette
from recovery.reports import MAX_BRACE_HOURS, NRS_MAX, NRS_MIN
from recovery.wording import marked, tr

DAY_TITLE = marked("Days after the procedure")
PAIN_TITLE = (marked("Pain (0 = none, 10 = worst)"), marked("Higher is more pain"))
BRACE_TITLE = (marked("Hours in the brace"),)
ACTIVITY_TITLE = marked("Activity")
ACTIVITY_WORDS = (
    marked("Lying down"),
    marked("Around the house"),
    marked("Out a little"),
    marked("Usual day"),
)
"""In the order of ``ActivityLevel``."""

Axis = Callable[[str], Channel]
"""How a field lies on the other axis of a chart or panel."""

_PADDING = {"left": 2, "right": 10, "top": 6, "bottom": 2}
_LEFT_PX = 26  # the same room on every chart, so that their days lie above each other


def day_axis(days: DayRange, field: str = "pod:Q") -> Channel:
    """Return the axis of post-procedure days, half a day wider than *days* at both ends."""
    return _day_axis(days, field, tr(DAY_TITLE))


# Keyed by days, field names and titles, so nothing about a person is kept.
@lru_cache(maxsize=512)
def _day_axis(days: DayRange, field: str, title: str) -> Channel:
    domain = [days.first - 0.5, days.last + 0.5]
    ticks = {"tickCount": MOST_TICKS, "tickMinStep": 1} if days.zooms else {"values": days.ticks}
    axis = {**ticks, "format": "d", "grid": False, "labelFlush": False}
    scale = {"domain": domain, "nice": False, "zero": False}
    return channel("x", field, title=title, scale=scale, axis=axis)


def pain_axis(field: str) -> Channel:
    """Return the pain axis, always 0 to 10."""
    return _fixed(field, _spoken(PAIN_TITLE), (NRS_MIN, NRS_MAX), range(NRS_MIN, NRS_MAX + 1, 2))


def brace_axis(field: str) -> Channel:
    """Return the axis of brace hours, always 0 to 24."""
    hours = (0, MAX_BRACE_HOURS)
    return _fixed(field, _spoken(BRACE_TITLE), hours, range(0, MAX_BRACE_HOURS + 1, 6))


def activity_axis(field: str) -> Channel:
    """Return the axis of activity levels by number; their words stand above the plot."""
    most = len(ACTIVITY_WORDS) - 1
    words = [f"{rank} {tr(words).lower()}" for rank, words in enumerate(ACTIVITY_WORDS)]
    # On its own line each would lie over the first days.
    title = (tr(ACTIVITY_TITLE), ", ".join(words[:2]), ", ".join(words[2:]))
    return _fixed(field, title, (-0.4, most + 0.7), range(most + 1))


def score_axis(field: str, title: tuple[str, ...]) -> Channel:
    """Return the axis of a score from 0 to 10, with a title of its own in the reader's language."""
    return _fixed(field, title, (NRS_MIN, NRS_MAX), range(NRS_MIN, NRS_MAX + 1, 2))


def number_axis(
    field: str,
    title: tuple[str, ...],
    most: float,
    *,
    lowest: float = 0,
    ticks: range | None = None,
) -> Channel:
    """Return an axis of a number up to *most*, with a title in the reader's language."""
    if ticks is None:
        ticks = range(0, int(most) + 1, max(1, int(most) // 2))
    return _fixed(field, title, (lowest, most), ticks)


def level_axis(field: str, title: tuple[str, ...], levels: int) -> Channel:
    """Return an axis of levels numbered from 0, whose words stand on the plot."""
    return _fixed(field, title, (-0.6, levels - 0.2), range(levels), has_labels=False)


def finish(layers: list[Layer], colours: Palette, *, height: int) -> Layered:
    """Compose *layers*, bottom first, at a height in pixels and in a size read at arm's length."""
    # A layer without a mark would be an image without a name to a screen reader.
    drawn = [each for each in layers if not each.data.empty]
    return Layered([drawn], {"height": height, "padding": _PADDING, "config": _config(colours)})


def finish_panels(panels: Sequence[Sequence[Layer]], colours: Palette, *, height: int) -> Layered:
    """
    Compose layers of several panels in one view, bottom first; a panel has its own other axis.

    Args:
        panels: The layers of each panel, or of what lies over all of them.

        colours: Of the page.

        height: From the top of the highest panel to the days' axis, in pixels.
    """
    drawn = [[each for each in layers if not each.data.empty] for layers in panels]
    top = {
        "height": height,
        # The page's own choice would fit the height too, and panels stand at fixed pixels.
        "autosize": {"type": "fit-x", "contains": "padding"},
        "resolve": {"scale": {"y": "independent"}},
        "padding": _PADDING,
        "config": _config(colours),
    }
    return Layered([layers for layers in drawn if layers], top)


def _spoken(title: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tr(line) for line in title)


@cache
def _fixed(
    field: str,
    title: tuple[str, ...],
    domain: tuple[float, float],
    ticks: range,
    *,
    has_labels: bool = True,
) -> Channel:
    # The title lies flat above the plot: upright text is hard to read on a phone.
    axis = {
        "values": list(ticks),
        "labels": has_labels,
        "labelFlush": False,
        "format": "d",
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleX": -_LEFT_PX,
        "titleBaseline": "bottom",
        "titleY": -26 - TITLE_LINE_PX * (len(title) - 1),
        "titleLimit": 0,
        "minExtent": _LEFT_PX,
        "maxExtent": _LEFT_PX,
    }
    scale = {"domain": list(domain), "nice": False}
    return channel("y", field, title=list(title), scale=scale, axis=axis)


def _config(colours: Palette) -> dict[str, Any]:
    return {
        "axis": {
            "labelFontSize": TEXT_PX,
            "titleFontSize": TITLE_PX,
            "labelColor": colours.text,
            "titleColor": colours.text,
            "labelPadding": 6,
            "titlePadding": 10,
        },
        "legend": {"labelFontSize": TEXT_PX, "labelColor": colours.text, "labelLimit": 0},
    }
