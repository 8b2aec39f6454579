"""Shapes that tell late and corrected days and events apart, and what explains them."""

from functools import lru_cache

import pandas as pd

from charts.days import DayRange
from charts.frames import BY_CARER, CORRECTED, ENTERED_LATER, EVENT_WORDS, ON_THE_DAY
from charts.layer import Channel, Layer, channel, plain
from charts.layers import words_or
from charts.palette import Palette
from charts.scales import day_axis, pain_axis
from recovery.reports import EventKind
from recovery.wording import tr

LEGEND_COLUMNS = 2

Legend = tuple[str, ...]
"""The words of the shapes that a legend explains."""

READING = EVENT_WORDS[EventKind.PAIN_READING]
SHAPES = {
    ON_THE_DAY: "circle",
    ENTERED_LATER: "square",
    CORRECTED: "diamond",
    BY_CARER: "cross",
    **dict(
        zip(EVENT_WORDS.values(), ("triangle-up", "triangle-down", "stroke", "arrow"), strict=True)
    ),
}


def event_layers(
    events: pd.DataFrame, days: DayRange, colours: Palette, legend: Legend | None
) -> list[Layer]:
    """Draw events at their pain, and at the upper edge when no pain was given with them."""
    tooltip = [
        plain("tooltip", "kind:N", tr("What")),
        plain("tooltip", "when:N", tr("Day")),
        plain("tooltip", "pain:N", tr("Pain")),
    ]
    layers = []
    known, is_reading = events["pain_nrs"].notna(), events["kind"] == READING
    at_pain, above = pain_axis("pain_nrs:Q"), Channel("y", {"value": 10})
    for rows, y, edge, edge_px in (
        (events[known & ~is_reading], at_pain, colours.page, 1.5),
        # A dash has nothing to fill: it is its edge.
        (events[known & is_reading], at_pain, colours.event, 3.5),
        (events[~known], above, colours.page, 1.5),
    ):
        if rows.empty:
            continue
        told = rows.assign(
            pain=words_or(rows["pain_nrs"], tr("Not given")), kind=rows["kind"].map(tr)
        )
        points = Layer(told.drop(columns="pod")).mark_point(
            size=170, opacity=1, strokeWidth=edge_px, fill=colours.event, stroke=edge
        )
        shape = entry_shape("kind:N", legend)
        layers.append(points.encode(day_axis(days, "at:Q"), shape, y, tooltip=tooltip))
    return layers


def entry_shape(field: str, legend: Legend | None) -> Channel:
    """Return the shapes of one field, with the same key on every layer."""
    return _shape(field, tuple(tr(words) for words in SHAPES), legend)


def shape_legend(reports: pd.DataFrame, events: pd.DataFrame) -> Legend | None:
    """Explain the shapes that occur; a log without any but its own points needs no legend."""
    used = {*reports["entry"], *events["kind"]} - {ON_THE_DAY}
    if not used:
        return None
    return tuple(tr(words) for words in SHAPES if words in used)


@lru_cache(maxsize=512)
def _shape(field: str, words: tuple[str, ...], legend: Legend | None) -> Channel:
    key = legend and {
        "values": list(legend),
        "orient": "bottom",
        "columns": LEGEND_COLUMNS,
        "symbolSize": 120,
        "symbolStrokeWidth": 2,
    }
    scale = {"domain": list(words), "range": list(SHAPES.values())}
    return channel("shape", field, title=None, scale=scale, legend=key)
