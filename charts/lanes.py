"""Lanes of marks without a scale of their own: missing days, alerts, events, visits, notes."""

import pandas as pd

from charts.days import DayRange
from charts.frames import EVENT_WORDS
from charts.layer import Layer, plain
from charts.layers import EVERY_POINT_UP_TO, within
from charts.panels import Panel, Stack, Strip
from charts.scales import day_axis
from charts.shapes import SHAPES
from recovery.judgement.reasons import ReasonKind

LANE_PX = 18

ALERT_SHAPES = dict(
    zip(
        [kind.need for kind in ReasonKind],
        (
            "diamond",
            "triangle-up",
            "triangle-down",
            "triangle-right",
            "cross",
            "square",
            "stroke",
            "circle",
            "wedge",
            "triangle-left",
        ),
        strict=True,
    )
)
"""The shape at the newest day of an alert, by the need of its kind."""

_EVENT_LETTERS = dict(zip(EVENT_WORDS.values(), ("▲", "▼", "━", "↑"), strict=True))
_MIDDLE = 0.5
_BAR_HALF = 0.16  # of the lane's height


def draw_missing(stack: Stack, missing: pd.DataFrame, due: int) -> None:
    """
    Draw an upright dash on each day that was due and not logged, and count them in words.

    Args:
        stack: Where the lane comes next.

        missing: As from ``charts.happenings.missing_frame``.

        due: How many days of the range were due; 0 draws nothing.
    """
    if not due:
        return
    count = len(missing)
    said = f"No report on {count} of {due} days" if count else f"A report on each of {due} days"
    panel = stack.place(Strip(heading=said, height_px=LANE_PX if count else 0))
    colours = stack.colours
    ticks = _at(missing, panel, stack.days).mark_point(
        shape="M0,-1L0,1", size=130, opacity=1, stroke=colours.text, strokeWidth=2.5, tooltip=None
    )
    stack.draw([ticks] if count else [])


def draw_alerts(stack: Stack, alerts: pd.DataFrame) -> None:
    """
    Draw a lane for each kind: a bar over the days an alert rests on, its shape at the newest.

    Args:
        stack: Where the lanes come next.

        alerts: As from ``charts.happenings.alert_frame``.
    """
    days = stack.days
    shown = alerts[(alerts["first"] <= days.last) & (alerts["last"] >= days.first)]
    if shown.empty:
        stack.place(Strip(heading="Alerts: none on these days"))
        return
    for kind in shown["kind"].unique():
        rows = shown[shown["kind"] == kind]
        opened = int(rows["is_open"].sum())
        closed = len(rows) - opened
        counts = tuple(
            words
            for count, words in (
                (opened, f"{opened} open (filled)"),
                (closed, f"{closed} closed (hollow)"),
            )
            if count
        )
        lane = Strip(heading=f"Alert: {kind}", key=counts, height_px=LANE_PX)
        stack.draw(_alert_layers(rows, stack, stack.place(lane)))


def draw_events(stack: Stack, events: pd.DataFrame) -> None:
    """Draw each event at its hour by the shape of its kind, with a key of the kinds that occur."""
    shown = within(events, stack.days)
    if shown.empty:
        stack.place(Strip(heading="Events: none on these days"))
        return
    kinds = [kind for kind in EVENT_WORDS.values() if kind in set(shown["kind"])]
    key = tuple(f"{_EVENT_LETTERS[kind]} {kind.lower()}" for kind in kinds)
    panel = stack.place(Strip(heading="Events", key=key, height_px=LANE_PX))
    colours = stack.colours
    stack.draw(
        [
            _at(shown.loc[shown["kind"] == kind, ["at"]], panel, stack.days, "at").mark_point(
                shape=SHAPES[kind],
                size=150,
                opacity=1,
                fill=colours.event,
                stroke=colours.event,
                strokeWidth=2,
                tooltip=None,
            )
            for kind in kinds
        ]
    )


