"""Shares, rates and days, each with the range that holds the truth 95 times of 100."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median, pstdev

from benchmarks.judgement.people import DAYS, JUDGING_DAY, VISITS, Truth
from benchmarks.judgement.trial import Trial

DAYS_A_MONTH = 30.44
_Z = 1.96
_NONE_SEEN = 3.0

WITHIN = {
    Truth.JUMP_3: 7,
    Truth.JUMP_2: 7,
    Truth.EARLY_JUMP: 7,
    Truth.SLOW: 28,
    Truth.FLAT: JUDGING_DAY,
    Truth.RELAPSE: 14,
    Truth.SILENT: 7,
    Truth.MEDICINE: 14,
    Truth.BRACE: 14,
}
"""Days from its beginning within which it should be found; a flat course by its milestone."""

Opened = Callable[[Trial], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval."""

    value: float
    low: float
    high: float


def share(hits: Iterable[bool]) -> Estimate:
    """Return a share of at least one, 0-1, with its Wilson interval."""
    seen = list(hits)
    count, whole = sum(seen), len(seen)
    part = count / whole
    middle = (part + _Z**2 / (2 * whole)) / (1 + _Z**2 / whole)
    half = _Z * sqrt(part * (1 - part) / whole + _Z**2 / (4 * whole**2)) / (1 + _Z**2 / whole)
    return Estimate(part, max(0.0, middle - half), min(1.0, middle + half))


def alarms(trials: Sequence[Trial], opened: Opened) -> Estimate:
    """Return alerts for 100 patient-months; the interval takes people, not alerts, as drawn."""
    months = DAYS / DAYS_A_MONTH
    counts = [len(opened(each)) for each in trials]
    rate = 100 * fmean(counts) / months
    if not any(counts):
        return Estimate(0.0, 0.0, 100 * _NONE_SEEN / (months * len(counts)))
    half = 100 * _Z * pstdev(counts) / sqrt(len(counts)) / months
    return Estimate(rate, max(0.0, rate - half), rate + half)


def flagged(trials: Sequence[Trial], opened: Opened, by: int) -> Estimate:
    """Return the share of people with an alert up to a post-procedure day."""
    return share(any(day <= by for day in opened(each)) for each in trials)


def found(trials: Sequence[Trial], opened: Opened) -> Estimate:
    """Return the share of what truly happened that an alert followed soon enough."""
    return share(
        any(0 <= day - each.starts <= WITHIN[each.truth] for day in opened(each)) for each in trials
    )


def days_to_alert(trials: Sequence[Trial], opened: Opened) -> float | None:
    """Return the median days from the beginning to the first alert; None where none came."""
    waits = [day - each.starts for each, day in _first_alerts(trials, opened)]
    return median(waits) if waits else None


def lead(trials: Sequence[Trial], opened: Opened) -> float | None:
    """Return the median days by which the first alert came before the next visit."""
    leads = [
        next(visit for visit in VISITS if visit >= each.starts) - day
        for each, day in _first_alerts(trials, opened)
    ]
    return median(leads) if leads else None


def _first_alerts(trials: Sequence[Trial], opened: Opened) -> list[tuple[Trial, int]]:
    firsts = []
    for each in trials:
        after = [day for day in opened(each) if day >= each.starts]
        if after:
            firsts.append((each, min(after)))
    return firsts
