"""The smaller charts under the pain chart: brace hours and activity, over the same days."""

from dataclasses import replace

import pandas as pd
from babel.numbers import get_decimal_symbol

from charts.days import DayRange
from charts.frames import answered
from charts.labels import ABOVE, BELOW, Label, along, clearest, label_layers
from charts.layer import Channel, Layer, Layered, plain
from charts.layers import (
    day_rules,
    entered_words,
    hover_days,
    line_width,
    lone_days,
    rule_labels,
    run_lines,
    within,
    words_or,
)
from charts.palette import Palette, palette
from charts.scales import ACTIVITY_WORDS, Axis, activity_axis, brace_axis, day_axis, finish
from recovery.reports import MAX_BRACE_HOURS
from recovery.wording import locale, marked, tr

HEIGHT_PX = 260
HOUR_PX = 7.0
"""About how high one hour is drawn; decides where words fit."""

PLAN_WORDS = marked("Plan: {hours} hours")


def brace_chart(
    reports: pd.DataFrame,
    plan: pd.DataFrame,
    visits: pd.DataFrame,
    *,
    days: DayRange,
    dark: bool = False,
) -> Layered:
    """
    Draw the hours in the brace as bars against the hours planned, on an axis of 0 to 24.

    A day of 0 hours is a line on the ground; a day without an answer is empty.

    Args:
        reports: As from ``charts.frames.report_frame``; may be empty.

        plan: As from ``charts.frames.plan_frame``; empty when no brace was prescribed.

        visits: As from ``charts.frames.note_frame``; may be empty.

        days: The range drawn.

        dark: Whether the page is dark.
    """
    colours = palette(dark=dark)
    worn, plan = answered(within(reports, days), "brace_hours"), within(plan, days)
    worn = worn[["pod", "when", "brace_hours", "entry"]]
    labels = [
        *plan_labels(plan, worn, days, colours),
        *rule_labels(visits, days, colours, top=MAX_BRACE_HOURS),
    ]
    layers = [
        *brace_layers(worn, plan, days, colours),
        *label_layers(labels, days, brace_axis, colours),
        hover_days(worn, _worn_words(worn), days),
        *day_rules(visits, days, colours),
    ]
    return finish(layers, colours, height=HEIGHT_PX)


def activity_chart(
    reports: pd.DataFrame, visits: pd.DataFrame, *, days: DayRange, dark: bool = False
) -> Layered:
    """
    Draw how active each day was, as a line between four named levels.

    Args:
        reports: As from ``charts.frames.report_frame``; may be empty.

        visits: As from ``charts.frames.note_frame``; may be empty.

        days: The range drawn.

        dark: Whether the page is dark.
    """
    colours = palette(dark=dark)
    active = answered(within(reports, days), "activity_rank")
    labels = rule_labels(visits, days, colours, top=len(ACTIVITY_WORDS) - 0.3)
    layers = [
        *activity_layers(active, days, colours),
        *label_layers(labels, days, activity_axis, colours),
        hover_days(active, _active_words(active), days),
        *day_rules(visits, days, colours),
    ]
    return finish(layers, colours, height=HEIGHT_PX)


def _worn_words(worn: pd.DataFrame) -> list[str]:
    told = tr("{hours} hours in the brace")
    entered = entered_words(worn["entry"])
    return [
        told.format(hours=_plain(hours)) + words
        for hours, words in zip(worn["brace_hours"].tolist(), entered, strict=True)
    ]


def _active_words(active: pd.DataFrame) -> list[str]:
    levels = [tr(words).lower() for words in ACTIVITY_WORDS]
    walked = words_or(active["walking_minutes"], "", ", " + tr("{number} minutes walked"))
    entered = entered_words(active["entry"])
    return [
        f"{levels[rank]}{minutes}{words}"
        for rank, minutes, words in zip(
            active["activity_rank"].tolist(), walked, entered, strict=True
        )
    ]


def _plain(number: float) -> str:
    return f"{number:g}".replace(".", get_decimal_symbol(locale()))


def brace_layers(
    worn: pd.DataFrame,
    plan: pd.DataFrame,
    days: DayRange,
    colours: Palette,
    axis: Axis = brace_axis,
) -> list[Layer]:
    """Draw the hours worn as bars, and the hours planned as a line of steps."""
    return [_bars(worn, days, colours, axis), *_plan_layers(plan, days, colours, axis)]


def _bars(worn: pd.DataFrame, days: DayRange, colours: Palette, axis: Axis) -> Layer:
    sides = worn[["pod", "brace_hours"]].assign(left=worn["pod"] - 0.38, right=worn["pod"] + 0.38)
    # The outline keeps a bar of 0 hours in sight, which a day without an answer must not be.
    bars = Layer(sides).mark_rect(
        fill=colours.strong,
        fillOpacity=0.55,
        stroke=colours.strong,
        strokeWidth=line_width(2, days),
        tooltip=None,
    )
    drawn: Layer = bars.encode(
        day_axis(days, "left:Q"),
        plain("x2", "right:Q"),
        axis("brace_hours:Q"),
        Channel("y2", {"datum": 0}),
    )
    return drawn


def _plan_layers(plan: pd.DataFrame, days: DayRange, colours: Palette, axis: Axis) -> list[Layer]:
    if plan.empty:
        return []
    line = Layer(plan).mark_line(
        color=colours.second, strokeWidth=3, strokeDash=[8, 5], tooltip=None, interpolate="step"
    )
    return [line.encode(day_axis(days), axis("planned_hours:Q"))]


def plan_labels(
    plan: pd.DataFrame, worn: pd.DataFrame, days: DayRange, colours: Palette
) -> list[Label]:
    """Name the plan where the bars leave the most room."""
    if plan.empty:
        return []
    words = tr(PLAN_WORDS, hours=_plain(plan["planned_hours"].iloc[0]))
    curve = list(zip(plan["pod"], plan["planned_hours"], strict=True))
    bars = [
        (pod, hours * share)
        for pod, hours in zip(worn["pod"], worn["brace_hours"], strict=True)
        for share in (1.0, 0.75, 0.5)
    ]
    places = [
        label for dy in (ABOVE, BELOW) for label in along(curve, words, colours.second, dy=dy)
    ]
    place = clearest(places, bars, days, unit_px=HOUR_PX, top=MAX_BRACE_HOURS)
    return [replace(place, weight=700)]


def activity_layers(
    active: pd.DataFrame, days: DayRange, colours: Palette, axis: Axis = activity_axis
) -> list[Layer]:
    """Draw the levels as lines with gaps, and lone days as points."""
    x, y = day_axis(days), axis("activity_rank:Q")
    lines = run_lines(
        active[["pod", "activity_rank", "run"]],
        y,
        colours.strong,
        days=days,
        width=line_width(3.5, days),
    )
    alone = lone_days(active)
    if alone.empty:
        return [lines]
    points = Layer(alone[["pod", "activity_rank"]]).mark_point(
        filled=True, size=80, opacity=1, color=colours.strong, tooltip=None
    )
    return [lines, points.encode(x, y)]
