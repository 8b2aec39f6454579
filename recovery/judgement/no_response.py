"""Milestone without response: little or no relief on the day on which it is judged."""

from dataclasses import dataclass
from datetime import date, timedelta

from recovery.days import LATE_WINDOW_DAYS
from recovery.judgement.level import best_week
from recovery.judgement.log import LoggedDay
from recovery.judgement.reasons import Reason, ReasonKind, Unjudged
from recovery.judgement.response import Response, is_important, response_of
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
        responded: Whether any week from the milestone on was an important response.
        week: The logged days that it rests on: of the last seven, or where fewer than four of them
            are logged, of seven that ended one or two days before.
    """

    baseline_nrs: int
    judging_day: int
    milestone: Response
    now: Response
    responded: bool
    week: tuple[LoggedDay, ...]

    def reason(self, settings: JudgementSettings) -> Reason | None:  # noqa: ARG002 - as every rule's
        """
        Return the reason where no week since has been an important response.

        Values: ``baseline_nrs``; ``milestone_nrs`` and ``now_nrs``, means of seven days then and
        now; ``better``, points between before and now; ``percent``, the same as a share of
        before; ``days``, logged days that now rests on; ``judging_day``.
        """
        if self.responded:
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

    The milestone's level is that of the judging day, or of the first day after it with enough
    logged. The reason stays until a week is a response, and then does not come back: that
    somebody is worse again is told by other rules.
    """
    judging_day, baseline = view.rules.judging_day, view.log.baseline_nrs
    if judging_day is None:
        return Unjudged.NO_STATUS
    if view.pod < judging_day:
        return Unjudged.TOO_EARLY
    if not baseline:
        return Unjudged.NO_BASELINE
    week = _week_of(view, view.as_of)
    now, then = response_of(baseline, week), response_of(baseline, _first_week(view, judging_day))
    if now is None or then is None:
        return Unjudged.TOO_FEW
    responded = now.is_important or then.is_important or _responded(view, judging_day, baseline)
    return NoResponse(baseline, judging_day, then, now, responded, week)


def _responded(view: View, judging_day: int, baseline_nrs: int) -> bool:
    first = view.log.procedure_date + timedelta(days=judging_day - WEEK_DAYS + 1)
    best = best_week(view.between(first, view.as_of), ends_from=judging_day)
    return best is not None and is_important(baseline_nrs, best.total_nrs, best.logged)


def _first_week(view: View, judging_day: int) -> tuple[LoggedDay, ...]:
    for ahead in range(view.pod - judging_day + 1):
        week = _week_of(view, view.log.procedure_date + timedelta(days=judging_day + ahead))
        if week:
            return week
    return ()


def _week_of(view: View, day: date) -> tuple[LoggedDay, ...]:
    # The last two days may still be reported, so without them the seven before are looked at.
    for back in range(LATE_WINDOW_DAYS + 1):
        last = day - timedelta(days=back)
        week = view.between(last - timedelta(days=WEEK_DAYS - 1), last)
        if len(week) >= ENOUGH_DAYS:
            return week
    return ()
