"""How often pain medicine was taken each day, its kind told by shape."""

import pandas as pd

from charts.days import DayRange
from charts.layer import Layer, plain
from charts.layers import EVERY_POINT_UP_TO
from charts.palette import Palette
from charts.scales import Axis, day_axis
from recovery.reports import MAX_MEDICINE_TIMES, PainMedicine

USUAL_MOST_TIMES = 8
"""Upper end of the axis; it only grows, so that a quiet week does not look like a busy one."""

KINDS = {
    PainMedicine.NONE: ("none", "circle", "○"),
    PainMedicine.OVER_THE_COUNTER: ("over the counter", "circle", "●"),
    PainMedicine.PRESCRIBED: ("prescribed", "square", "■"),
    PainMedicine.BOTH: ("both kinds", "diamond", "◆"),
}
"""Each kind in words, as a shape, and as a letter for the key; no medicine is hollow."""

TIMES_UNKNOWN = "at the upper edge: times not given"


def medicine_top(reports: pd.DataFrame) -> int:
    """Return the upper end of the axis of times a day, a multiple of 4."""
    most = reports["medicine_times"].max()
    top = USUAL_MOST_TIMES if pd.isna(most) else max(USUAL_MOST_TIMES, int(most))
    return min(-(-top // 4) * 4, MAX_MEDICINE_TIMES)


def medicine_key(reports: pd.DataFrame) -> tuple[str, ...]:
    """Explain the shapes that occur; nothing when no day says anything about medicine."""
    used = set(reports["medicine"].dropna())
    words = [f"{letter} {name}" for kind, (name, _, letter) in KINDS.items() if kind.value in used]
    taken = reports["medicine"].notna() & (reports["medicine"] != PainMedicine.NONE.value)
    if (taken & reports["medicine_times"].isna()).any():
        words.append(TIMES_UNKNOWN)
    return tuple(words)


def medicine_layers(
    reports: pd.DataFrame, days: DayRange, colours: Palette, axis: Axis
) -> list[Layer]:
    """
    Draw a stick with the shape of its kind on each day that says which medicine was taken.

    Args:
        reports: As from ``charts.frames.report_frame``.

        days: The range drawn.

        colours: Of the page.

        axis: Of times a day, from 0 to ``medicine_top``.
    """
    said = reports[reports["medicine"].notna()]
    is_none = said["medicine"] == PainMedicine.NONE.value
    # Taken, with no word about how often, is drawn at the edge rather than at a made-up number.
    times = said["medicine_times"].where(~is_none, 0).fillna(medicine_top(reports))
    drawn = said[["pod", "medicine"]].assign(times=times.astype("int64"))
    x, y = day_axis(days), axis("times:Q")
    is_long = len(days) > EVERY_POINT_UP_TO
    known = drawn[~is_none & said["medicine_times"].notna()]
    sticks = Layer(known.assign(ground=0)[["pod", "times", "ground"]]).mark_rule(
        color=colours.strong, strokeWidth=1 if is_long else 2, tooltip=None
    )
    layers = [sticks.encode(x, y, plain("y2", "ground:Q"))]
    for kind, (_, shape, _) in KINDS.items():
        rows = drawn.loc[drawn["medicine"] == kind.value, ["pod", "times"]]
        points = Layer(rows).mark_point(
            shape=shape,
            size=24 if is_long else 64,
            opacity=1,
            fill=colours.page if kind is PainMedicine.NONE else colours.strong,
            stroke=colours.strong,
            strokeWidth=1 if is_long else 1.5,
            tooltip=None,
        )
        layers.append(points.encode(x, y))
    return layers
