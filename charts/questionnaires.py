"""The charts of the questionnaires: the PEG score by week, and the PGIC by milestone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import pandas as pd
from babel.numbers import get_decimal_symbol

from charts.days import DayRange
from charts.frames import BY_CARER, ON_THE_DAY, day_words, typed_frame
from charts.labels import ABOVE, Dot, Label, along, clearest, label_layers, span
from charts.layer import Channel, Layer, Layered
from charts.layers import (
    day_rules,
    entered_words,
    hover_days,
    lone_days,
    rule_labels,
    run_lines,
    within,
)
from charts.palette import Palette, palette
from charts.scales import day_axis, finish, level_axis, score_axis
from charts.shapes import LEGEND_COLUMNS, Legend, entry_shape, shape_legend
from recovery.days import post_procedure_day
from recovery.questionnaires import FORMS, WEEK, Instrument, QuestionnaireResponse
from recovery.reports import NRS_MAX
from recovery.wording import locale, tr

HEIGHT_PX = 260
LEVELS_HEIGHT_PX = 300
LEGEND_ROW_PX = 24
LEVELS = FORMS[Instrument.PGIC].highest

_POINT_PX = 23.0
"""About how high one point of the score is drawn; decides where words fit."""
_NO_EVENTS = pd.DataFrame({"kind": []})
_TYPES = {
    "pod": "int64",
    "due_pod": "int64",
    "when": "str",
    "score": "float64",
    "entry": "str",
    "language": "str",
    "run": "int64",
}


def response_frame(
    responses: Sequence[QuestionnaireResponse], instrument: Instrument, procedure_date: date
) -> pd.DataFrame:
    """
    Lay out the answers to one questionnaire, one row each, the oldest first.

    Returns:
        ``pod`` (int, the day of the answer), ``due_pod`` (int), ``when`` ("Day 8, Fri 20 Nov
        2026"), ``score``, ``entry`` (``ON_THE_DAY``, or ``BY_CARER``), ``language`` (a
        ``Language`` value), ``run`` (number of the stretch of weeks without a gap, from 0), and
        ``answer_0``, ... (the answers).
    """
    chosen = [each for each in responses if each.instrument is instrument]
    rows = [_row(each, procedure_date) for each in sorted(chosen, key=lambda each: each.due_pod)]
    answers = [f"answer_{number}" for number in range(FORMS[instrument].items)]
    types = _TYPES | dict.fromkeys(answers, "int64")
    frame = typed_frame(rows, types)
    return frame.assign(run=(frame["due_pod"].diff() > WEEK).cumsum().astype("int64"))


def peg_chart(
    answers: pd.DataFrame, visits: pd.DataFrame, *, days: DayRange, dark: bool = False
) -> Layered:
    """
    Draw the PEG score as points and a line on an axis of 0 to 10; a missed week ends the line.

    Args:
        answers: As from ``response_frame``.

        visits: As from ``charts.frames.note_frame``; may be empty.

        days: The range drawn.

        dark: Whether the page is dark.
    """
    colours = palette(dark=dark)
    answers = within(answers, days)
    axis = partial(score_axis, title=(tr("PEG score (0 to 10)"), tr("Higher is worse")))
    legend = shape_legend(answers, _NO_EVENTS)
    told = [tr("PEG score {score}", score=_decimal(found)) for found in answers["score"].tolist()]
    labels = [
        *_score_label(answers, days, colours),
        *rule_labels(visits, days, colours, top=NRS_MAX),
    ]
    layers = [
        *_lines(answers, axis("score:Q"), days, colours),
        *_points(answers, axis("score:Q"), days, colours, legend),
        *label_layers(labels, days, axis, colours),
        hover_days(answers, _entered(told, answers), days),
        *day_rules(visits, days, colours),
    ]
    return finish(layers, colours, height=HEIGHT_PX + _legend_px(legend))


def pgic_chart(
    answers: pd.DataFrame,
    visits: pd.DataFrame,
    levels: Sequence[str],
    *,
    days: DayRange,
    dark: bool = False,
) -> Layered:
    """
    Draw each PGIC answer as a point that says its level; the best level is at the top.

    No line joins them: between two milestones nobody was asked.

    Args:
        answers: As from ``response_frame``.

        visits: As from ``charts.frames.note_frame``; may be empty.

        levels: The words of every level, from "very much improved" on.

        days: The range drawn.

        dark: Whether the page is dark.
    """
    colours = palette(dark=dark)
    answers = within(answers, days)
    answers = answers.assign(rank=LEVELS - answers["score"].astype("int64"))
    titles = (tr("Change since the procedure"), tr("Higher is more improved"))
    axis = partial(level_axis, title=titles, levels=LEVELS)
    legend = shape_legend(answers, _NO_EVENTS)
    told = [levels[int(score) - 1].lower() for score in answers["score"].tolist()]
    labels = [
        *_level_labels(answers, levels, days, colours),
        *rule_labels(visits, days, colours, top=LEVELS - 0.2),
    ]
    layers = [
        *_points(answers, axis("rank:Q"), days, colours, legend),
        *label_layers(labels, days, axis, colours),
        hover_days(answers, _entered(told, answers), days),
        *day_rules(visits, days, colours),
    ]
    return finish(layers, colours, height=LEVELS_HEIGHT_PX + _legend_px(legend))


def _entered(told: Sequence[str], answers: pd.DataFrame) -> list[str]:
    entered = entered_words(answers["entry"])
    return [f"{words}{how}" for words, how in zip(told, entered, strict=True)]


def _row(response: QuestionnaireResponse, procedure_date: date) -> dict[str, object]:
    pod = post_procedure_day(procedure_date, response.answered_on)
    answers = {f"answer_{number}": answer for number, answer in enumerate(response.answers)}
    return {
        "pod": pod,
        "due_pod": response.due_pod,
        "when": day_words(procedure_date, pod),
        "score": response.score,
        "entry": BY_CARER if response.is_by_proxy else ON_THE_DAY,
        "language": response.language.value,
        "run": 0,
        **answers,
    }


def _lines(answers: pd.DataFrame, y: Channel, days: DayRange, colours: Palette) -> list[Layer]:
    joined = answers.drop(lone_days(answers).index)
    if joined.empty:
        return []
    drawn = joined[["pod", "score", "run"]]
    return [run_lines(drawn, y, colours.strong, days=days, width=3)]


def _points(
    answers: pd.DataFrame, y: Channel, days: DayRange, colours: Palette, legend: Legend | None
) -> list[Layer]:
    """Draw filled dots for the person's own answers, and hollow shapes for a carer's."""
    drawn = answers.drop(columns=["when", "due_pod", "run", "language"])
    layers = []
    is_own = drawn["entry"] == ON_THE_DAY
    if is_own.any():
        dots = Layer(drawn[is_own]).mark_point(
            filled=True, size=90, opacity=1, color=colours.strong, tooltip=None
        )
        layers.append(dots.encode(day_axis(days), y))
    if not is_own.all():
        told = drawn[~is_own].assign(entry=drawn["entry"].map(tr))
        shapes = Layer(told).mark_point(
            size=90,
            opacity=1,
            fill=colours.page,
            stroke=colours.strong,
            strokeWidth=2.5,
            tooltip=None,
        )
        layers.append(shapes.encode(day_axis(days), y, entry_shape("entry:N", legend)))
    return layers


def _score_label(answers: pd.DataFrame, days: DayRange, colours: Palette) -> list[Label]:
    if answers.empty:
        return []
    dots: list[Dot] = list(zip(answers["pod"], answers["score"], strict=True))
    last = dots[-1]
    places = [
        label
        for dy in (ABOVE, -ABOVE)
        for label in along([last], _decimal(last[1]), colours.strong, dy=dy)
    ]
    place = clearest(places, dots[:-1], days, unit_px=_POINT_PX, top=NRS_MAX)
    return [replace(place, weight=700)]


def _level_labels(
    answers: pd.DataFrame, levels: Sequence[str], days: DayRange, colours: Palette
) -> list[Label]:
    """Say each point's level beside it, and the ends and the middle of the scale at the left."""
    labels: list[Label] = []
    for pod, rank in zip(answers["pod"], answers["rank"], strict=True):
        is_late = pod > (days.first + days.last) / 2
        label = Label(
            pod=float(pod),
            value=float(rank),
            words=levels[LEVELS - 1 - int(rank)],
            colour=colours.strong,
            align="right" if is_late else "left",
            dy=ABOVE - 2,
            weight=700,
        )
        if not any(_overlap(label, other, days) for other in labels):
            labels.append(label)
    said = {label.words for label in labels}
    return labels + [
        Label(pod=days.first - 0.5, value=rank, words=words, colour=colours.text, dy=ABOVE)
        for rank, words in enumerate(reversed(levels))
        if rank in (0, LEVELS // 2, LEVELS - 1) and words not in said
    ]


def _decimal(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", get_decimal_symbol(locale()))


def _overlap(one: Label, other: Label, days: DayRange) -> bool:
    (first, last), (other_first, other_last) = span(one, days), span(other, days)
    return one.value == other.value and first < other_last and other_first < last


def _legend_px(legend: Legend | None) -> int:
    return 0 if legend is None else LEGEND_ROW_PX * -(-len(legend) // LEGEND_COLUMNS)
