"""Higher than most people at this point: a run of days above the documented band."""

from collections.abc import Mapping
from dataclasses import dataclass

from recovery.expectations import Course
from recovery.judgement.log import LoggedDay
from recovery.judgement.reasons import Reason, ReasonKind, Unjudged
from recovery.judgement.settings import HIGHER_CHANCES, JudgementSettings
from recovery.judgement.view import View, mean_pain

_MOST_DAYS = 14
"""A longer run is cut: its words need no more."""


@dataclass(frozen=True, slots=True)
class Higher:
    """
    The runs of logged days, up to the last one, above each centile.

    Attributes:
        runs: Days of the run and their limits, NRS 0-10, oldest first, by centile; empty where
            the last logged day does not lie above it.
    """

    runs: Mapping[float, tuple[tuple[LoggedDay, float], ...]]

    def reason(self, settings: JudgementSettings) -> Reason | None:
        """
        Return the reason where the run above the clinic's centile is long enough.

        Values: ``days``, logged days in a row; ``pains`` and ``limits``, NRS 0-10 of each;
        ``chance``, the centile; ``mean_nrs``, their mean.
        """
        run = self.runs[settings.higher_chance]
        if len(run) < settings.higher_days:
            return None
        days = [each for each, _ in run]
        return Reason(
            kind=ReasonKind.HIGHER,
            first_day=days[0].day,
            last_day=days[-1].day,
            values={
                "days": len(days),
                "pains": [each.pain_nrs for each in days],
                "limits": [round(limit, 2) for _, limit in run],
                "chance": settings.higher_chance,
                "mean_nrs": round(mean_pain(days), 2),
            },
        )


def measure_higher(view: View) -> Higher | Unjudged:
    """
    Measure the runs above the documented band, scaled to the person's own pain before.

    Only days from the procedure's first day for a standing on count, and at least four of the
    last seven must be logged. That it is too early, or that too few are, is said only where a band
    is documented for the day waited for: more days logged would lead nowhere else.
    """
    first, baseline = view.rules.first_status_day, view.log.baseline_nrs
    if first is None:
        return Unjudged.NO_STATUS
    course = view.rules.course
    if course is None or not _has_band(course, max(view.pod, first), baseline):
        return Unjudged.NO_BAND
    if view.pod < first:
        return Unjudged.TOO_EARLY
    if not view.week_says_enough:
        return Unjudged.TOO_FEW
    if not _has_band(course, view.week[-1].pod, baseline):
        return Unjudged.NO_BAND
    recent = [each for each in view.days[-_MOST_DAYS:] if each.pod >= first]
    return Higher({chance: _run(recent, course, baseline, chance) for chance in HIGHER_CHANCES})


def _has_band(course: Course, pod: int, baseline_nrs: int | None) -> bool:
    return course.centile(pod, baseline_nrs, HIGHER_CHANCES[0]) is not None


def _run(
    days: list[LoggedDay], course: Course, baseline_nrs: int | None, chance: float
) -> tuple[tuple[LoggedDay, float], ...]:
    run = []
    for each in reversed(days):
        limit = course.centile(each.pod, baseline_nrs, chance)
        if limit is None or each.pain_nrs <= limit:
            break
        run.append((each, limit))
    return tuple(reversed(run))
