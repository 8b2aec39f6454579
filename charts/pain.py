"""The pain chart: reported pain over what is documented."""

from dataclasses import dataclass
from functools import partial

import altair as alt
import pandas as pd

from charts.days import DayRange
from charts.frames import CORRECTED, ENTERED_LATER, EVENT_WORDS, ON_THE_DAY
from charts.labels import ABOVE, BELOW, Dot, Label, along, clearest, covered, label_layers
from charts.layers import (
    day_rules,
    hover_days,
    lone_days,
    rule_labels,
    run_lines,
    within,
    words_or,
)
from charts.palette import Palette, palette
from charts.scales import day_axis, finish, pain_axis
from recovery.reports import NRS_MAX

HEIGHT_PX = 400
LEGEND_ROW_PX = 24
LEGEND_COLUMNS = 2
EVERY_POINT_UP_TO = 45
"""Longest range, in days, in which every day gets a point; beyond it the line is enough."""

UNIT_PX = 20.0
"""About how high one point of pain is drawn; decides where words fit."""

_MEAN_EDGES = (("mean", ABOVE), ("mean", BELOW))

BAND_WORDS = "Most people in studies"
MEAN_WORDS = "Study average"
WORST_WORDS = "Worst"
AVERAGE_WORDS = "Average"

SHAPES = {
    ON_THE_DAY: "circle",
    ENTERED_LATER: "square",
    CORRECTED: "diamond",
    **dict(zip(EVENT_WORDS.values(), ("triangle-up", "triangle-down", "cross"), strict=True)),
}