def draw_visits(stack: Stack, visits: pd.DataFrame, noted: pd.DataFrame) -> None:
    """
    Draw visits with a note filled, planned ones hollow, and the patient's own notes as dots.

    Args:
        stack: Where the lanes come next.

        visits: As from ``charts.happenings.visit_frame``.

        noted: ``pod`` of the reports with a note of the patient.
    """
    shown, notes = within(visits, stack.days), within(noted, stack.days)
    colours = stack.colours
    kept, ahead = shown[shown["is_noted"]], shown[~shown["is_noted"]]
    named = (
        (kept, "◆ visit note (dotted line)"),
        (ahead, "◇ planned visit"),
        (notes, "● note by the patient"),
    )
    key = tuple(words for rows, words in named if not rows.empty)
    beyond = next_beyond(visits, stack.days)
    later = () if beyond is None else (f"next visit planned for day {beyond}",)
    if not key:
        stack.place(Strip(heading="Visits and notes: none on these days", key=later))
        return
    panel = stack.place(Strip(heading="Visits and notes", key=(*key, *later), height_px=LANE_PX))
    looks = (
        (notes, "circle", 40, colours.second),
        (kept, "diamond", 150, colours.strong),
        (ahead, "diamond", 150, colours.page),
    )
    stack.draw(
        [
            _at(rows[["pod"]], panel, stack.days).mark_point(
                shape=shape,
                size=size,
                opacity=1,
                fill=fill,
                stroke=colours.second if rows is notes else colours.strong,
                strokeWidth=2,
                tooltip=None,
            )
            for rows, shape, size, fill in looks
            if not rows.empty
        ]
    )


def next_beyond(visits: pd.DataFrame, days: DayRange) -> int | None:
    """
    Return the post-procedure day of the first planned visit after *days*; None without one.

    Args:
        visits: As from ``charts.happenings.visit_frame``.

        days: The range drawn.
    """
    beyond = visits.loc[~visits["is_noted"] & (visits["pod"] > days.last), "pod"]
    return None if beyond.empty else int(beyond.min())


def _alert_layers(rows: pd.DataFrame, stack: Stack, panel: Panel) -> list[Layer]:
    days, colours = stack.days, stack.colours
    bars = rows.assign(
        begins=rows["first"] - 0.5,
        ends=rows["last"] + 0.5,
        low=_MIDDLE - _BAR_HALF,
        high=_MIDDLE + _BAR_HALF,
        mid=_MIDDLE,
    )
    layers: list[Layer] = []
    for is_open in (False, True):
        drawn = bars[bars["is_open"] == is_open]
        if drawn.empty:
            continue
        fill = colours.event if is_open else colours.page
        spans = Layer(drawn[["begins", "ends", "low", "high"]]).mark_rect(
            fill=fill, stroke=colours.event, strokeWidth=1.5, tooltip=None
        )
        layers.append(
            spans.encode(
                day_axis(days, "begins:Q"),
                plain("x2", "ends:Q"),
                panel.axis("low:Q"),
                plain("y2", "high:Q"),
            )
        )
        ends = Layer(drawn[["last", "mid"]]).mark_point(
            shape=ALERT_SHAPES[int(drawn["need"].iloc[0])],
            size=150 if len(days) <= EVERY_POINT_UP_TO else 110,
            opacity=1,
            fill=fill,
            stroke=colours.event,
            strokeWidth=2,
            tooltip=None,
        )
        layers.append(ends.encode(day_axis(days, "last:Q"), panel.axis("mid:Q")))
    return layers


def _at(rows: pd.DataFrame, panel: Panel, days: DayRange, field: str = "pod") -> Layer:
    """Return a chart of marks in the middle of a lane."""
    drawn: Layer = Layer(rows.assign(mid=_MIDDLE)).encode(
        day_axis(days, f"{field}:Q"), panel.axis("mid:Q")
    )
    return drawn
