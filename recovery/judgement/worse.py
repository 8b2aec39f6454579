"""Better, then worse: the last week against the person's own best one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import log, sqrt

from recovery.judgement.change import first_change_day
from recovery.judgement.level import Week, best_week, had_eased
from recovery.judgement.log import LoggedDay
from recovery.judgement.noise import own_noise
from recovery.judgement.reasons import Reason, ReasonKind, Unjudged
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.view import View, mean_pain
from recovery.summary import WEEK_DAYS

STRENGTH = 3.5
"""Standard errors by which the last week must lie above the best one in the first two months.

The best of many weeks is low by luck, too; chosen with the simulator (``docs/judgement.md``).
"""

STRENGTH_GROWS = 0.5
"""By how much more for each e-fold of days after that: of more weeks, the best is luckier."""

_STRENGTH_UNTIL = 60
_LEAST_RISE = 1.0
_LEAST_BETTER = 1.0


@dataclass(frozen=True, slots=True)
class Worse:
    """
    The last week beside the best one before it.

    Attributes:
        first_day: First logged day of the last week.
        last_day: Its last one.
        days: Logged days of the last week, 4-7.
        now_nrs: Their mean.
        best: The best week before it; None where the person was never better than before, or
            not a point is lost again.
        luck: Points by which the last week may lie above the best one by luck, from the person's
            own noise and the days looked back on.
    """

    first_day: date
    last_day: date
    days: int
    now_nrs: float
    best: Week | None
    luck: float = 0.0

    def reason(self, settings: JudgementSettings) -> Reason | None:
        """
        Return the reason where the rise is large, and larger than luck.

        Values: ``best_nrs`` and ``now_nrs``, means of seven days; ``rise``, their difference;
        ``best_day`` (ISO), last day of the best week; ``days``, logged days of the last week;
        ``limit``, the points that the rise had to reach.
        """
        if self.best is None:
            return None
        rise = self.now_nrs - self.best.mean_nrs
        limit = max(settings.worse_points, self.luck)
        if rise < limit:
            return None
        return Reason(
            kind=ReasonKind.WORSE_AGAIN,
            first_day=self.first_day,
            last_day=self.last_day,
            values={
                "best_nrs": round(self.best.mean_nrs, 2),
                "now_nrs": round(self.now_nrs, 2),
                "rise": round(rise, 2),
                "best_day": self.best.last_day.isoformat(),
                "days": self.days,
                "limit": round(limit, 2),
            },
        )


def measure_worse(view: View) -> Worse | Unjudged:
    """
    Measure the last seven days against the best seven before them, at least four logged in each.

    Judged from the procedure's first day for a standing on; without one, from the day from which
    the own pattern is. A person whose best week was not a point below the pain before was never
    better, so there is nothing to lose again. Where that pain is not known, some week before the
    best one must have been a point above it.
    """
    first = view.rules.first_status_day
    if view.pod < (first_change_day(None) if first is None else first):
        return Unjudged.TOO_EARLY
    if not view.week_says_enough:
        return Unjudged.TOO_FEW
    earlier = view.between(view.log.procedure_date, view.as_of - timedelta(days=WEEK_DAYS))
    best = best_week(earlier)
    if best is None:
        return Unjudged.TOO_FEW
    now = mean_pain(view.week)
    last = Worse(view.week[0].day, view.week[-1].day, len(view.week), now, None)
    # The cheap question first: most weeks are not above the best one.
    rose = now - best.mean_nrs >= _LEAST_RISE
    if not rose or not _was_better(view.log.baseline_nrs, earlier, best):
        return last
    noise = own_noise(earlier)
    variance = noise.variance_of_mean(last.days) + noise.variance_of_mean(best.logged)
    return replace(last, best=best, luck=strength(view.pod) * sqrt(variance))


def _was_better(baseline_nrs: int | None, earlier: Sequence[LoggedDay], best: Week) -> bool:
    if baseline_nrs is None:
        return had_eased(earlier, best, _LEAST_BETTER)
    return best.mean_nrs <= baseline_nrs - _LEAST_BETTER


def strength(pod: int) -> float:
    """Return the standard errors that are asked for on a post-procedure day."""
    return STRENGTH + STRENGTH_GROWS * log(max(pod, _STRENGTH_UNTIL) / _STRENGTH_UNTIL)
