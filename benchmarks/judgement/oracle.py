"""
The best that could be done: a detector that knows what no clinic knows.

A likelihood-ratio CUSUM for a lasting rise of three points. It is told the person's true level of
every day, true daily SD and true autocorrelation, and that pain is rounded and cut off at 0 and 10:
each day's chance is that of its rounding interval, given the report before.
"""

from collections.abc import Sequence
from math import erfc, inf, log, sqrt

from benchmarks.judgement.people import Person
from recovery.judgement.change import FIRST_CHANGE_DAY, RISE_POINTS
from recovery.judgement.log import LoggedDay
from recovery.reports import NRS_MAX, NRS_MIN

_ROUNDING_VARIANCE = 1 / 12
_LEAST_CHANCE = 1e-12


def oracle_evidence(person: Person, days: Sequence[LoggedDay]) -> dict[int, float]:
    """Return the CUSUM (natural logarithm) after each logged day from day 21 on."""
    found: dict[int, float] = {}
    total, before = -inf, None
    for each in days:
        usual = person.usual[each.pod]
        carried = 0.0 if before is None else person.cell.rho ** (each.pod - before.pod)
        residual = 0.0 if before is None else before.pain_nrs - person.usual[before.pod]
        variance = person.cell.sd**2 * (1 - carried**2) + carried**2 * _ROUNDING_VARIANCE
        spread = sqrt(variance)
        calm = _log_chance(each.pain_nrs, usual + carried * residual, spread)
        risen = usual + RISE_POINTS + carried * residual
        begins = _log_chance(each.pain_nrs, risen, spread) - calm
        goes_on = _log_chance(each.pain_nrs, risen - carried * RISE_POINTS, spread) - calm
        total = max(total + goes_on, begins)
        before = each
        if each.pod < FIRST_CHANGE_DAY:
            total = -inf
        else:
            found[each.pod] = total
    return found


def _log_chance(pain_nrs: int, mean: float, spread: float) -> float:
    low = 0.0 if pain_nrs == NRS_MIN else _below(pain_nrs - 0.5, mean, spread)
    high = 1.0 if pain_nrs == NRS_MAX else _below(pain_nrs + 0.5, mean, spread)
    return log(max(high - low, _LEAST_CHANCE))


def _below(value: float, mean: float, spread: float) -> float:
    return erfc((mean - value) / (spread * sqrt(2))) / 2
