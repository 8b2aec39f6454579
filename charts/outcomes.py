"""The charts of a clinic's outcomes: its own curve, responses, time to active again, adherence."""

import pandas as pd

from charts.band import UNIT_PX, band_labels, band_layers
from charts.days import DayRange
from charts.labels import ABOVE, BELOW, Dot, Label, along, clearest, covered, label_layers
from charts.layer import Channel, Layer, Layered, channel, plain
from charts.layers import lone_days, run_lines, within
from charts.palette import TEXT_PX, Palette, palette
from charts.scales import day_axis, finish, number_axis, pain_axis
from recovery.reports import NRS_MAX

CURVE_HEIGHT_PX = 400
PEOPLE_HEIGHT_PX = 150
ACTIVE_HEIGHT_PX = 320
ROW_PX = 44
_AXIS_PX = 76  # the page fits a chart with its axis and its title into its height

MEDIAN_WORDS = "Our median"
HALF_WORDS = "Our middle half"
AT_RISK_WORDS = "Still followed:"
MOST = 100.0

_AT_RISK_AT = -12.0
_MOST_AT_RISK = 5  # numbers that fit beside each other at 390 px


def curve_chart(
    curve: pd.DataFrame, band: pd.DataFrame, *, days: DayRange, dark: bool = False
) -> Layered:
    """
    Draw the clinic's median with its middle half over what is documented, pain from 0 to 10.

    Args:
        curve: As from ``charts.outcome_frames.curve_frame``; a day without enough people ends
            the line.

        band: As from ``charts.frames.band_frame``; may be empty.

        days: The range drawn.

        dark: Whether the page is dark.
    """
    colours = palette(dark=dark)
    curve, band = within(curve, days), within(band, days)
    own = _own_labels(curve, days, colours)
    dots: list[Dot] = [dot for label in own for dot in covered(label, days, UNIT_PX)]
    dots += list(zip(curve["pod"], curve["p50"], strict=True))
    labels = [*own, *band_labels(band, dots, days, colours)]
    layers = [
        *band_layers(band, days, colours),
        *_own_layers(curve, days, colours),
        *label_layers(labels, days, pain_axis, colours),
        _hover(curve, days),
    ]
    return finish(layers, colours, height=CURVE_HEIGHT_PX)


def people_chart(curve: pd.DataFrame, *, days: DayRange, dark: bool = False) -> Layered:
    """
    Draw how many people stand behind each day, under the same days as ``curve_chart``.

    Args:
        curve: As for ``curve_chart``; not empty.

        days: The range drawn.

        dark: Whether the page is dark.
    """
    colours = palette(dark=dark)
    curve = within(curve, days)
    most = _round_above(int(curve["n"].max()))
    axis = number_axis("n:Q", ("Patients who logged that day",), most)
    base = _days_wide(curve).assign(ground=0)
    bars = (
        Layer(base)
        .mark_rect(color=colours.documented, opacity=0.75)
        .encode(
            day_axis(days, "left:Q"),
            axis,
            plain("x2", "right:Q"),
            plain("y2", "ground:Q"),
            tooltip=[plain("tooltip", "pod:Q", "Day"), plain("tooltip", "n:Q", "Patients")],
        )
    )
    return finish([bars], colours, height=PEOPLE_HEIGHT_PX)


def share_chart(rows: pd.DataFrame, *, dark: bool = False) -> Layered:
    """
    Draw shares as dots with their intervals, one line for each row, from 0 to 100 percent.

    Args:
        rows: ``row``, ``share``, ``low``, ``high`` (percent); rows without a share are left out.

        dark: Whether the page is dark.
    """
    known = rows[rows["share"].notna()]
    return _ranges(known.rename(columns={"share": "middle"}), "95 % interval", MOST, dark=dark)


def adherence_chart(rows: pd.DataFrame, *, dark: bool = False) -> Layered:
    """
    Draw medians as dots with the middle half, one line for each row, in percent from 0 on.

    Args:
        rows: As from ``charts.outcome_frames.adherence_frame``.

        dark: Whether the page is dark.
    """
    drawn = rows.rename(columns={"p50": "middle", "p25": "low", "p75": "high"})
    return _ranges(drawn, "Middle half", max([MOST, *drawn["high"]]), dark=dark)


def active_chart(
    active: pd.DataFrame, at_risk: pd.DataFrame, *, days: DayRange, dark: bool = False
) -> Layered:
    """
    Draw the share of people active again by day as steps, with its interval.

    Args:
        active: As from ``charts.outcome_frames.active_frame``; not empty.

        at_risk: ``pod`` and ``words`` (how many are still followed), a few days of them.

        days: The range drawn.

        dark: Whether the page is dark.
    """
    colours = palette(dark=dark)
    end = active.tail(1).assign(pod=days.last)
    steps = pd.concat([active, end], ignore_index=True)[["pod", "share", "low", "high"]]
    x, y = day_axis(days), _percent_axis("share:Q")
    band = steps[steps["low"].notna()]
    area = Layer(band).mark_area(
        interpolate="step-after", color=colours.strong, opacity=0.22, tooltip=None
    )
    line = Layer(steps).mark_line(
        interpolate="step-after", color=colours.strong, strokeWidth=3, tooltip=None
    )
    layers = [
        area.encode(x, _percent_axis("low:Q"), plain("y2", "high:Q")),
        line.encode(x, y),
        *_at_risk_layers(at_risk, days, colours),
        _hover_steps(active, days),
    ]
    return finish(layers, colours, height=ACTIVE_HEIGHT_PX)


