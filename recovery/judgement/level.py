"""A person's own levels: the last week, and the best week so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from recovery.judgement.log import LoggedDay
from recovery.judgement.reasons import OwnLevel
from recovery.judgement.view import View, mean_pain
from recovery.summary import ENOUGH_DAYS, WEEK_DAYS


@dataclass(frozen=True, slots=True)
class Week:
    """
    Seven days with at least four logged.

    Attributes:
        last_day: The last logged of them.
        total_nrs: Sum of average pain, NRS 0-10 each.
        logged: How many were logged, 4-7.
    """

    last_day: date
    total_nrs: int
    logged: int

    @property
    def mean_nrs(self) -> float:
        """Mean of average pain, NRS 0-10."""
        return self.total_nrs / self.logged


def best_week(days: Sequence[LoggedDay], ends_from: int = 0) -> Week | None:
    """
    Return the seven days with the lowest mean, the latest of equal ones.

    Args:
        days: Logged days, oldest first.
        ends_from: First post-procedure day on which they may end.

    Returns:
        None where no seven days hold four logged ones.
    """
    best = None
    for last, total, logged in _weeks(days):
        # Means are compared without division, so equal ones are equal.
        if last.pod >= ends_from and (best is None or total * best[1] <= best[0] * logged):
            best = (total, logged, last.day)
    return None if best is None else Week(best[2], best[0], best[1])


def had_eased(days: Sequence[LoggedDay], week: Week, points: float) -> bool:
    """
    Tell whether seven days that ended before *week* did had more pain than it, by the mean.

    Args:
        days: Logged days, oldest first.
        week: Any seven of them.
        points: By how many points at least, NRS.
    """
    return any(
        total - week.mean_nrs * logged >= points * logged
        for last, total, logged in _weeks(days)
        if last.day < week.last_day
    )


def _weeks(days: Sequence[LoggedDay]) -> Iterator[tuple[LoggedDay, int, int]]:
    """Yield the last day, the sum of pain and the logged days of all seven with four of them."""
    start, total = 0, 0
    for end, last in enumerate(days):
        total += last.pain_nrs
        while last.pod - days[start].pod >= WEEK_DAYS:
            total -= days[start].pain_nrs
            start += 1
        logged = end - start + 1
        if logged >= ENOUGH_DAYS:
            yield last, total, logged


def own_level(view: View) -> OwnLevel:
    """Return the mean of the last seven days and the best week, each where enough is logged."""
    best = best_week(view.days)
    return OwnLevel(
        now_nrs=round(mean_pain(view.week), 2) if view.week_says_enough else None,
        best_nrs=None if best is None else round(best.mean_nrs, 2),
        best_day=None if best is None else best.last_day,
    )
