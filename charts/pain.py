"""The pain chart: reported pain over what is documented."""

import re
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from charts.band import UNIT_PX, band_labels, band_layers
from charts.days import DayRange
from charts.frames import ON_THE_DAY
from charts.labels import Dot, Label, clearest, covered, label_layers
from charts.layer import Layer, Layered
from charts.layers import (
    EVERY_POINT_UP_TO,
    day_rules,
    entered_words,
    hover_days,
    line_width,
    lone_days,
    rule_labels,
    run_lines,
    within,
)
from charts.palette import Palette, palette
from charts.phases import Documented, phase_layers
from charts.scales import Axis, day_axis, finish, pain_axis
from charts.shapes import LEGEND_COLUMNS, Legend, entry_shape, event_layers, shape_legend
from recovery.reports import NRS_MAX
from recovery.wording import marked, tr

HEIGHT_PX = 400
LEGEND_ROW_PX = 24

WORST_WORDS = marked("Worst")
AVERAGE_WORDS = marked("Average")
_FIELDS = ("worst_pain_nrs", "average_pain_nrs")
_ABOVE, _BELOW = -14, 15
"""Pixels from a line to the middle of its name, which is set heavier than other words."""


@dataclass(frozen=True, slots=True)
class Marks:
    """
    What is marked beside the reports.

    Attributes:
        visits: As from ``charts.frames.note_frame``.
        events: As from ``charts.frames.event_frame``.
    """

    visits: pd.DataFrame
    events: pd.DataFrame


