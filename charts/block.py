"""Pain in the hours after a test block."""

from collections.abc import Callable
from datetime import datetime

import pandas as pd

from charts.frames import typed_frame
from charts.layer import Channel, Layer, Layered, channel, plain
from charts.palette import TEXT_PX, Palette, palette
from charts.scales import finish, pain_axis
from recovery.block_log import SLOT_MINUTES, BlockLog, is_from_memory
from recovery.reports import Event
from recovery.wording import tr, trn

HEIGHT_PX = 320

_HOUR = 60
_LAST = SLOT_MINUTES[-1] / _HOUR
_DOMAIN = (-0.2, _LAST + 0.6)
_TICKS = [0.0, *(minutes / _HOUR for minutes in SLOT_MINUTES)]
_NO_RUN = -1
_TYPES = {
    "minutes": "int64",
    "hours": "float64",
    "when": "str",
    "pain_nrs": "Int64",
    "entry": "str",
    "is_at_once": "bool",
    "run": "int64",
}


def block_frame(log: BlockLog, clock: Callable[[datetime], str]) -> pd.DataFrame:
    """
    Lay out the ratings after a block, one row each, oldest first.

    Args:
        log: The hours after the block.

        clock: How an instant is written for the reader.

    Returns:
        ``minutes`` (int, after the block), ``hours`` (the same as a number of hours), ``when``
        ("10:45 AM, 45 minutes after"), ``pain_nrs`` (0-10), ``entry`` (how it was entered, in
        words), ``is_at_once`` (bool), ``run`` (number of the unbroken stretch of planned
        ratings; -1 for a rating that was not planned). What was not rated has no row.
    """
    runs = _runs(log)
    rows = [_row(log, reading, clock, runs) for reading in log.readings]
    return typed_frame(rows, _TYPES)


def after_words(minutes: int) -> str:
    """Say how long after the block: ``45 minutes``, ``2 hours``, ``1 hour 20 minutes``."""
    hours, rest = divmod(minutes, _HOUR)
    parts = [
        trn("{count} hour", "{count} hours", hours) if hours else "",
        trn("{count} minute", "{count} minutes", rest) if rest or not hours else "",
    ]
    return " ".join(part for part in parts if part)


def block_chart(ratings: pd.DataFrame, before_nrs: int | None, *, dark: bool = False) -> Layered:
    """
    Draw pain by hours after the block, on axes of 0 to 8 hours and 0 to 10.

    Ratings are joined only where no planned one is missing between them.

    Args:
        ratings: As from ``block_frame``; at least one.

        before_nrs: Pain before the block, NRS 0-10; None when unknown.

        dark: Whether the page is dark.
    """
    colours = palette(dark=dark)
    layers = [
        *_before_layers(before_nrs, colours),
        *_lines(ratings, colours),
        *_points(ratings, colours),
    ]
    return finish(layers, colours, height=HEIGHT_PX)


def _runs(log: BlockLog) -> dict[Event, int]:
    """Number the stretches of planned ratings without a gap, from 0."""
    found: dict[Event, int] = {}
    run, last = 0, 0
    for position, slot in enumerate(log.slots):
        if slot.reading is None:
            continue
        run += int(position - last > 1)
        found[slot.reading], last = run, position
    return found


def _row(
    log: BlockLog, reading: Event, clock: Callable[[datetime], str], runs: dict[Event, int]
) -> dict[str, object]:
    minutes = round((reading.occurred_at - log.done_at).total_seconds() / _HOUR)
    at_once = not is_from_memory(reading)
    return {
        "minutes": minutes,
        "hours": minutes / _HOUR,
        "when": tr(
            "{clock}, {time} after", clock=clock(reading.occurred_at), time=after_words(minutes)
        ),
        "pain_nrs": reading.pain_nrs,
        "entry": _entry(reading, at_once=at_once),
        "is_at_once": at_once,
        "run": runs.get(reading, _NO_RUN),
    }


def _entry(reading: Event, *, at_once: bool) -> str:
    when = tr("At that time") if at_once else tr("Later, from memory")
    return tr("{when}, by a carer", when=when) if reading.is_by_proxy else when


def _hours_axis(field: str = "hours:Q") -> Channel:
    # Only whole hours are named: the quarters of the first would run into each other on a phone.
    axis = {
        "values": _TICKS,
        "labelExpr": "datum.value % 1 ? '' : format(datum.value, 'd')",
        "labelOverlap": False,
        "grid": False,
        "labelFlush": False,
    }
    scale = {"domain": list(_DOMAIN), "nice": False, "zero": False}
    return channel("x", field, title=tr("Hours after the block"), scale=scale, axis=axis)


def _before_layers(before_nrs: int | None, colours: Palette) -> list[Layer]:
    if before_nrs is None:
        return []
    words = tr("Before the block: {nrs}", nrs=before_nrs)
    place = pd.DataFrame({"hours": [_LAST + 0.5], "pain_nrs": [before_nrs], "words": [words]})
    rule = (
        Layer(place[["pain_nrs"]])
        .mark_rule(color=colours.documented, strokeWidth=1.5, strokeDash=[6, 5], tooltip=None)
        .encode(pain_axis("pain_nrs:Q"))
    )
    # Above the line, except at the top of the plot, where there is no room.
    dy = 12 if before_nrs >= 9 else -12  # noqa: PLR2004 - one line of type from the top
    name = Layer(place).mark_text(
        align="right", dy=dy, fontSize=TEXT_PX, color=colours.text, tooltip=None
    )
    return [rule, name.encode(_hours_axis(), pain_axis("pain_nrs:Q"), plain("text", "words:N"))]


def _lines(ratings: pd.DataFrame, colours: Palette) -> list[Layer]:
    planned = ratings[ratings["run"] != _NO_RUN]
    joined = planned[planned["run"].duplicated(keep=False)]
    if joined.empty:
        return []
    lines = Layer(joined[["hours", "pain_nrs", "run"]]).mark_line(
        color=colours.strong, strokeWidth=3, strokeCap="round", strokeJoin="round", tooltip=None
    )
    return [lines.encode(_hours_axis(), pain_axis("pain_nrs:Q"), plain("detail", "run:N"))]


def _points(ratings: pd.DataFrame, colours: Palette) -> list[Layer]:
    """Draw filled dots, and hollow squares for what was entered later from memory."""
    told = ratings["when"] + ": " + ratings["pain_nrs"].astype("str") + ". " + ratings["entry"]
    drawn = ratings[["hours", "pain_nrs"]].assign(told=told)
    at_once = ratings["is_at_once"]
    looks = ((drawn[at_once], "circle", colours.strong), (drawn[~at_once], "square", colours.page))
    layers = []
    for rows, shape, fill in looks:
        # A layer without a mark would be an image without a name to a screen reader.
        if rows.empty:
            continue
        points = Layer(rows).mark_point(
            size=90, opacity=1, shape=shape, fill=fill, stroke=colours.strong, strokeWidth=2.5
        )
        layers.append(
            points.encode(_hours_axis(), pain_axis("pain_nrs:Q"), plain("tooltip", "told:N"))
        )
    return layers
