"""What became of one recovery: pain at the milestones, active again, brace and reporting."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import fmean
from uuid import UUID

from recovery.cohorts import EVER, LAST_POD, CohortDay, Period, series_of
from recovery.judgement.log import Log, LoggedDay
from recovery.judgement.response import response_on
from recovery.reports import ActivityLevel

REPORTING_DAYS = 30
"""Days from the procedure on over which reporting adherence is counted, day 0 included."""

BRACE_DAYS = 7
"""Fewest days with a plan and an answer from which brace adherence is told of a person."""

MOST_PERCENT = 200
"""Where brace adherence ends: a day has 24 hours, and a plan may be for few of them."""

CONFIRMED_WITHIN = 7
"""Most days between the first active day and the one that confirms it."""

_ACTIVE = frozenset({ActivityLevel.OUT_A_LITTLE, ActivityLevel.USUAL_DAY})


class ResponseLevel(StrEnum):
    """How much lower pain was in the week up to a milestone than before the procedure."""

    NONE = "n"
    IMPORTANT = "i"
    SUBSTANTIAL = "s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    What became of one recovery so far.

    Attributes:
        series: Average pain from day 0 on, as ``recovery.cohorts.series_of`` spells it.
        responses: By milestone, such as ``14s 30i``; a milestone that cannot be judged is left
            out.
        active_pod: The first active day; without one the last day on which activity was
            answered, -1 when it never was after day 0.
        is_active_again: Whether *active_pod* is the first active day.
        logged_days: Days logged of the first ``REPORTING_DAYS``.
        brace_percent: Hours worn of hours planned, 0 to ``MOST_PERCENT``, rounded; None with fewer
            than ``BRACE_DAYS`` days that have both.
    """

    series: str = ""
    responses: str = ""
    active_pod: int = -1
    is_active_again: bool = False
    logged_days: int = 0
    brace_percent: int | None = None


def outcome_of(log: Log, milestone_days: Sequence[int]) -> Outcome:
    """
    Sum up a log.

    Args:
        log: All logged days.
        milestone_days: Documented milestones of the procedure, rising.
    """
    active_pod, is_active_again = active_again(log.days)
    return Outcome(
        series=series_of((each.pod, each.pain_nrs) for each in log.days),
        responses=_responses(log, milestone_days),
        active_pod=active_pod,
        is_active_again=is_active_again,
        logged_days=sum(0 <= each.pod < REPORTING_DAYS for each in log.days),
        brace_percent=_brace_percent(log.days),
    )


def active_again(days: Sequence[LoggedDay]) -> tuple[int, bool]:
    """
    Return the first active day, confirmed by the next answer.

    A day is active when the person was out a little or had a usual day. One good day may be
    chance, so the next answer must be active too, at most a week later. Day 0 is left out: it
    began before the procedure.

    Returns:
        The post-procedure day and True; without one, the last day on which activity was answered
        and False, that day being -1 where there is none after day 0.
    """
    answers = [
        (each.pod, each.activity in _ACTIVE)
        for each in days
        if 0 < each.pod <= LAST_POD and each.activity is not None
    ]
    for (pod, active), (next_pod, next_active) in pairwise(answers):
        if active and next_active and next_pod - pod <= CONFIRMED_WITHIN:
            return pod, True
    return (answers[-1][0] if answers else -1), False


def response_at(log: Log, milestone_pod: int) -> ResponseLevel | None:
    """
    Return the response on a milestone day, judged as everywhere by ``response_on``.

    Returns:
        None without pain before the procedure to compare with, or with fewer than four logged
        days of the seven up to that day.
    """
    found = response_on(log, log.procedure_date + timedelta(days=milestone_pod))
    if found is None:
        return None
    if found.is_substantial:
        return ResponseLevel.SUBSTANTIAL
    return ResponseLevel.IMPORTANT if found.is_important else ResponseLevel.NONE


def responses_in(spelled: str) -> dict[int, ResponseLevel]:
    """Return the responses by milestone day, as ``Outcome.responses`` spells them."""
    return {int(each[:-1]): ResponseLevel(each[-1]) for each in spelled.split()}


def _responses(log: Log, milestone_days: Sequence[int]) -> str:
    found = ((pod, response_at(log, pod)) for pod in milestone_days)
    return " ".join(f"{pod}{response}" for pod, response in found if response is not None)


def _brace_percent(days: Sequence[LoggedDay]) -> int | None:
    both = [
        (each.worn_hours, each.planned_hours)
        for each in days
        if each.worn_hours is not None and each.planned_hours is not None
    ]
    planned = fmean(hours for _, hours in both) if len(both) >= BRACE_DAYS else 0.0
    if not planned:
        return None
    return min(MOST_PERCENT, round(100 * fmean(worn for worn, _ in both) / planned))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeQuery:
    """
    Which recoveries are counted.

    Attributes:
        procedure: Id of the procedure.
        milestone_days: Its documented milestones, rising.
        today: The clinic's day.
        period: Months of the procedures.
        clinician_id: Whose patients, by who looks after them now; None for all.
    """

    procedure: str
    milestone_days: tuple[int, ...]
    today: date
    period: Period = EVER
    clinician_id: UUID | None = None

    def days_before(self, days: int) -> date:
        """Return the day that many days before today."""
        return self.today - timedelta(days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneCount:
    """
    Responses at one milestone.

    Attributes:
        pod: Its post-procedure day.
        reached: People for whom that day has come.
        judged: Those of them with pain before the procedure and enough reports.
        important: Those judged with at least an important response.
        substantial: Those judged with a substantial one.
    """

    pod: int
    reached: int
    judged: int
    important: int
    substantial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicOutcomes:
    """
    What became of some of a clinic's recoveries.

    Attributes:
        recoveries: How many there are.
        curve: Average pain by post-procedure day.
        milestones: Responses, in the order of the days.
        active: People by the day of being active again (True) or of their last answer (False).
        logged_days: People by days logged of the first 30, where those are over.
        brace_percents: People by hours in the brace in percent of those planned.
    """

    recoveries: int
    curve: tuple[CohortDay, ...]
    milestones: tuple[MilestoneCount, ...]
    active: Mapping[tuple[int, bool], int]
    logged_days: Mapping[int, int]
    brace_percents: Mapping[int, int]


def milestone_counts(
    query: OutcomeQuery, by_date: Mapping[date, int], by_responses: Mapping[str, int]
) -> tuple[MilestoneCount, ...]:
    """
    Count responses at each milestone asked for.

    Args:
        query: Which recoveries.
        by_date: How many recoveries began on a day.
        by_responses: How many have these responses, as ``Outcome.responses`` spells them.
    """
    found: Counter[tuple[int, ResponseLevel]] = Counter()
    for spelled, number in by_responses.items():
        for pod, response in responses_in(spelled).items():
            found[pod, response] += number
    counts = []
    for pod in query.milestone_days:
        substantial = found[pod, ResponseLevel.SUBSTANTIAL]
        important = substantial + found[pod, ResponseLevel.IMPORTANT]
        latest = query.days_before(pod)
        judged = important + found[pod, ResponseLevel.NONE]
        reached = sum(number for day, number in by_date.items() if day <= latest)
        counts.append(
            MilestoneCount(
                pod=pod,
                # A patient whose zone is ahead may be a day further than the clinic.
                reached=max(reached, judged),
                judged=judged,
                important=important,
                substantial=substantial,
            )
        )
    return tuple(counts)
