"""
Panels above each other in one view: each with its own other axis, all over the same days.

One view rather than one chart per panel, so that hovering and looking closer concern all of
them and the page fits the width once; see docs/adr/0030.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from charts.days import DayRange
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

    def axis(self, field: str) -> alt.Y:
        """Return the axis of a field on this panel."""
        strip, axis = self.strip, None
        if strip.ticks:
            axis = {
                "values": list(strip.ticks),
                "labels": strip.has_labels,
                "labelFlush": False,
                "format": "d",
                "orient": "left",
            }
        reach = [self.bottom_px, self.top_px]
        scale = {"domain": [strip.low, strip.high], "nice": False, "range": reach}
        return alt.Y(field, title=None, scale=scale, axis=axis)


class Stack:
    """Panels put below each other as they come."""

    def __init__(self, days: DayRange, colours: Palette) -> None:
        self.days = days
        self.colours = colours
        self._bottom_px = 0
        self._headings: list[dict[str, object]] = []
        self._layers: list[Sequence[alt.Chart]] = []

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

    def draw(self, layers: Sequence[alt.Chart]) -> None:
        """Draw layers above those before; nothing of them leaves the plot when it is zoomed."""
        for layer in layers:
            layer.mark.clip = True
        self._layers.append(layers)

    def finish(self, beneath: Sequence[alt.Chart], above: Sequence[alt.Chart]) -> alt.LayerChart:
        """
        Compose everything.

        Args:
            beneath: What lies under all panels.

            above: What lies over all panels.
        """
        panels = [beneath, *self._layers, self._heading_layers(), above]
        return finish_panels(panels, self.colours, height=self._bottom_px)

    def _heading_layers(self) -> list[alt.Chart]:
        """Write the headings, over a halo in the colour of the page that parts them from lines."""
        layers = []
        for halo_px in (4, 0):
            text = alt.Chart(pd.DataFrame(self._headings)).mark_text(
                align="left",
                baseline="bottom",
                fontSize=TEXT_PX,
                color=self.colours.text,
                stroke=self.colours.page,
                strokeWidth=halo_px,
                strokeJoin="round",
                fontWeight=alt.ExprRef("datum.weight"),
                tooltip=None,
                # All marks of a chart that zooms would be, and headings begin left of the plot.
                clip=False,
            )
            y = alt.Y("y:Q", scale=None, axis=None)
            layers.append(text.encode(at_px(HEADING_X_PX), y, alt.Text("words:N")))
        return layers


def at_px(pixels: float) -> alt.XValue:
    """Return a place from the left edge of the plot, where it stays while days are moved."""
    # ``alt.value`` has to be looked up in the schema, which takes longer than the rest of a layer.
    place: alt.XValue = alt.XValue(pixels)  # type: ignore[no-untyped-call]  # Altair's
    return place


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
