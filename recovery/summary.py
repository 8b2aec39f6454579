"""What the last seven days of a log amount to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from recovery.episodes import BracePlan
from recovery.reports import DailyReport

WEEK_DAYS = 7
ENOUGH_DAYS = 4
"""Logged days of seven from which a mean is computed; fewer say too little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekSummary:
    """
    The seven days up to and including a day; None where too few answered.

    Attributes:
        days_logged: 0-7.
        worst_pain_nrs: Mean worst pain, NRS 0-10, from four logged days up.
        brace_hours: Mean hours worn on days with a plan and an answer, from four up.
        planned_hours: Mean hours planned on those same days.
        walking_minutes: Mean minutes walked, from four answers up.
    """

    days_logged: int
    worst_pain_nrs: float | None
    brace_hours: float | None
    planned_hours: float | None
    walking_minutes: float | None


def week_up_to(
    reports: Sequence[DailyReport], last_day: date, plan: BracePlan | None
) -> WeekSummary:
    """Summarise the seven days up to *last_day*, inclusive."""
    first_day = last_day - timedelta(days=WEEK_DAYS - 1)
    week = [report for report in reports if first_day <= report.day <= last_day]
    braced = [
        (report.brace_hours, planned)
        for report in week
        if plan is not None
        and report.brace_hours is not None
        and (planned := plan.hours_on(report.day)) is not None
    ]
    walked = [report.walking_minutes for report in week if report.walking_minutes is not None]
    return WeekSummary(
        days_logged=len(week),
        worst_pain_nrs=_mean([report.worst_pain_nrs for report in week]),
        brace_hours=_mean([worn for worn, _ in braced]),
        planned_hours=_mean([planned for _, planned in braced]),
        walking_minutes=_mean(walked),
    )


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if len(values) >= ENOUGH_DAYS else None
