"""Medians and what can be said about their ratio."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf
from statistics import median

_DRAWS = 2_000
_SEED = 20_261_122
_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the range that holds it in 95 of 100 redrawn samples."""

    value: float
    low: float
    high: float


def ratio(measured: Sequence[float], floor: Sequence[float]) -> Interval:
    """
    Return the ratio of the two medians with its bootstrap interval.

    Args:
        measured: At least one value.
        floor: At least one value, in the same unit, with a median above 0; a value of 0 or
            less makes the interval infinite.
    """
    if min(floor) <= 0:
        return Interval(median(measured) / median(floor), -inf, inf)
    dice = random.Random(_SEED)  # noqa: S311 - redraws samples, no secret
    drawn = sorted(
        median(dice.choices(measured, k=len(measured))) / median(dice.choices(floor, k=len(floor)))
        for _ in range(_DRAWS)
    )
    cut = int(_TAIL * _DRAWS)
    return Interval(median(measured) / median(floor), drawn[cut], drawn[-1 - cut])


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Return the lower and the upper quartile, nearest rank."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return ordered[round(last * 0.25)], ordered[round(last * 0.75)]


def percentile(ordered: Sequence[float], share: float) -> float:
    """
    Return the value below which *share* of all lie, nearest rank.

    Args:
        ordered: At least one value, ascending.
        share: 0-1.
    """
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
