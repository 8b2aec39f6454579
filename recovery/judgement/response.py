"""Whether somebody responded to a procedure, by published definitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.judgement.log import Log, LoggedDay
from recovery.judgement.view import between
from recovery.summary import ENOUGH_DAYS, WEEK_DAYS

IMPORTANT_POINTS = 2
"""Farrar 2001 (doi 10.1016/S0304-3959(01)00349-9; n = 2,724): about two points, or about 30 %."""

IMPORTANT_PERCENT = 30
"""Of the pain before; the same source."""

SUBSTANTIAL_PERCENT = 50
"""Half less pain, as counted by the ablation studies that were read (PMID 37578437)."""

LOW_PAIN_NRS = 4
"""Pain below it is low: VAPOUR (doi 10.1016/S0140-6736(16)31341-1) counted people below 4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """
    The state of a person on a day, from the mean of seven days.

    Attributes:
        mean_nrs: That mean of average pain, NRS 0-10.
        logged: Logged days it rests on, 4-7.
        is_important: At least 2 points or at least 30 % less than before.
        is_substantial: At least 50 % less than before.
        is_low: Below 4.
    """

    mean_nrs: float
    logged: int
    is_important: bool
    is_substantial: bool
    is_low: bool


def response_on(log: Log, day: date) -> Response | None:
    """
    Return the state on a day, from the seven days up to it.

    Returns:
        None with fewer than four logged days of seven, and where pain before is not known or 0.
    """
    week = between(log.days, day - timedelta(days=WEEK_DAYS - 1), day)
    return response_of(log.baseline_nrs, week)


def response_of(baseline_nrs: int | None, week: Sequence[LoggedDay]) -> Response | None:
    """Return the state from the logged days of a week, as ``response_on`` does."""
    if not baseline_nrs or len(week) < ENOUGH_DAYS:
        return None
    logged, total = len(week), sum(each.pain_nrs for each in week)
    # Whole numbers, so that exactly 2 points or exactly 30 % is neither more nor less.
    before = baseline_nrs * logged
    return Response(
        mean_nrs=total / logged,
        logged=logged,
        is_important=is_important(baseline_nrs, total, logged),
        is_substantial=100 * (before - total) >= SUBSTANTIAL_PERCENT * before,
        is_low=total < LOW_PAIN_NRS * logged,
    )


def is_important(baseline_nrs: int, total_nrs: int, logged: int) -> bool:
    """Tell whether days with this sum of pain are an important response."""
    before = baseline_nrs * logged
    better = before - total_nrs
    return better >= IMPORTANT_POINTS * logged or 100 * better >= IMPORTANT_PERCENT * before