def pain_chart(
    reports: pd.DataFrame,
    documented: Documented,
    marks: Marks,
    *,
    days: DayRange,
    dark: bool = False,
) -> Layered:
    """
    Layer the reported pain over the documented course, on an axis that is always 0 to 10.

    Args:
        reports: As from ``charts.frames.report_frame``; may be empty.

        documented: A band, or phases and figures where there is none.

        marks: Visits and events; may be empty.

        days: The range drawn.

        dark: Whether the page is dark.
    """
    colours = palette(dark=dark)
    reports, band = within(reports, days), within(documented.band, days)
    events = within(marks.events, days)
    legend = shape_legend(reports, events)
    own = line_labels(reports, days, colours)
    labels = [
        *own,
        *band_labels(band, pain_dots(reports, own, days), days, colours),
        *rule_labels(marks.visits, days, colours, top=NRS_MAX),
    ]
    layers = [
        *phase_layers(documented, days, colours),
        *band_layers(band, days, colours),
        *report_layers(reports, days, colours, legend),
        *label_layers(labels, days, pain_axis, colours),
        hover_days(reports, pain_words(reports), days),
        *day_rules(marks.visits, days, colours),
        *event_layers(events, days, colours, legend),
    ]
    rows = 0 if legend is None else -(-len(legend) // LEGEND_COLUMNS)
    return finish(layers, colours, height=HEIGHT_PX + rows * LEGEND_ROW_PX)


def report_layers(
    reports: pd.DataFrame,
    days: DayRange,
    colours: Palette,
    legend: Legend | None,
    axis: Axis = pain_axis,
) -> list[Layer]:
    """Draw worst and average pain as lines with gaps, and how each day was entered by shape."""
    x = day_axis(days)
    lines = (("average_pain_nrs", colours.second, 2.0), ("worst_pain_nrs", colours.strong, 3.5))
    # One table for both, which then travels and is read once.
    drawn = _columns(reports, "average_pain_nrs", "worst_pain_nrs", "run")
    layers = [
        run_lines(
            drawn,
            axis(f"{field}:Q"),
            colour,
            days=days,
            width=line_width(width, days),
        )
        for field, colour, width in lines
    ]
    alone = lone_days(reports)
    if not alone.empty:
        lone = Layer(_columns(alone, "average_pain_nrs")).mark_point(
            filled=True, size=36, opacity=1, color=colours.second, tooltip=None
        )
        layers.append(lone.encode(x, axis("average_pain_nrs:Q")))
    return [*layers, *_points(reports, days, colours, legend, axis)]


def _points(
    reports: pd.DataFrame,
    days: DayRange,
    colours: Palette,
    legend: Legend | None,
    axis: Axis,
) -> list[Layer]:
    """Draw worst pain: filled dots, and hollow shapes where it was entered later or corrected."""
    plain = reports["entry"] == ON_THE_DAY
    dotted = reports[plain] if len(days) <= EVERY_POINT_UP_TO else lone_days(reports)
    x, y = day_axis(days), axis("worst_pain_nrs:Q")
    layers = []
    # A layer without a mark would be an image without a name to a screen reader.
    if not dotted.empty:
        dots = Layer(_columns(dotted, "worst_pain_nrs")).mark_point(
            filled=True, size=80, opacity=1, color=colours.strong, tooltip=None
        )
        layers.append(dots.encode(x, y))
    if not plain.all():
        told = _columns(reports[~plain], "worst_pain_nrs", "entry")
        told = told.assign(entry=told["entry"].map(tr))
        shapes = Layer(told).mark_point(
            size=90 if len(days) <= EVERY_POINT_UP_TO else 50,
            opacity=1,
            fill=colours.page,
            stroke=colours.strong,
            strokeWidth=2.5,
            tooltip=None,
        )
        layers.append(shapes.encode(x, y, entry_shape("entry:N", legend)))
    return layers


def pain_dots(reports: pd.DataFrame, labels: list[Label], days: DayRange) -> list[Dot]:
    """Return what words must not cover: the person's own lines and the words beside them."""
    dots = [dot for label in labels for dot in covered(label, days, UNIT_PX)]
    return dots + _lines(reports, days)


def _lines(reports: pd.DataFrame, days: DayRange) -> list[Dot]:
    return [dot for field in _FIELDS for dot in _line(reports, field, days)]


def _line(reports: pd.DataFrame, field: str, shown: DayRange) -> list[Dot]:
    """Return dots along a line: its days, and quarters of them where a day is wide."""
    days = list(zip(reports["pod"], reports[field].astype("float64"), reports["run"], strict=True))
    if len(shown) > EVERY_POINT_UP_TO:
        return [(pod, value) for pod, value, _ in days]
    between = [
        (pod + share, value + share * (following - value))
        for (pod, value, run), (next_pod, following, next_run) in pairwise(days)
        if run == next_run and next_pod == pod + 1
        for share in (0.25, 0.5, 0.75)
    ]
    return [(pod, value) for pod, value, _ in days] + between


def line_labels(reports: pd.DataFrame, days: DayRange, colours: Palette) -> list[Label]:
    """Name the two lines at their newest day."""
    if reports.empty:
        return []
    last = reports.iloc[-1]
    align = "right" if last["pod"] > (days.first + days.last) / 2 else "left"
    taken = _lines(reports, days)
    labels: list[Label] = []
    for field, words, colour, places in (
        ("worst_pain_nrs", WORST_WORDS, colours.strong, (_ABOVE, _BELOW)),
        ("average_pain_nrs", AVERAGE_WORDS, colours.second, (_BELOW, _ABOVE)),
    ):
        candidates = [
            Label(
                pod=float(last["pod"]),
                value=float(last[field]),
                words=tr(words),
                colour=colour,
                align=align,
                dy=dy,
                weight=700,
            )
            for dy in places
        ]
        labels.append(clearest(candidates, taken, days, unit_px=UNIT_PX, top=NRS_MAX))
        taken += covered(labels[-1], days, UNIT_PX)
    return labels


def pain_words(reports: pd.DataFrame) -> list[str]:
    """Say worst and average pain of each day, and how it was entered."""
    fields = ("worst_pain_nrs", "average_pain_nrs")
    worst, average = (reports[field].tolist() for field in fields)
    # Taken apart once: a sentence filled in for each row takes longer than the chart.
    before, between, after = _PAIN_PLACES.split(tr("worst pain {worst}, average {average}"))
    return [
        f"{before}{high}{between}{middle}{after}{entered}"
        for high, middle, entered in zip(
            worst, average, entered_words(reports["entry"]), strict=True
        )
    ]


_PAIN_PLACES = re.compile(r"\{worst\}|\{average\}")


def _columns(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame[["pod", *names]]
