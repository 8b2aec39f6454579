"""A person's own levels of pain as lines across a chart, each with its name."""

from collections.abc import Sequence

import pandas as pd

from charts.days import DayRange
from charts.frames import typed_frame
from charts.labels import ABOVE, BELOW, Dot, Label, along, clearest, covered
from charts.layer import Layer
from charts.palette import Palette
from charts.scales import Axis
from recovery.reports import NRS_MAX


def level_frame(
    baseline_nrs: int | None, best_week: tuple[float, int] | None = None
) -> pd.DataFrame:
    """
    Lay out the own levels that are known.

    Args:
        baseline_nrs: Pain before the procedure, NRS 0-10.

        best_week: Lowest mean of average pain over seven days, NRS 0-10, and the last
            post-procedure day of those seven.

    Returns:
        ``nrs``, ``words`` and ``is_best`` (bool).
    """
    rows: list[dict[str, object]] = []
    if baseline_nrs is not None:
        words = f"Before: {baseline_nrs} of 10"
        rows.append({"nrs": baseline_nrs, "words": words, "is_best": False})
    if best_week is not None:
        nrs, pod = best_week
        words = f"Best week: {nrs:.1f}, to day {pod}"
        rows.append({"nrs": nrs, "words": words, "is_best": True})
    types = {"nrs": "float64", "words": "str", "is_best": "bool"}
    return typed_frame(rows, types)


def level_layers(levels: pd.DataFrame, colours: Palette, axis: Axis) -> list[Layer]:
    """Draw pain before in long dashes, and the best week in dots."""
    looks = ((False, colours.text, (12, 4)), (True, colours.strong, (2, 4)))
    return [
        Layer(levels.loc[levels["is_best"] == is_best, ["nrs"]])
        .mark_rule(color=colour, strokeWidth=2, strokeDash=list(dash), tooltip=None)
        .encode(axis("nrs:Q"))
        for is_best, colour, dash in looks
    ]


def level_labels(
    levels: pd.DataFrame,
    dots: Sequence[Dot],
    days: DayRange,
    colours: Palette,
    unit_px: float,
) -> list[Label]:
    """Name the levels where what is drawn leaves room."""
    labels: list[Label] = []
    taken = list(dots)
    for nrs, words in zip(levels["nrs"], levels["words"], strict=True):
        line = [(float(pod), float(nrs)) for pod in range(days.first, days.last + 1)]
        places = [each for dy in (ABOVE, BELOW) for each in along(line, words, colours.text, dy=dy)]
        labels.append(clearest(places, taken, days, unit_px=unit_px, top=NRS_MAX))
        taken += covered(labels[-1], days, unit_px)
    return labels
