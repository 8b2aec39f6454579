"""A change from your own pattern: a lasting rise above the own level of before."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log

from recovery.judgement.fitting import MOST_DAYS, SETTLED_FROM, Fit, Products, fits
from recovery.judgement.log import LoggedDay
from recovery.judgement.reasons import Reason, ReasonKind, Unjudged
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.view import View, mean_pain

FIRST_CHANGE_DAY = 21
"""First post-procedure day on which the own pattern is judged (evidence, section 8d)."""

RISE_POINTS = 3.0
"""The lasting rise that is looked for, NRS points; half of it or less never counts."""

FEWEST_SINCE = 4
"""Logged days a rise must have lasted: a few bad days prove nothing."""

MOST_SINCE = 10
"""Logged days back at most at which a rise may have begun."""

FEWEST_BEFORE = 7
"""Logged days before it, from which the own level is known."""

SHOWN_BEFORE = 28
"""Logged days before the rise whose mean is shown."""

_MOST_SILENT = 6
_HIGH_DAYS = 3
_LEAST_MEAN = 1.0
_LEAST_DAY = 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """
    How strongly the last days speak for a lasting rise.

    Attributes:
        evidence: Natural logarithm of how much better the days fit a rise of 3 points that began
            4-10 logged days ago than none; minus infinity where the last days are not high.
        before: Logged days before the likeliest beginning, the shown ones, oldest first.
        since: Logged days from it on.
    """

    evidence: float
    before: tuple[LoggedDay, ...] = ()
    since: tuple[LoggedDay, ...] = ()

    def reason(self, settings: JudgementSettings) -> Reason | None:
        """
        Return the reason where the evidence reaches the clinic's limit.

        Values: ``before_nrs`` and ``now_nrs``, mean pain before and since; ``rise``, their
        difference; ``since_day`` (ISO) and ``since_pod``, the likeliest first day; ``days``, logged
        days since; ``before_days``, logged days before that the mean rests on; ``evidence`` and
        ``limit``.
        """
        if self.evidence < settings.change_limit:
            return None
        before, now = mean_pain(self.before), mean_pain(self.since)
        first, last = self.since[0], self.since[-1]
        return Reason(
            kind=ReasonKind.CHANGE,
            first_day=first.day,
            last_day=last.day,
            values={
                "before_nrs": round(before, 2),
                "now_nrs": round(now, 2),
                "rise": round(now - before, 2),
                "since_day": first.day.isoformat(),
                "since_pod": first.pod,
                "days": len(self.since),
                "before_days": len(self.before),
                "evidence": round(self.evidence, 2),
                "limit": settings.change_limit,
            },
        )


NO_RISE = Change(-inf)


def first_change_day(first_status_day: int | None) -> int:
    """Return the first post-procedure day on which the own pattern is judged."""
    return max(FIRST_CHANGE_DAY, first_status_day or 0)


def measure_change(view: View) -> Change | Unjudged:
    """Measure how strongly the last days speak for a lasting rise above the own level."""
    if view.pod < first_change_day(view.rules.first_status_day):
        return Unjudged.TOO_EARLY
    days = view.days[-MOST_DAYS:]
    if not days or view.pod - days[-1].pod > _MOST_SILENT:
        return Unjudged.TOO_FEW
    settled = tuple(each for each in days if each.pod >= SETTLED_FROM)
    if len(settled) < FEWEST_BEFORE + FEWEST_SINCE:
        return Unjudged.TOO_FEW
    return _evidence(settled) if _ends_high(settled) else NO_RISE


def _ends_high(days: Sequence[LoggedDay]) -> bool:
    # Spares the fitting on most days, and asks that the rise has not passed already.
    last, level = days[-FEWEST_SINCE:], mean_pain(days[:-FEWEST_SINCE])
    high = sum(each.pain_nrs >= level + _LEAST_DAY for each in last)
    return high >= _HIGH_DAYS and mean_pain(last) >= level + _LEAST_MEAN


def _evidence(days: tuple[LoggedDay, ...]) -> Change:
    most = min(MOST_SINCE, len(days) - FEWEST_BEFORE)
    found = fits(days)
    calm = _log_sum([fit.log_chance for fit in found])
    # One list for each autocorrelation, from the shortest possible rise to the longest.
    risen = [_log_chances(fit, most) for fit in found]
    by_length = [_log_sum(chances) for chances in zip(*risen, strict=True)]
    length = FEWEST_SINCE + by_length.index(max(by_length))
    start = _first_high(days, len(days) - length)
    return Change(
        evidence=_log_sum(by_length) - calm,
        before=days[max(0, start - SHOWN_BEFORE) : start],
        since=days[start:],
    )


def _first_high(days: Sequence[LoggedDay], start: int) -> int:
    # Four days are asked for, so the likeliest four may begin with a day of before.
    level = mean_pain(days[:start])
    high = (at for at in range(start, len(days)) if days[at].pain_nrs >= level + _LEAST_DAY)
    return next(high, start)


def _log_chances(fit: Fit, most: int) -> list[float]:
    chances = []
    squares = pain = level = decline = 0.0
    for back in range(1, most + 1):
        row = fit.rows[-back]
        if back >= FEWEST_SINCE:
            # On its first day a rise comes as a whole; from then on it is part of the level.
            step = Products(
                squares + row.weight * row.weight,
                pain + row.weight * row.pain,
                level + row.weight * row.level,
                decline + row.weight * row.decline,
            )
            chances.append(fit.log_chance_with(step, RISE_POINTS))
        squares += row.level * row.level
        pain += row.level * row.pain
        level += row.level * row.level
        decline += row.level * row.decline
    return chances


def _log_sum(logarithms: Sequence[float]) -> float:
    most = max(logarithms)
    return most + log(sum(exp(each - most) for each in logarithms))
