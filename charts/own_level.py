"""A person's own levels of pain as lines across a chart, named above it."""

import pandas as pd

from charts.frames import typed_frame
from charts.layer import Layer
from charts.palette import Palette
from charts.scales import Axis


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
        words = f"long dashes: before, {baseline_nrs} of 10"
        rows.append({"nrs": baseline_nrs, "words": words, "is_best": False})
    if best_week is not None:
        nrs, pod = best_week
        words = f"dots: best week, {nrs:.1f}, to day {pod}"
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


def level_key(levels: pd.DataFrame) -> tuple[str, ...]:
    """Name the lines above their plot: on it the words would lie over the days."""
    return tuple(levels["words"])
