"""Tidy tables of a clinic's outcomes; what could point at few people is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import pandas as pd

from charts.frames import typed_frame
from charts.intervals import PERCENT, event_frame, share_interval
from recovery.cohorts import MIN_PATIENTS, SMALL_COUNT, CohortDay, percentile, told
from recovery.outcomes import REPORTING_DAYS, ClinicOutcomes, MilestoneCount

IMPORTANT_WORDS = "important (2 points or 30 % less)"
SUBSTANTIAL_WORDS = "substantial (50 % less)"
REPORTING_WORDS = "Days logged"
BRACE_WORDS = "Hours in the brace"

_CURVE = {"pod": "int64", "n": "int64", "run": "int64"} | dict.fromkeys(
    ("p10", "p25", "p50", "p75", "p90"), "float64"
)
_RESPONSES = {
    "pod": "int64",
    "what": "str",
    "row": "str",
    "reached": "int64",
    "judged": "int64",
    "count": "Int64",
    "share": "float64",
    "low": "float64",
    "high": "float64",
}
_ADHERENCE = {
    "row": "str",
    "n": "int64",
    "p25": "float64",
    "p50": "float64",
    "p75": "float64",
}


def curve_frame(curve: Sequence[CohortDay]) -> pd.DataFrame:
    """
    Lay out average pain by day, one row per day with enough people.

    Returns:
        ``pod``, ``n`` (people), ``p10`` to ``p90`` (NRS 0-10), ``run`` (number of the stretch of
        days without a gap, from 0).
    """
    frame = typed_frame([asdict(day) | {"run": 0} for day in curve], _CURVE)
    return frame.assign(run=(frame["pod"].diff() > 1).cumsum().astype("int64"))


def response_frame(milestones: Sequence[MilestoneCount]) -> pd.DataFrame:
    """
    Lay out the responses, two rows per milestone that anybody reached.

    Returns:
        ``pod``, ``what`` (the definition), ``row`` ("Day 14, substantial"), ``reached``, ``judged``,
        ``count``, ``share``, ``low`` and ``high`` (percent of those judged, with its 95 %
        interval); the last four are missing where too few people stand behind them.
    """
    rows = [
        _response_row(each, what, count)
        for each in milestones
        if each.reached >= MIN_PATIENTS
        for what, count in (
            (IMPORTANT_WORDS, each.important),
            (SUBSTANTIAL_WORDS, each.substantial),
        )
    ]
    return typed_frame(rows, _RESPONSES)


def active_frame(active: Mapping[tuple[int, bool], int]) -> pd.DataFrame:
    """
    Estimate who was active again by each day; empty for too few people.

    Returns:
        As from ``charts.intervals.event_frame``, up to the day with ``SMALL_COUNT`` people left.
    """
    enough = active if sum(active.values()) >= MIN_PATIENTS else {}
    frame = event_frame(enough)
    return frame[frame["at_risk"] >= SMALL_COUNT]


def adherence_frame(outcomes: ClinicOutcomes) -> pd.DataFrame:
    """
    Lay out adherence, a row for reporting and one for the brace, each with enough people.

    Returns:
        ``row`` (what it is of), ``n`` (people), ``p25``, ``p50`` and ``p75`` (percent).
    """
    by_percent = {
        REPORTING_WORDS: (outcomes.logged_days, PERCENT / REPORTING_DAYS),
        BRACE_WORDS: (outcomes.brace_percents, 1.0),
    }
    rows = [
        {"row": name, "n": sum(counts.values())} | _quartiles(counts, unit)
        for name, (counts, unit) in by_percent.items()
        if sum(counts.values()) >= MIN_PATIENTS
    ]
    return typed_frame(rows, _ADHERENCE)


def _response_row(each: MilestoneCount, what: str, count: int) -> dict[str, object]:
    row: dict[str, object] = {
        "pod": each.pod,
        "what": what,
        "row": f"Day {each.pod}, {what.partition(' ')[0]}",
        "reached": each.reached,
        "judged": each.judged,
    }
    known = told(count, each.judged)
    if known is None:
        return row
    low, high = share_interval(known, each.judged)
    return row | {"count": known, "share": PERCENT * known / each.judged, "low": low, "high": high}


def _quartiles(counts: Mapping[int, int], unit: float) -> dict[str, float]:
    numbers = [counts.get(value, 0) for value in range(max(counts) + 1)]
    return {f"p{percent}": unit * percentile(numbers, percent) for percent in (25, 50, 75)}
