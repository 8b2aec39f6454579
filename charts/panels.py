"""
Panels above each other in one view: each with its own other axis, all over the same days.

One view rather than one chart per panel, so that hovering and looking closer concern all of
them and the page fits the width once; see docs/adr/0030.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import pandas as pd

from charts.days import DayRange
from charts.layer import Channel, Layer, Layered, channel, plain
from charts.palette import TEXT_PX, TITLE_LINE_PX, Palette
from charts.scales import finish_panels

HEADING_X_PX = -26
"""Where headings begin, above the numbers of the axes."""

_ABOVE_PX = 8  # between a heading and its panel
_BELOW_PX = 14  # between a panel and the next heading
_LINE_LETTERS = 48  # of strong type, on a screen of 390 px


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """
    A part of the view with its own scale, before it has a place.

    Attributes:
        heading: What it shows.
        key: What its shapes mean, each by itself.
        height_px: Of its plot.
        low: Value at its lower edge.
        high: Value at its upper edge.
        ticks: Values with a line and a number; none for no axis.
        has_labels: Whether the numbers are written.
        room_px: Room between heading and plot, for words that stand on the upper edge.
    """

    heading: str
    key: tuple[str, ...] = ()
    height_px: int = 0
    low: float = 0
    high: float = 1
    ticks: tuple[int, ...] = ()
    has_labels: bool = True
    room_px: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """
    A strip that has its place.

    Attributes:
        strip: What it is.
        top_px: Of its plot, from the top of the view.
    """

    strip: Strip
    top_px: int

    @property
    def bottom_px(self) -> int:
        """Lower edge of its plot, from the top of the view."""
        return self.top_px + self.strip.height_px

    def axis(self, field: str) -> Channel:
        """Return the axis of a field on this panel."""
        strip = self.strip
        bounds = (strip.low, strip.high, self.bottom_px, self.top_px)
        return _axis(field, bounds, strip.ticks, has_labels=strip.has_labels)


class Stack:
    """Panels put below each other as they come."""

    def __init__(self, days: DayRange, colours: Palette) -> None:
        self.days = days
        self.colours = colours
        self._bottom_px = 0
        self._headings: list[dict[str, object]] = []
        self._layers: list[Sequence[Layer]] = []

    def place(self, strip: Strip) -> Panel:
        """Return where the next panel stands, its heading above it."""
        top = self._bottom_px
        for number, words in enumerate(_lines(strip)):
            top += TITLE_LINE_PX
            self._headings.append({"y": top, "words": words, "weight": 400 if number else 700})
        top += (_ABOVE_PX if strip.height_px else 0) + strip.room_px
        panel = Panel(strip, top)
        self._bottom_px = panel.bottom_px + _BELOW_PX
        return panel

    def draw(self, layers: Sequence[Layer]) -> None:
        """Draw layers above those before; nothing of them leaves the plot when it is zoomed."""
        self._layers.append([layer.restyled(clip=True) for layer in layers])

    def finish(self, beneath: Sequence[Layer], above: Sequence[Layer]) -> Layered:
        """
        Compose everything.

        Args:
            beneath: What lies under all panels.

            above: What lies over all panels.
        """
        panels = [beneath, *self._layers, self._heading_layers(), above]
        return finish_panels(panels, self.colours, height=self._bottom_px)

    def _heading_layers(self) -> list[Layer]:
        """Write the headings, over a halo in the colour of the page that parts them from lines."""
        layers = []
        for halo_px in (4, 0):
            text = Layer(pd.DataFrame(self._headings)).mark_text(
                align="left",
                baseline="bottom",
                fontSize=TEXT_PX,
                color=self.colours.text,
                stroke=self.colours.page,
                strokeWidth=halo_px,
                strokeJoin="round",
                fontWeight={"expr": "datum.weight"},
                tooltip=None,
                # All marks of a chart that zooms would be, and headings begin left of the plot.
                clip=False,
            )
            y = _at_y()
            layers.append(text.encode(at_px(HEADING_X_PX), y, plain("text", "words:N")))
        return layers


def at_px(pixels: float) -> Channel:
    """Return a place from the left edge of the plot, where it stays while days are moved."""
    return Channel("x", {"value": pixels})


# Keyed by fields and sizes, so nothing about a person is kept.
@lru_cache(maxsize=512)
def _axis(
    field: str,
    bounds: tuple[float, float, int, int],
    ticks: tuple[int, ...],
    *,
    has_labels: bool,
) -> Channel:
    low, high, *reach = bounds
    axis = None
    if ticks:
        axis = {
            "values": list(ticks),
            "labels": has_labels,
            "labelFlush": False,
            "format": "d",
            "orient": "left",
        }
    scale = {"domain": [low, high], "nice": False, "range": reach}
    return channel("y", field, title=None, scale=scale, axis=axis)


@cache
def _at_y() -> Channel:
    """Return the place from the top of the view that a heading names itself."""
    return channel("y", "y:Q", scale=None, axis=None)


def _lines(strip: Strip) -> list[str]:
    """Break heading and key into lines that fit on a phone; the key follows where there is room."""
    lines, joint = [strip.heading], ":  "
    for words in strip.key:
        if len(lines[-1]) + len(joint) + len(words) <= _LINE_LETTERS:
            lines[-1] += f"{joint}{words}"
        else:
            lines.append(words)
        # A browser draws several spaces as one, which would not part two words of a key.
        joint = ", "
    return lines