def at_risk_days(days: DayRange) -> list[int]:
    """Return the few days under which the chart says how many are still followed."""
    step = -(-len(days) // _MOST_AT_RISK)
    return list(range(days.first, days.last + 1, step))


def _own_layers(curve: pd.DataFrame, days: DayRange, colours: Palette) -> list[Layer]:
    x = day_axis(days)
    half = Layer(curve[["pod", "p25", "p75", "run"]]).mark_area(
        color=colours.strong, opacity=0.28, tooltip=None, clip=True
    )
    layers = [
        half.encode(x, pain_axis("p25:Q"), plain("y2", "p75:Q"), plain("detail", "run:N")),
        run_lines(
            curve[["pod", "p50", "run"]],
            pain_axis("p50:Q"),
            colours.strong,
            days=days,
            width=3.5,
        ),
    ]
    alone = lone_days(curve)
    if not alone.empty:
        dots = Layer(alone[["pod", "p50"]]).mark_point(
            filled=True, size=60, opacity=1, color=colours.strong, tooltip=None
        )
        layers.append(dots.encode(x, pain_axis("p50:Q")))
    return layers


def _own_labels(curve: pd.DataFrame, days: DayRange, colours: Palette) -> list[Label]:
    labels: list[Label] = []
    dots: list[Dot] = []
    for field, dy, words in (("p50", ABOVE, MEDIAN_WORDS), ("p75", ABOVE, HALF_WORDS)):
        line: list[Dot] = list(zip(curve["pod"], curve[field], strict=True))
        places = [
            place for each in (dy, BELOW) for place in along(line, words, colours.strong, dy=each)
        ]
        labels.append(clearest(places, dots, days, unit_px=UNIT_PX, top=NRS_MAX))
        dots += covered(labels[-1], days, UNIT_PX)
    return labels


def _days_wide(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[["pod", "n"]].assign(left=frame["pod"] - 0.5, right=frame["pod"] + 0.5)


def _hover(curve: pd.DataFrame, days: DayRange) -> Layer:
    strips = curve[["pod", "n", "p25", "p50", "p75"]].assign(
        left=curve["pod"] - 0.5, right=curve["pod"] + 0.5
    )
    told = (("pod", "Day"), ("p50", "Median"), ("p25", "From"), ("p75", "To"), ("n", "Patients"))
    return _unseen(strips, days, told)


def _hover_steps(active: pd.DataFrame, days: DayRange) -> Layer:
    begins = active["pod"]
    ends = begins.shift(-1, fill_value=days.last)
    strips = active.round(0).assign(left=begins, right=ends)
    told = (("pod", "From day"), ("share", "Active again, %"), ("at_risk", "Still followed"))
    return _unseen(strips, days, told)


def _unseen(strips: pd.DataFrame, days: DayRange, told: tuple[tuple[str, str], ...]) -> Layer:
    tooltip = [plain("tooltip", f"{field}:Q", title) for field, title in told]
    unseen: Layer = (
        Layer(strips)
        .mark_rect(opacity=0)
        .encode(day_axis(days, "left:Q"), plain("x2", "right:Q"), tooltip=tooltip)
    )
    return unseen


def _percent_axis(field: str) -> Channel:
    title = ("Active again, percent of patients",)
    return number_axis(field, title, MOST, lowest=_AT_RISK_AT * 1.6, ticks=range(0, 101, 25))


def _at_risk_layers(at_risk: pd.DataFrame, days: DayRange, colours: Palette) -> list[Layer]:
    placed = at_risk.assign(share=_AT_RISK_AT)
    text = Layer(placed).mark_text(fontSize=TEXT_PX, color=colours.text, tooltip=None)
    return [text.encode(day_axis(days), _percent_axis("share:Q"), plain("text", "words:N"))]


def _ranges(rows: pd.DataFrame, range_words: str, most: float, *, dark: bool) -> Layered:
    """Draw a dot and a line from low to high for each row, named at the left."""
    colours = palette(dark=dark)
    told = rows["middle"].round(0).astype("int64").astype("str") + " %"
    drawn = rows[["row", "low", "middle", "high"]].assign(told=told)
    order = list(drawn["row"])
    y = channel(
        "y",
        "row:N",
        sort=order,
        title=None,
        axis={"labelLimit": 190, "ticks": False, "domain": False},
    )
    tooltip = [
        plain("tooltip", "row:N", "What"),
        channel("tooltip", "middle:Q", format=".0f", title="Percent"),
        channel("tooltip", "low:Q", format=".0f", title=f"{range_words} from"),
        channel("tooltip", "high:Q", format=".0f", title="To"),
    ]
    base = Layer(drawn)
    x = _percent_along("middle:Q", most)
    line = base.mark_rule(color=colours.strong, strokeWidth=3).encode(
        _percent_along("low:Q", most), y, plain("x2", "high:Q"), tooltip=tooltip
    )
    dot = base.mark_point(filled=True, size=140, opacity=1, color=colours.strong)
    words = base.mark_text(dy=-14, fontSize=TEXT_PX, color=colours.text, tooltip=None)
    layers = [
        line,
        dot.encode(x, y, tooltip=tooltip),
        words.encode(x, y, plain("text", "told:N")),
    ]
    return finish(layers, colours, height=max(1, len(order)) * ROW_PX + _AXIS_PX)


def _percent_along(field: str, most: float) -> Channel:
    scale = {"domain": [0, most], "nice": False}
    return channel("x", field, title="Percent", scale=scale, axis={"tickCount": 5})


def _round_above(number: int) -> float:
    """Return the next number of the form 20, 40, 60, 80, 100, 200, ... from *number* on."""
    step = 20
    while number > step * 5:
        step *= 10
    return float(-(-number // step) * step)
