"""The documented course under the person's own lines, with its names."""

import pandas as pd

from charts.days import DayRange
from charts.labels import ABOVE, BELOW, Dot, Label, along, clearest, covered
from charts.layer import Layer, plain
from charts.palette import Palette
from charts.scales import Axis, day_axis, pain_axis
from recovery.reports import NRS_MAX
from recovery.wording import marked, tr

BAND_WORDS = marked("Most people in studies")
MEAN_WORDS = marked("Study average")

UNIT_PX = 20.0
"""About how high one point of pain is drawn; decides where words fit."""

_MEAN_EDGES = (("mean", ABOVE), ("mean", BELOW))


def band_layers(
    band: pd.DataFrame, days: DayRange, colours: Palette, axis: Axis = pain_axis
) -> list[Layer]:
    """Draw the range as quiet areas, and its middle as a dashed line."""
    if band.empty:
        return []
    x, base = day_axis(days), Layer(band)
    areas = [
        base.mark_area(color=colours.documented, opacity=opacity, tooltip=None, clip=True).encode(
            x, axis(f"{low}:Q"), plain("y2", f"{high}:Q")
        )
        for low, high, opacity in (("p10", "p90", 0.16), ("p25", "p75", 0.18))
        if band[low].notna().any()
    ]
    mean = base.mark_line(
        color=colours.documented, strokeWidth=2, strokeDash=[6, 5], tooltip=None, clip=True
    )
    return [*areas, mean.encode(x, axis("mean:Q"))]


def band_labels(
    band: pd.DataFrame,
    dots: list[Dot],
    days: DayRange,
    colours: Palette,
    unit_px: float = UNIT_PX,
) -> list[Label]:
    """Name the band and its middle line where the person's own lines leave room."""
    labels: list[Label] = []
    for edges, words in (((("p90", ABOVE), ("p10", BELOW)), BAND_WORDS), (_MEAN_EDGES, MEAN_WORDS)):
        candidates = [
            label
            for field, dy in edges
            for label in along(_curve(band, field), tr(words), colours.text, dy=dy)
        ]
        if candidates:
            labels.append(clearest(candidates, dots, days, unit_px=unit_px, top=NRS_MAX))
            dots = [*dots, *covered(labels[-1], days, unit_px)]
    return labels


def _curve(band: pd.DataFrame, field: str) -> list[Dot]:
    rows = band[band[field].notna()]
    return list(zip(rows["pod"], rows[field], strict=True))
