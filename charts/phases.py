"""What is documented where no curve is: named spans of days, and single figures of studies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from charts.days import DayRange
from charts.layer import Layer, plain
from charts.palette import TEXT_PX, Palette
from charts.scales import Axis, day_axis, pain_axis
from recovery.beta import matched_shapes, quantiles
from recovery.figures import FigureKind, StudyFigure
from recovery.phases import Phase
from recovery.reports import NRS_MAX, NRS_MIN
from recovery.wording import marked, tr

FIGURE_WORDS = marked("One study")

_LETTER_PX = 8  # a wide guess for type of TEXT_PX
_PHONE_PLOT_PX = 300  # width of the plot on a screen of 390 px
_OPACITIES = (0.16, 0.06)  # neighbours differ in lightness, and a line stands between them
_WIDEST_HALF = (0.10, 0.90)


@dataclass(frozen=True, slots=True)
class Documented:
    """
    What is documented: a curve, or where there is none, phases and single figures.

    Attributes:
        band: As from ``charts.frames.band_frame``.
        phases: As from ``phase_frame``.
        figures: As from ``figure_frame``.
    """

    band: pd.DataFrame
    phases: pd.DataFrame = field(default_factory=pd.DataFrame)
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)


def phase_frame(phases: Sequence[Phase], days: DayRange) -> pd.DataFrame:
    """
    Lay out the phases that touch *days*, one row each.

    Returns:
        ``first`` and ``last`` (post-procedure days, cut to the range), ``begins`` and ``ends``
        (half a day wider, as drawn), ``middle``, ``label``, ``words`` (the label broken into
        lines; empty where it would not fit on a phone) and ``place`` (0, 1, 2 ...).
    """
    rows = []
    for place, phase in enumerate(phases):
        last = days.last if phase.last_day is None else min(phase.last_day, days.last)
        first = max(phase.first_day, days.first)
        if first > last:
            continue
        begins, ends = first - 0.5, last + 0.5
        rows.append(
            {
                "first": first,
                "last": last,
                "begins": begins,
                "ends": ends,
                "middle": (begins + ends) / 2,
                "label": phase.label,
                "words": _fitted(phase.label, (ends - begins) / len(days) * _PHONE_PLOT_PX),
                "place": place,
            }
        )
    columns = ["first", "last", "begins", "ends", "middle", "label", "words", "place"]
    return pd.DataFrame(rows, columns=columns)


def figure_frame(
    figures: Sequence[StudyFigure], baseline_nrs: int | None, days: DayRange
) -> pd.DataFrame:
    """
    Lay out the single figures of pain in *days*, scaled to the person's own pain before.

    Args:
        figures: Of any kind; shares of people are no pain and are left out.

        baseline_nrs: NRS 0-10; None leaves each study's own figure.

        days: The range drawn.

    Returns:
        ``pod``, ``mean``, ``p10`` and ``p90`` (NRS 0-10; the centiles are missing where no
        spread was read), ``id``.
    """
    rows = []
    for figure in figures:
        mean = figure.scaled_mean(baseline_nrs)
        drawn = figure.kind is FigureKind.MEAN_PAIN and days.first <= figure.day <= days.last
        if mean is None or not drawn:
            continue
        low, high = _spread(figure, mean)
        rows.append({"pod": figure.day, "mean": mean, "p10": low, "p90": high, "id": figure.id})
    return pd.DataFrame(rows, columns=["pod", "mean", "p10", "p90", "id"])


def phase_layers(
    documented: Documented, days: DayRange, colours: Palette, axis: Axis = pain_axis
) -> list[Layer]:
    """Draw spans with their names at the top, and figures as open diamonds."""
    if documented.phases.empty:
        return []
    return [
        *_span_layers(documented.phases, days, colours, axis),
        *_figure_layers(documented.figures, days, colours, axis),
    ]


def _span_layers(phases: pd.DataFrame, days: DayRange, colours: Palette, axis: Axis) -> list[Layer]:
    layers: list[Layer] = []
    phases = phases.assign(top=NRS_MAX, ground=NRS_MIN)
    begins = day_axis(days, "begins:Q")
    for parity, opacity in enumerate(_OPACITIES):
        rows = phases[phases["place"] % 2 == parity]
        if rows.empty:
            continue
        spans = Layer(rows[["begins", "ends", "top", "ground"]]).mark_rect(
            color=colours.documented, opacity=opacity, tooltip=None, clip=True
        )
        layers.append(
            spans.encode(begins, plain("x2", "ends:Q"), axis("top:Q"), plain("y2", "ground:Q"))
        )
    named = phases[phases["words"] != ""]
    if not named.empty:
        words = Layer(named[["middle", "words", "top"]]).mark_text(
            baseline="top",
            dy=6,
            fontSize=TEXT_PX,
            lineBreak="\n",
            color=colours.text,
            stroke=None,
            tooltip=None,
        )
        layers.append(
            words.encode(day_axis(days, "middle:Q"), axis("top:Q"), plain("text", "words:N"))
        )
    return layers


def _figure_layers(
    figures: pd.DataFrame, days: DayRange, colours: Palette, axis: Axis
) -> list[Layer]:
    if figures.empty:
        return []
    x, layers = day_axis(days), []
    spread = figures[figures["p10"].notna()]
    if not spread.empty:
        bars = Layer(spread[["pod", "p10", "p90"]]).mark_rule(
            color=colours.documented, strokeWidth=2, tooltip=None
        )
        layers.append(bars.encode(x, axis("p10:Q"), plain("y2", "p90:Q")))
    points = Layer(figures[["pod", "mean"]]).mark_point(
        shape="diamond", size=140, opacity=1, strokeWidth=2.5, fill=colours.page,
        stroke=colours.documented, tooltip=None,
    )  # fmt: skip
    layers.append(points.encode(x, axis("mean:Q")))
    is_late = figures["pod"] > (days.first + days.last) / 2
    sides: list[tuple[Literal["left", "right"], pd.DataFrame]] = [
        ("right", figures[is_late]),
        ("left", figures[~is_late]),
    ]
    for align, rows in sides:
        if rows.empty:
            continue
        name = Layer(rows[["pod", "mean"]].assign(words=tr(FIGURE_WORDS))).mark_text(
            align=align, dx=-12 if align == "right" else 12, fontSize=TEXT_PX, color=colours.text,
            tooltip=None,
        )  # fmt: skip
        layers.append(name.encode(x, axis("mean:Q"), plain("text", "words:N")))
    return layers


def _fitted(label: str, room_px: float) -> str:
    words = label.split()
    widest = max(len(word) for word in words) * _LETTER_PX
    if widest > room_px:
        return ""
    lines = [words[0]]
    for word in words[1:]:
        joined = f"{lines[-1]} {word}"
        if len(joined) * _LETTER_PX <= room_px:
            lines[-1] = joined
        else:
            lines.append(word)
    return "\n".join(lines)


def _spread(figure: StudyFigure, mean: float) -> tuple[float | None, float | None]:
    if figure.sd_nrs is None or not figure.mean_nrs:
        return None, None
    scale = mean / figure.mean_nrs
    shapes = matched_shapes(mean / NRS_MAX, figure.sd_nrs * scale / NRS_MAX)
    if shapes is None:
        return None, None
    low, high = quantiles(_WIDEST_HALF, *shapes)
    return NRS_MAX * low, NRS_MAX * high
