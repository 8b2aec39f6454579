"""
A log read as a level, a decline that flattens out, and noise that carries over.

The autocorrelation of the noise falls with the days between two reports (AR(1): ``rho ** gap``),
so a missing day is a longer gap and never a value. Level and decline are fitted by generalised
least squares on whitened rows. The variance of the noise has a scaled inverse chi-squared prior
and the autocorrelation one of two values, so a short log is shrunk to what people have in common.
All priors were chosen with the simulator (``docs/judgement.md``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import NamedTuple

from recovery.judgement.log import LoggedDay

PRIOR_SD = 1.2
"""Daily SD of a person about whom nothing is known, NRS points."""

PRIOR_WEIGHT = 8.0
"""How many own days the prior SD is worth."""

AUTOCORRELATIONS = (0.1, 0.45)
"""From one day to the next; both equally likely before anything is known."""

SETTLED_FROM = 7
"""First post-procedure day that is read: the first week falls too steeply."""

MOST_DAYS = 50
"""Logged days that are looked back on; older ones say little of the level of today."""

_DECLINE_MEAN = 0.3
_DECLINE_SD = 1.0
_DECLINE_FROM = 14
_DECLINE_PACE = 12.0
_LONGEST = 800
_DECLINE = tuple(exp(-(pod - _DECLINE_FROM) / _DECLINE_PACE) for pod in range(_LONGEST))
"""What is left of the decline on each day, 1 on day 14, where it is a few tenths of a point."""

# The prior of the decline enters as one more observation, in units of the noise.
_DECLINE_WEIGHT = (PRIOR_SD / _DECLINE_SD) ** 2
_PRIOR_SQUARES = PRIOR_WEIGHT * PRIOR_SD**2
_CARRIED = {rho: tuple(rho**gap for gap in range(_LONGEST)) for rho in AUTOCORRELATIONS}


class Row(NamedTuple):
    """One whitened day: its pain, its shares of level and decline, and its weight."""

    pain: float
    level: float
    decline: float
    weight: float


class Products(NamedTuple):
    """Sums over rows of something with itself and with pain, level and decline."""

    squares: float
    pain: float
    level: float
    decline: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """
    Level and decline fitted to a log under one autocorrelation.

    Attributes:
        rho: The autocorrelation.
        rows: The whitened days, oldest first.
        own: Products of pain with itself, level and decline; ``pain`` is not used.
        design: Products of level and decline: level twice, both, decline twice.
        free: Degrees of freedom, those of the prior included.
        log_scale: What the chance of the days holds beside the squares that are left.
    """

    rho: float
    rows: list[Row]
    own: Products
    design: tuple[float, float, float]
    free: float
    log_scale: float

    @property
    def variance(self) -> float:
        """Variance of the noise, shrunk to the prior, in NRS points squared."""
        own = self.own
        return (_PRIOR_SQUARES + self._left(own.squares, own.level, own.decline)) / self.free

    @property
    def log_chance(self) -> float:
        """Logarithm of the chance of the days, up to a constant of the log."""
        own = self.own
        return self._log_chance(own.squares, own.level, own.decline)

    def log_chance_with(self, step: Products, size: float) -> float:
        """
        Return the same where pain rose for good.

        Args:
            step: Products of the step: 1 from its first day on, whitened.
            size: By how many NRS points.
        """
        own = self.own
        return self._log_chance(
            own.squares - 2 * size * step.pain + size * size * step.squares,
            own.level - size * step.level,
            own.decline - size * step.decline,
        )

    def _log_chance(self, squares: float, level: float, decline: float) -> float:
        left = self._left(squares, level, decline)
        return self.log_scale - self.free / 2 * log(_PRIOR_SQUARES + left)

    def _left(self, squares: float, level: float, decline: float) -> float:
        a, b, c = self.design
        explained = c * level * level - 2 * b * level * decline + a * decline * decline
        return max(squares - explained / (a * c - b * b), 0.0)


def fits(days: Sequence[LoggedDay]) -> list[Fit]:
    """Fit the days, oldest first and at least one, under each autocorrelation."""
    return [_fit(_whitened(days, rho), rho) for rho in AUTOCORRELATIONS]


def _fit(rows: list[Row], rho: float) -> Fit:
    a = b = on_level = 0.0
    c, on_decline, squares = (
        _DECLINE_WEIGHT * part for part in (1, _DECLINE_MEAN, _DECLINE_MEAN**2)
    )
    for pain, level, decline, _ in rows:
        a += level * level
        b += level * decline
        c += decline * decline
        on_level += level * pain
        on_decline += decline * pain
        squares += pain * pain
    return Fit(
        rho=rho,
        rows=rows,
        own=Products(squares, squares, on_level, on_decline),
        design=(a, b, c),
        free=PRIOR_WEIGHT + len(rows) - 1,
        log_scale=sum(log(row.weight) for row in rows) - log(a * c - b * b) / 2,
    )


def _whitened(days: Sequence[LoggedDay], rho: float) -> list[Row]:
    carried = _CARRIED[rho]
    before = days[0]
    rows = [Row(before.pain_nrs, 1.0, _decline(before.pod), 1.0)]
    for each in days[1:]:
        part = carried[min(each.pod - before.pod, _LONGEST - 1)]
        weight = 1 / sqrt(1 - part * part)
        decline = _decline(each.pod) - part * _decline(before.pod)
        pain = each.pain_nrs - part * before.pain_nrs
        rows.append(Row(pain * weight, (1 - part) * weight, decline * weight, weight))
        before = each
    return rows


def _decline(pod: int) -> float:
    return _DECLINE[pod] if pod < _LONGEST else 0.0
