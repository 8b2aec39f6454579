"""
How a clinic's own recoveries went, day by day, from counts that add up.

A count says how many people had a score on a post-procedure day. Counts of two groups without a
person in common add up to those of both together, so a curve never needs the single reports.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from recovery.reports import NRS_MAX
from recovery.spelling import NOT_LOGGED, pain_of, sign_of

MIN_PATIENTS = 20
"""Fewest people of whom anything is told; below it a person could be picked out."""

SMALL_COUNT = 5
"""Counts from 1 up to below this one are not told, nor are those that would give them away."""

LAST_POD = 365
"""Last post-procedure day that is counted."""

PERCENTS = (10, 25, 50, 75, 90)

Counts = Mapping[tuple[int, int], int]
"""How many people had a score (NRS 0-10) on a post-procedure day, by day and score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortDay:
    """
    Average pain of the clinic's own patients on one post-procedure day.

    Attributes:
        pod: Post-procedure day, 0 to ``LAST_POD``.
        n: People who logged that day, at least ``MIN_PATIENTS``.
        p10: The 10th percentile of their pain, NRS 0-10; and so on.
    """

    pod: int
    n: int
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole months of procedures, each as its first day, both inclusive; None without an end."""

    first: date | None = None
    last: date | None = None


EVER = Period()


def series_of(pains: Iterable[tuple[int, int]]) -> str:
    """
    Spell one person's pain from day 0 on, a sign a day.

    Args:
        pains: Post-procedure days with the average pain of each (NRS 0-10), a day once at most.
            Days before the procedure or after ``LAST_POD`` are left out.

    Returns:
        ``0`` to ``9``, ``X`` for ten, ``.`` for a day without a report; it ends with the last
        logged day, so it is empty without any.
    """
    by_pod = {pod: nrs for pod, nrs in pains if 0 <= pod <= LAST_POD}
    signs = [NOT_LOGGED] * (max(by_pod, default=-1) + 1)
    for pod, nrs in by_pod.items():
        signs[pod] = sign_of(nrs)
    return "".join(signs)


def scores_of(series: str) -> Iterable[tuple[int, int]]:
    """Return the days and scores that ``series_of`` spelled, in order."""
    found = ((pod, pain_of(sign)) for pod, sign in enumerate(series))
    return ((pod, nrs) for pod, nrs in found if nrs is not None)


def counted(all_series: Iterable[str]) -> Counter[tuple[int, int]]:
    """Count people by post-procedure day and score."""
    # Signs are counted first and read afterwards: there are few different ones, and many people.
    signs = Counter(found for series in all_series for found in enumerate(series))
    return Counter(
        {
            (pod, nrs): number
            for (pod, sign), number in signs.items()
            if (nrs := pain_of(sign)) is not None
        }
    )


def changes_between(before: str, after: str) -> dict[tuple[int, int], int]:
    """Return what to add to the counts when one person's series changes, in order of the keys."""
    changes: Counter[tuple[int, int]] = Counter()
    # Only the days that differ: of a year, a save changes one.
    for pod, (old, new) in enumerate(zip_longest(before, after, fillvalue=NOT_LOGGED)):
        if old != new:
            changes.update(_at(pod, new))
            changes.subtract(_at(pod, old))
    return {key: changes[key] for key in sorted(changes)}


def cohort_days(counts: Counts) -> list[CohortDay]:
    """
    Return each day on which at least ``MIN_PATIENTS`` people logged, in order.

    Its percentiles are those of ``percentile``.
    """
    by_pod: dict[int, list[int]] = {}
    for (pod, score), number in counts.items():
        by_pod.setdefault(pod, [0] * (NRS_MAX + 1))[score] += number
    return [
        _cohort_day(pod, numbers)
        for pod, numbers in sorted(by_pod.items())
        if sum(numbers) >= MIN_PATIENTS
    ]


def percentile(numbers: Sequence[int], percent: int) -> float:
    """
    Return a percentile of whole values given as counts, as of grouped data.

    Whole numbers stand for all that is nearest to them, so those who said 4 are spread evenly from
    3.5 to 4.5; the median is that of ``statistics.median_grouped``. So a curve does not jump by a
    point when one person more says 3. Where the place lies exactly between two values, the middle
    of the room between them is taken. Nothing lies below 0 or above the highest value.

    Args:
        numbers: How often each value 0, 1, 2, ... was found; one at least.
        percent: Above 0 and below 100.
    """
    place, below = percent * sum(numbers), 0
    ends: list[float] = []
    for value, number in enumerate(numbers):
        # In hundredths of a person and whole, so that no place is missed by rounding.
        first, below = below, below + 100 * number
        if number and first <= place <= below:
            ends.append(value - 0.5 + (place - first) / (100 * number))
    if not ends:
        raise ValueError("a percentile needs at least one value")
    return min(max(sum(ends) / len(ends), 0.0), float(len(numbers) - 1))


def told(count: int, out_of: int) -> int | None:
    """
    Return a count that may be told; None where it or what is left would point at few people.

    Args:
        count: How many.
        out_of: Of how many.
    """
    if out_of < MIN_PATIENTS:
        return None
    is_small = any(0 < each < SMALL_COUNT for each in (count, out_of - count))
    return None if is_small else count


def _at(pod: int, sign: str) -> list[tuple[int, int]]:
    nrs = pain_of(sign)
    return [] if nrs is None else [(pod, nrs)]


def _cohort_day(pod: int, numbers: Sequence[int]) -> CohortDay:
    p10, p25, p50, p75, p90 = (percentile(numbers, percent) for percent in PERCENTS)
    return CohortDay(pod=pod, n=sum(numbers), p10=p10, p25=p25, p50=p50, p75=p75, p90=p90)
