"""Milestone without response: little or no relief on the day on which it is judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.judgement.log import LoggedDay
from recovery.judgement.reasons import Reason, ReasonKind, Unjudged
from recovery.judgement.response import Response, response_of
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.view import View
from recovery.summary import ENOUGH_DAYS, WEEK_DAYS


@dataclass(frozen=True, slots=True)
class NoResponse:
    """
    The state at the milestone and now.

    Attributes:
        baseline_nrs: Pain before, NRS 1-10.
        judging_day: The procedure's.
        milestone: The state on the first day from then on with enough logged.
        now: The state now.
        week: The logged days of the last seven.
    """

    baseline_nrs: int
    judging_day: int
    milestone: Response
    now: Response
    week: tuple[LoggedDay, ...]

    def reason(self, settings: JudgementSettings) -> Reason | None:  # noqa: ARG002 - as every rule's
        """
        Return the reason where there was no important response then, nor is one now.

        Values: ``baseline_nrs``; ``milestone_nrs`` and ``now_nrs``, means of seven days then and
        now; ``better``, points between before and now; ``percent``, the same as a share of
        before; ``days``, logged days of the last seven; ``judging_day``.
        """
        if self.milestone.is_important or self.now.is_important:
            return None
        better = self.baseline_nrs - self.now.mean_nrs
        return Reason(
            kind=ReasonKind.NO_RESPONSE,
            first_day=self.week[0].day,
            last_day=self.week[-1].day,
            values={
                "baseline_nrs": self.baseline_nrs,
                "milestone_nrs": round(self.milestone.mean_nrs, 2),
                "now_nrs": round(self.now.mean_nrs, 2),
                "better": round(better, 2),
                "percent": round(100 * better / self.baseline_nrs),
                "days": self.now.logged,
                "judging_day": self.judging_day,
            },
        )


def measure_no_response(view: View) -> NoResponse | Unjudged:
    """
    Compare the level at the milestone, and the level now, with the pain before.

    The milestone's level is the mean of the seven days up to the judging day, or up to the first
    day after it on which four of seven are logged. The reason stays while it stays true: somebody
    who responded then and is worse now is told by other rules, and somebody who responds later is
    let go.
    """
    judging_day, baseline = view.rules.judging_day, view.log.baseline_nrs
    if judging_day is None:
        return Unjudged.NO_STATUS
    if view.pod < judging_day:
        return Unjudged.TOO_EARLY
    if not baseline:
        return Unjudged.NO_BASELINE
    now = response_of(baseline, view.week)
    then = response_of(baseline, _milestone_week(view, judging_day))
    if now is None or then is None:
        return Unjudged.TOO_FEW
    return NoResponse(baseline, judging_day, then, now, view.week)


def _milestone_week(view: View, judging_day: int) -> tuple[LoggedDay, ...]:
    for last in _days_from(view.log.procedure_date + timedelta(days=judging_day), view.as_of):
        week = view.between(last - timedelta(days=WEEK_DAYS - 1), last)
        if len(week) >= ENOUGH_DAYS:
            return week
    return ()


def _days_from(first: date, last: date) -> Iterator[date]:
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)
