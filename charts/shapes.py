"""Shapes that tell late and corrected days and events apart, and what explains them."""

import altair as alt
import pandas as pd

from charts.days import DayRange
from charts.frames import BY_CARER, CORRECTED, ENTERED_LATER, EVENT_WORDS, ON_THE_DAY
from charts.layers import words_or
from charts.palette import Palette
from charts.scales import day_axis, pain_axis
from recovery.wording import tr

LEGEND_COLUMNS = 2

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
    events: pd.DataFrame, days: DayRange, colours: Palette, legend: alt.Legend | None
) -> list[alt.Chart]:
    """Draw events at their pain, and at the upper edge when no pain was given with them."""
    tooltip = [
        alt.Tooltip("kind:N").title(tr("What")),
        alt.Tooltip("when:N").title(tr("Day")),
        alt.Tooltip("pain:N").title(tr("Pain")),
    ]
    layers = []
    known = events["pain_nrs"].notna()
    for rows, y in ((events[known], pain_axis("pain_nrs:Q")), (events[~known], alt.value(10))):
        if rows.empty:
            continue
        told = rows.assign(
            pain=words_or(rows["pain_nrs"], tr("Not given")), kind=rows["kind"].map(tr)
        )
        points = alt.Chart(told.drop(columns="pod")).mark_point(
            size=170, opacity=1, strokeWidth=1.5, fill=colours.event, stroke=colours.page
        )
        shape = entry_shape("kind:N", legend)
        layers.append(points.encode(day_axis(days, "at:Q"), shape, y=y, tooltip=tooltip))
    return layers


def entry_shape(field: str, legend: alt.Legend | None) -> alt.Shape:
    """Return the shapes of one field, with the same key on every layer."""
    return (
        alt.Shape(field)
        .title(None)
        .scale(domain=[tr(words) for words in SHAPES], range=list(SHAPES.values()))
        .legend(legend)
    )


def shape_legend(reports: pd.DataFrame, events: pd.DataFrame) -> alt.Legend | None:
    """Explain the shapes that occur; a log without any but its own points needs no legend."""
    used = {*reports["entry"], *events["kind"]} - {ON_THE_DAY}
    if not used:
        return None
    return alt.Legend(
        values=[tr(words) for words in SHAPES if words in used],
        orient="bottom",
        columns=LEGEND_COLUMNS,
        symbolSize=120,
        symbolStrokeWidth=2,
    )
