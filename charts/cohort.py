"""The clinic's own patients under a person's own lines."""

from dataclasses import replace

import pandas as pd

from charts.days import DayRange
from charts.labels import ABOVE, BELOW, Dot, Label, along, clearest
from charts.layer import Layer, plain
from charts.layers import lone_days, run_lines
from charts.palette import Palette
from charts.scales import Axis, day_axis, pain_axis
from recovery.reports import NRS_MAX

MEDIAN_WORDS = "Our patients: median"
_DASHES = (10, 3, 2, 3)


def cohort_layers(
    cohort: pd.DataFrame, days: DayRange, colours: Palette, axis: Axis = pain_axis
) -> list[Layer]:
    """
    Draw the middle half as an area between thin lines and the median as a line of dashes and dots.

    Args:
        cohort: As from ``charts.outcome_frames.curve_frame``; a day left out ends areas and lines.

        days: The range drawn.

        colours: Of the page.

        axis: Of pain.
    """
    if cohort.empty:
        return []
    area = Layer(cohort).mark_area(color=colours.event, opacity=0.12, tooltip=None)
    half = area.encode(
        day_axis(days), axis("p25:Q"), plain("y2", "p75:Q"), plain("detail", "run:N")
    )
    edges = [
        run_lines(cohort, axis(f"{edge}:Q"), colours.event, days=days, width=1)
        for edge in ("p25", "p75")
    ]
    line = run_lines(cohort, axis("p50:Q"), colours.event, days=days, width=2.5)
    median = line.restyled(strokeDash=list(_DASHES))
    alone = lone_days(cohort)
    # A day between two that are left out is no line.
    dots = Layer(alone[["pod", "p50"]]).mark_point(
        shape="stroke", size=80, opacity=1, stroke=colours.event, strokeWidth=2.5, tooltip=None
    )
    return [half, *edges, median, dots.encode(day_axis(days), axis("p50:Q"))]


def cohort_label(
    cohort: pd.DataFrame, dots: list[Dot], days: DayRange, colours: Palette, unit_px: float
) -> list[Label]:
    """Name the median where the person's own lines leave room."""
    if cohort.empty:
        return []
    curve = list(zip(cohort["pod"], cohort["p50"], strict=True))
    places = [
        label for dy in (ABOVE, BELOW) for label in along(curve, MEDIAN_WORDS, colours.event, dy=dy)
    ]
    return [replace(clearest(places, dots, days, unit_px=unit_px, top=NRS_MAX), weight=600)]
