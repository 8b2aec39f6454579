"""How much a person's days differ by themselves, and how much of that carries over."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

from recovery.judgement.fitting import AUTOCORRELATIONS, MOST_DAYS, PRIOR_SD, SETTLED_FROM, fits
from recovery.judgement.log import LoggedDay


@dataclass(frozen=True, slots=True)
class Noise:
    """
    A person's own noise, shrunk to what people have in common.

    Attributes:
        sd: Daily SD, NRS points.
        rho: Autocorrelation from one day to the next, 0-1.
    """

    sd: float
    rho: float

    def variance_of_mean(self, days: int) -> float:
        """
        Return the variance of the mean of *days* days in a row, at least 1.

        From the effective number of days, n / (1 + 2 sum (1 - k/n) rho^k).
        """
        carried = sum((1 - lag / days) * self.rho**lag for lag in range(1, days))
        return self.sd**2 * (1 + 2 * carried) / days


UNKNOWN_NOISE = Noise(PRIOR_SD, sum(AUTOCORRELATIONS) / len(AUTOCORRELATIONS))
"""What is taken of a person without a settled day."""


def own_noise(days: Sequence[LoggedDay]) -> Noise:
    """Estimate the noise of a log, oldest first; the days of the first week are left out."""
    settled = [each for each in days[-MOST_DAYS:] if each.pod >= SETTLED_FROM]
    if not settled:
        return UNKNOWN_NOISE
    found = fits(settled)
    most = max(fit.log_chance for fit in found)
    weights = [exp(fit.log_chance - most) for fit in found]
    pairs = list(zip(weights, found, strict=True))
    return Noise(
        sqrt(sum(weight * fit.variance for weight, fit in pairs) / sum(weights)),
        sum(weight * fit.rho for weight, fit in pairs) / sum(weights),
    )
