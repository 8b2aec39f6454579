"""
How many recoveries came to what, as counts that add up.

One recovery is in a handful of counts, each by the month of its procedure. Counts of two groups
without a person in common add up to those of both, so what a clinic came to is summed from few
numbers, however many recoveries it has.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recovery.cohorts import CohortDay
from recovery.outcomes import (
    REPORTING_DAYS,
    ClinicOutcomes,
    Outcome,
    OutcomeQuery,
    milestone_counts,
)


class Measure(StrEnum):
    """
    What is counted of a recovery, and how its value is spelled.

    ``BEGAN``: the procedure's day of the month, such as ``09``. ``RESPONSE``: a response as
    ``Outcome.responses`` spells it, such as ``14s``. ``ACTIVE``: the day and 1 when it is the first
    active one, such as ``23 1``. ``BRACE``: percent. ``LOGGED``: days; ``LOGGED_BY_DAY``: the
    procedure's day of the month before them, such as ``09 27``.
    """

    BEGAN = "began"
    RESPONSE = "response"
    ACTIVE = "active"
    BRACE = "brace"
    LOGGED = "logged"
    LOGGED_BY_DAY = "logged_by_day"


Counted = tuple[Measure, str]
"""What is counted, with its value spelled."""

SUMMED = (Measure.RESPONSE, Measure.ACTIVE, Measure.BRACE)
"""Counted whatever the month."""


@dataclass(frozen=True, slots=True)
class Sums:
    """
    The counts that the answer to a query is made of.

    Attributes:
        all_months: ``SUMMED`` of all months asked for, and ``LOGGED`` of those before the last
            month in which the first ``REPORTING_DAYS`` days are over for some.
        by_month: ``BEGAN`` of each month, and ``LOGGED_BY_DAY`` of that last month.
    """

    all_months: Mapping[Counted, int]
    by_month: Mapping[tuple[date, Measure, str], int]


def counted_in(outcome: Outcome, procedure_date: date) -> set[Counted]:
    """Return the counts that one recovery is in, each once."""
    day = f"{procedure_date.day:02}"
    found = {
        (Measure.BEGAN, day),
        (Measure.LOGGED, str(outcome.logged_days)),
        (Measure.LOGGED_BY_DAY, f"{day} {outcome.logged_days}"),
        *((Measure.RESPONSE, each) for each in outcome.responses.split()),
    }
    if outcome.active_pod > 0:
        found.add((Measure.ACTIVE, f"{outcome.active_pod} {outcome.is_active_again:d}"))
    if outcome.brace_percent is not None:
        found.add((Measure.BRACE, str(outcome.brace_percent)))
    return found


def summed(outcomes: Iterable[tuple[date, Outcome]], query: OutcomeQuery) -> Sums:
    """Return what the answer is made of, from the recoveries asked for with their days."""
    all_months: Counter[Counted] = Counter()
    by_month: Counter[tuple[date, Measure, str]] = Counter()
    last = reported_until(query).replace(day=1)
    for procedure_date, outcome in outcomes:
        month = procedure_date.replace(day=1)
        for measure, value in counted_in(outcome, procedure_date):
            if measure in SUMMED or (measure is Measure.LOGGED and month < last):
                all_months[measure, value] += 1
            elif measure is Measure.BEGAN or (measure is Measure.LOGGED_BY_DAY and month == last):
                by_month[month, measure, value] += 1
    return Sums(all_months, by_month)


def reported_until(query: OutcomeQuery) -> date:
    """Return the last procedure date whose first ``REPORTING_DAYS`` days are over."""
    return query.days_before(REPORTING_DAYS)


def outcomes_from(sums: Sums, query: OutcomeQuery, curve: tuple[CohortDay, ...]) -> ClinicOutcomes:
    """
    Return what became of the recoveries asked for.

    Args:
        sums: Their counts.
        query: Which they are.
        curve: Their average pain by post-procedure day.
    """
    of = _by_measure(sums)
    days = {
        month.replace(day=int(value)): number
        for (month, measure, value), number in sums.by_month.items()
        if measure is Measure.BEGAN
    }
    return ClinicOutcomes(
        recoveries=sum(days.values()),
        curve=curve,
        milestones=milestone_counts(query, days, of[Measure.RESPONSE]),
        active={
            (int(pod), is_active == "1"): number
            for (pod, is_active), number in (
                (spelled.split(), number) for spelled, number in of[Measure.ACTIVE].items()
            )
        },
        logged_days=_logged(sums, of[Measure.LOGGED], reported_until(query)),
        brace_percents={int(value): number for value, number in of[Measure.BRACE].items()},
    )


def _by_measure(sums: Sums) -> dict[Measure, dict[str, int]]:
    found: dict[Measure, dict[str, int]] = {measure: {} for measure in Measure}
    for (measure, value), number in sums.all_months.items():
        found[measure][value] = number
    return found


def _logged(sums: Sums, earlier: Mapping[str, int], until: date) -> dict[int, int]:
    """Count people by days logged, where the first ``REPORTING_DAYS`` are over."""
    found = Counter({int(value): number for value, number in earlier.items()})
    for (_, measure, value), number in sums.by_month.items():
        if measure is Measure.LOGGED_BY_DAY:
            day, logged = value.split()
            if int(day) <= until.day:
                found[int(logged)] += number
    return dict(found)
