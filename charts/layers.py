"""The layers that charts share: lines with gaps, marked days, hovering."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from charts.days import DayRange
from charts.frames import ON_THE_DAY
from charts.labels import Label
from charts.layer import Channel, Layer, plain
from charts.palette import Palette
from charts.scales import day_axis
from recovery.wording import tr

_NEAREST_LABELS = 0.28  # of the range; a visit's word needs this much room on a phone


EVERY_POINT_UP_TO = 45
"""Longest range, in days, in which every day gets a point; beyond it the line is enough."""

_THINNER = 0.55  # of the width, where several days share a few pixels


def line_width(pixels: float, days: DayRange) -> float:
    """Return the width of a line or an outline, thinner in a long range."""
    return pixels if len(days) <= EVERY_POINT_UP_TO else pixels * _THINNER


def within(frame: pd.DataFrame, days: DayRange) -> pd.DataFrame:
    """Return the rows of *days*; the rest would only travel to the browser to be cut off."""
    pods = frame["pod"].to_numpy()
    are_in = (pods >= days.first) & (pods <= days.last)
    # The charts of a page mostly have all their rows within the days already.
    return frame if are_in.all() else frame[are_in]


# Words are put together in lists. For as many days as a chart has, pandas takes ten times as long.
def words_or(values: "pd.Series[Any]", missing: str, around: str = "{number}") -> list[str]:
    """Return whole numbers as text in the place within *around*, and *missing* for no answer."""
    before, _, after = around.partition("{number}")
    return [missing if pd.isna(each) else f"{before}{each}{after}" for each in values.tolist()]


def entered_words(entry: "pd.Series[str]") -> list[str]:
    """Return what a sentence adds about how each day was entered; nothing for most."""
    entries = entry.tolist()
    told = {each: f", {tr(each).lower()}" for each in set(entries)} | {ON_THE_DAY: ""}
    return [told[each] for each in entries]


def run_lines(
    frame: pd.DataFrame, y: Channel, colour: str, *, days: DayRange, width: float
) -> Layer:
    """
    Draw one line for each ``run``; a missing day ends a line.

    Args:
        frame: ``pod``, ``run`` and the field of *y*.

        y: The other axis.

        colour: Of the lines.

        days: The range drawn.

        width: Of the lines, in pixels.
    """
    mark = Layer(frame).mark_line(
        color=colour,
        strokeWidth=width,
        strokeCap="round",
        strokeJoin="round",
        tooltip=None,
        clip=True,
    )
    lines: Layer = mark.encode(day_axis(days), y, plain("detail", "run:N"))
    return lines


def lone_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose ``run`` is a single day, which no line can show."""
    return frame[~frame["run"].duplicated(keep=False)]


def day_rules(visits: pd.DataFrame, days: DayRange, colours: Palette) -> list[Layer]:
    """Draw day 0 and the visits as thin upright lines that name themselves on hovering."""
    rows = [{"pod": pod, "when": when, "what": what} for pod, when, what in _marked(visits, days)]
    if not rows:
        return []
    rules = Layer(pd.DataFrame(rows)).mark_rule(
        color=colours.text, strokeWidth=1.5, opacity=0.75, strokeDash=[2, 3]
    )
    tooltip = [plain("tooltip", "what:N", tr("What")), plain("tooltip", "when:N", tr("Day"))]
    return [rules.encode(day_axis(days), tooltip=tooltip)]


def rule_labels(
    visits: pd.DataFrame, days: DayRange, colours: Palette, *, top: float
) -> list[Label]:
    """Name day 0 and the visits above the plot, leaving out what would overlap."""
    labels: list[Label] = []
    room = _NEAREST_LABELS * len(days)
    for pod, _, what in _marked(visits, days):
        if labels and pod - labels[-1].pod < room:
            continue
        at_end = days.last - pod < room
        labels.append(
            Label(
                pod=pod,
                value=top,
                words=what,
                colour=colours.text,
                align="right" if at_end else "left",
                dy=-9,
            )
        )
    return labels


def hover_days(frame: pd.DataFrame, told: Sequence[str], days: DayRange) -> Layer:
    """
    Lay an unseen strip over each logged day, so that a finger need not hit a point.

    One ready sentence a day: a browser takes several times as long to work out where a
    strip begins and what a table of values says, for each of them, before it draws anything.

    Args:
        frame: ``pod`` and ``when``.

        told: What to say of each row after its day.

        days: The range drawn.
    """
    pods = frame["pod"].to_numpy()
    said = [f"{when}: {words}." for when, words in zip(frame["when"].tolist(), told, strict=True)]
    strips = pd.DataFrame(
        {"left": pods - 0.5, "right": pods + 0.5, "told": pd.Series(said, dtype="str")}
    )
    unseen: Layer = (
        Layer(strips)
        .mark_rect(opacity=0)
        .encode(day_axis(days, "left:Q"), plain("x2", "right:Q"), plain("tooltip", "told:N"))
    )
    return unseen


def _marked(visits: pd.DataFrame, days: DayRange) -> list[tuple[int, str, str]]:
    day_zero = (
        [(0, tr("Day {pod}", pod=0), tr("Procedure"))] if days.first <= 0 <= days.last else []
    )
    shown = within(visits, days)
    return day_zero + [
        (int(pod), str(when), tr("Visit"))
        for pod, when in zip(shown["pod"], shown["when"], strict=True)
    ]
