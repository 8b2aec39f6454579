"""Words on the plot in place of a legend, put where they cover the least."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache

import pandas as pd

from charts.days import DayRange
from charts.layer import Channel, Layer, channel, plain
from charts.palette import TEXT_PX, Palette
from charts.scales import day_axis

_LETTER_PX = 8  # a wide guess for type of TEXT_PX
_PHONE_PLOT_PX = 300  # width of the plot on a screen of 390 px
# Shares of a curve's length, and to which side of the place the words go. Not its beginning:
# the documented course falls too steeply there to be named.
_PLACES = (
    (1, "right"),
    (0.75, "right"),
    (0.5, "left"),
    (0.5, "right"),
    (0.25, "left"),
)

_OUTSIDE = 1_000  # outweighs any clearance: words that run off the plot are cut
_EDGE_WORDS = "\u00a0" * 3

ABOVE, BELOW = -12, 12
"""Pixels from a line to the middle of the words beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """
    A word on the plot.

    Attributes:
        pod: Where it stands, in post-procedure days.
        value: Where it stands on the other axis.
        words: What it says.
        colour: Of the text.
        align: ``left`` when it starts at the place, ``right`` when it ends there.
        dy: Pixels below the place; negative is above.
        weight: Of the type, such as 600.
    """

    pod: float
    value: float
    words: str
    colour: str
    align: str = "left"
    dy: int = 0
    weight: int = 400


Dot = tuple[float, float]
"""A post-procedure day and a value on the other axis."""


def span(label: Label, days: DayRange) -> tuple[float, float]:
    """Guess from which to which post-procedure day the words reach on a phone."""
    width = len(label.words) * _LETTER_PX / _PHONE_PLOT_PX * len(days)
    right = label.align == "right"
    return (label.pod - width, label.pod) if right else (label.pod, label.pod + width)


def covered(label: Label, days: DayRange, unit_px: float) -> list[Dot]:
    """Return the dots that further words should keep away from, one a day under the words."""
    first, last = span(label, days)
    middle = label.value - label.dy / unit_px
    return [(pod, middle) for pod in range(int(first), int(last) + 2)]


def clearest(
    candidates: Sequence[Label],
    dots: Sequence[Dot],
    days: DayRange,
    *,
    unit_px: float,
    top: float,
) -> Label:
    """
    Choose the candidate that keeps farthest from *dots*; the first of equals.

    Args:
        candidates: At least one.

        dots: What is drawn already.

        days: The range drawn.

        unit_px: Height of one unit of the other axis, in pixels.

        top: Upper end of the other axis, which begins at 0.
    """

    def clearance(label: Label) -> float:
        first, last = span(label, days)
        # A word's end keeps away from a line as a letter does from the next.
        letter = _LETTER_PX / _PHONE_PLOT_PX * len(days)
        middle = label.value - label.dy / unit_px
        edge = TEXT_PX / 2 / unit_px
        outside = last > days.last + 0.5 or first < days.first - 0.5
        outside = outside or not edge <= middle <= top - edge
        near = [
            abs(value - middle) for pod, value in dots if first - letter <= pod <= last + letter
        ]
        # Beyond two lines of type, more room is no better.
        return min([*near, 2 * TEXT_PX / unit_px]) - (_OUTSIDE if outside else 0)

    return max(candidates, key=clearance)


def along(curve: Sequence[Dot], words: str, colour: str, *, dy: int) -> list[Label]:
    """Propose places for *words* along a curve, from its right end to its left."""
    last = len(curve) - 1
    proposed = [(curve[round(last * share)], align) for share, align in _PLACES if curve]
    return [
        Label(pod=pod, value=value, words=words, colour=colour, align=align, dy=dy)
        for (pod, value), align in proposed
    ]


def label_layers(
    labels: Sequence[Label], days: DayRange, axis: Callable[[str], Channel], colours: Palette
) -> list[Layer]:
    """Write the words, over a halo in the colour of the page that keeps them readable."""
    # The page fits a chart by what reaches beyond its plot, such as half of a last point.
    # The same blank beyond the edge of every chart keeps their days above each other.
    edge = Label(pod=days.last + 0.5, value=0, words=_EDGE_WORDS, colour=colours.page)
    frame = pd.DataFrame([asdict(label) for label in (*labels, edge)])
    colour = _colour()
    layers = []
    for halo_px in (4, 0):
        text = Layer(frame).mark_text(
            fontSize=TEXT_PX,
            stroke=colours.page,
            strokeWidth=halo_px,
            strokeJoin="round",
            tooltip=None,
            align={"expr": "datum.align"},
            dy={"expr": "datum.dy"},
            fontWeight={"expr": "datum.weight"},
        )
        layers.append(
            text.encode(day_axis(days), axis("value:Q"), plain("text", "words:N"), colour)
        )
    return layers


@cache
def _colour() -> Channel:
    """Return the colour that a label names itself."""
    return channel("color", "colour:N", scale=None, legend=None)