_TOOLTIP = (
    ("worst_pain_nrs:Q", "Worst pain"),
    ("average_pain_nrs:Q", "Average pain"),
    ("entry:N", "Entered"),
)


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
    band: pd.DataFrame,
    marks: Marks,
    *,
    days: DayRange,
    dark: bool = False,
) -> alt.LayerChart:
    """
    Layer the reported pain over the documented course, on an axis that is always 0 to 10.

    Args:
        reports: As from ``charts.frames.report_frame``; may be empty.

        band: As from ``charts.frames.band_frame``; empty where nothing is documented.

        marks: Visits and events; may be empty.

        days: The range drawn.

        dark: Whether the page is dark.
    """
    colours = palette(dark=dark)
    reports, band = within(reports, days), within(band, days)
    events = within(marks.events, days)
    legend = _legend(reports, events, colours)
    own = _line_labels(reports, days, colours)
    labels = [
        *own,
        *_band_labels(band, _dots(reports, own, days), days, colours),
        *rule_labels(marks.visits, days, colours, top=NRS_MAX),
    ]
    layers = [
        *_band_layers(band, days, colours),
        *_report_layers(reports, days, colours, legend),
        *label_layers(labels, days, pain_axis, colours),
        hover_days(_columns(reports, "when", *_fields()), days, _TOOLTIP),
        *day_rules(marks.visits, days, colours),
        *_event_layers(events, days, colours, legend),
    ]
    rows = 0 if legend is None else -(-len(legend["values"]) // LEGEND_COLUMNS)
    return finish(layers, colours, height=HEIGHT_PX + rows * LEGEND_ROW_PX)


def _band_layers(band: pd.DataFrame, days: DayRange, colours: Palette) -> list[alt.Chart]:
    if band.empty:
        return []
    x, base = day_axis(days), alt.Chart(band)
    areas = [
        base.mark_area(color=colours.documented, opacity=opacity, tooltip=None, clip=True).encode(
            x, pain_axis(f"{low}:Q"), alt.Y2(f"{high}:Q")
        )
        for low, high, opacity in (("p10", "p90", 0.16), ("p25", "p75", 0.18))
        if band[low].notna().any()
    ]
    mean = base.mark_line(
        color=colours.documented, strokeWidth=2, strokeDash=[6, 5], tooltip=None, clip=True
    )
    return [*areas, mean.encode(x, pain_axis("mean:Q"))]


def _report_layers(
    reports: pd.DataFrame, days: DayRange, colours: Palette, legend: alt.Legend | None
) -> list[alt.Chart]:
    x = day_axis(days)
    lines = (("average_pain_nrs", colours.second, 2.0), ("worst_pain_nrs", colours.strong, 3.5))
    layers = [
        run_lines(
            _columns(reports, field, "run"),
            pain_axis(f"{field}:Q"),
            colour,
            days=days,
            width=width,
        )
        for field, colour, width in lines
    ]
    alone = lone_days(reports)
    if not alone.empty:
        lone = alt.Chart(_columns(alone, "average_pain_nrs")).mark_point(
            filled=True, size=36, opacity=1, color=colours.second, tooltip=None
        )
        layers.append(lone.encode(x, pain_axis("average_pain_nrs:Q")))
    return [*layers, *_points(reports, days, colours, legend)]


def _points(
    reports: pd.DataFrame, days: DayRange, colours: Palette, legend: alt.Legend | None
) -> list[alt.Chart]:
    """Draw worst pain: filled dots, and hollow shapes where it was entered later or corrected."""
    plain = reports["entry"] == ON_THE_DAY
    dotted = reports[plain] if len(days) <= EVERY_POINT_UP_TO else lone_days(reports)
    x, y = day_axis(days), pain_axis("worst_pain_nrs:Q")
    dots = alt.Chart(_columns(dotted, "worst_pain_nrs")).mark_point(
        filled=True, size=80, opacity=1, color=colours.strong, tooltip=None
    )
    layers = [dots.encode(x, y)]
    if not plain.all():
        shapes = alt.Chart(_columns(reports[~plain], "worst_pain_nrs", "entry")).mark_point(
            size=90,
            opacity=1,
            fill=colours.page,
            stroke=colours.strong,
            strokeWidth=2.5,
            tooltip=None,
        )
        layers.append(shapes.encode(x, y, _shape("entry:N", legend)))
    return layers


def _event_layers(
    events: pd.DataFrame, days: DayRange, colours: Palette, legend: alt.Legend | None
) -> list[alt.Chart]:
    """Draw events at their pain, and at the upper edge when no pain was given with them."""
    tooltip = [
        alt.Tooltip("kind:N").title("What"),
        alt.Tooltip("when:N").title("Day"),
        alt.Tooltip("pain:N").title("Pain"),
    ]
    layers = []
    known = events["pain_nrs"].notna()
    for rows, y in ((events[known], pain_axis("pain_nrs:Q")), (events[~known], alt.value(10))):
        if rows.empty:
            continue
        rows = rows.assign(pain=words_or(rows["pain_nrs"], "Not given")).drop(columns="pod")
        points = alt.Chart(rows).mark_point(
            size=170, opacity=1, strokeWidth=1.5, fill=colours.event, stroke=colours.page
        )
        shape = _shape("kind:N", legend)
        layers.append(points.encode(day_axis(days, "at:Q"), shape, y=y, tooltip=tooltip))
    return layers


def _shape(field: str, legend: alt.Legend | None) -> alt.Shape:
    return (
        alt.Shape(field)
        .title(None)
        .scale(domain=list(SHAPES), range=list(SHAPES.values()))
        .legend(legend)
    )


def _legend(reports: pd.DataFrame, events: pd.DataFrame, colours: Palette) -> alt.Legend | None:
    """Explain the shapes that occur; a log without any but its own points needs no legend."""
    used = {*reports["entry"], *events["kind"]} - {ON_THE_DAY}
    if not used:
        return None
    return alt.Legend(
        values=[shape for shape in SHAPES if shape in used],
        orient="bottom",
        columns=LEGEND_COLUMNS,
        symbolSize=120,
        symbolStrokeColor=colours.text,
        symbolStrokeWidth=2,
    )


def _band_labels(
    band: pd.DataFrame, dots: list[Dot], days: DayRange, colours: Palette
) -> list[Label]:
    """Name the band and its middle line where the person's own lines leave room."""
    labels: list[Label] = []
    for edges, words in (((("p90", ABOVE), ("p10", BELOW)), BAND_WORDS), (_MEAN_EDGES, MEAN_WORDS)):
        candidates = [
            label
            for field, dy in edges
            for label in along(_curve(band, field), words, colours.text, dy=dy)
        ]
        if candidates:
            labels.append(clearest(candidates, dots, days, unit_px=UNIT_PX, top=NRS_MAX))
            dots = [*dots, *covered(labels[-1], days, UNIT_PX)]
    return labels


def _curve(band: pd.DataFrame, field: str) -> list[Dot]:
    rows = band[band[field].notna()]
    return list(zip(rows["pod"], rows[field], strict=True))


def _dots(reports: pd.DataFrame, labels: list[Label], days: DayRange) -> list[Dot]:
    """Return what words must not cover: the person's own lines and the words beside them."""
    dots = [dot for label in labels for dot in covered(label, days, UNIT_PX)]
    for field in ("worst_pain_nrs", "average_pain_nrs"):
        dots += list(zip(reports["pod"], reports[field].astype("float64"), strict=True))
    return dots


def _line_labels(reports: pd.DataFrame, days: DayRange, colours: Palette) -> list[Label]:
    if reports.empty:
        return []
    last = reports.iloc[-1]
    align = "right" if last["pod"] > (days.first + days.last) / 2 else "left"
    label = partial(Label, pod=float(last["pod"]), align=align, weight=700)
    worst, average = float(last["worst_pain_nrs"]), float(last["average_pain_nrs"])
    return [
        label(value=worst, words=WORST_WORDS, colour=colours.strong, dy=-14),
        label(value=average, words=AVERAGE_WORDS, colour=colours.second, dy=15),
    ]


def _fields() -> list[str]:
    return [field.split(":")[0] for field, _ in _TOOLTIP]


def _columns(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame[["pod", *names]]
