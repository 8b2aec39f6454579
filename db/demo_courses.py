"""Made-up recoveries for the demo clinic: plausible, different, the same for a given seed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from recovery.episodes import Episode
from recovery.reports import NRS_MAX, NRS_MIN, ActivityLevel, DailyReport, PainMedicine


class CourseKind(StrEnum):
    """How a made-up recovery goes, which is the truth that judging has to find."""

    QUICK = "quick"
    SLOW = "slow"
    SPARSE = "sparse"
    WARNING_SIGN = "warning_sign"
    SUDDEN_PAIN = "sudden_pain"
    FALL = "fall"
    CHANGED = "changed"
    SLOWLY_WORSE = "slowly_worse"
    HIGHER = "higher"
    NONE = "none"
    SILENT = "silent"
    MORE_MEDICINE = "more_medicine"
    LESS_BRACE = "less_brace"

    @property
    def is_ordinary(self) -> bool:
        """Whether nobody needs to look."""
        return self in _ORDINARY


_ORDINARY = frozenset({CourseKind.QUICK, CourseKind.SLOW, CourseKind.SPARSE})


@dataclass(frozen=True, slots=True)
class Traits:
    """
    What makes one made-up person differ from another.

    Attributes:
        settles_at: Share of the first pain that stays, 0-1.
        pace_days: Days after which most of the change is done.
        noise: Spread of a day around the person's own level, in NRS points.
        logs: Share of days that are logged, 0-1.
    """

    settles_at: float
    pace_days: float
    noise: float
    logs: float


# Higher than most is seen before the milestone tells a lack of response.
_TRAITS: dict[CourseKind, tuple[float, float, float]] = {
    CourseKind.QUICK: (0.22, 4, 0.93),
    CourseKind.SLOW: (0.36, 6.5, 0.88),
    CourseKind.SPARSE: (0.3, 6, 0.35),
    CourseKind.WARNING_SIGN: (0.36, 6, 0.92),
    CourseKind.SUDDEN_PAIN: (0.25, 5, 0.92),
    CourseKind.FALL: (0.22, 5, 0.95),
    CourseKind.CHANGED: (0.25, 5, 0.95),
    CourseKind.SLOWLY_WORSE: (0.22, 5, 0.95),
    CourseKind.HIGHER: (0.97, 5, 0.95),
    CourseKind.NONE: (0.92, 20, 0.9),
    CourseKind.SILENT: (0.36, 6, 0.9),
    CourseKind.MORE_MEDICINE: (0.3, 5, 0.95),
    CourseKind.LESS_BRACE: (0.28, 5, 0.95),
}
_NOTES = (
    "Slept better than last night.",
    "Stiff in the morning, easier after a walk.",
    "Sat too long at the table.",
    "Walked to the corner and back.",
    "My neighbour carried the shopping.",
    "A good day.",
    "Tired today.",
)
_SILENT_AFTER_DAYS = 9
_NOISE_CARRIED_OVER = 0.3
_SKIPS = 0.05
_MOST_UNLOGGED = 3
"""Days in a row that somebody who still logs leaves out at most; more would be silence."""

JUMPED_BACK = 6
"""Days before the last one on which pain jumped, so that a lasting rise can be told from bad days."""

_CREEPS_OVER = 24
_RISE = 4
_SEVEN = 7


@dataclass(frozen=True, slots=True)
class _Course:
    """One recovery that is being drawn, up to post-procedure day *last_pod*."""

    episode: Episode
    kind: CourseKind
    traits: Traits
    last_pod: int
    dice: Random

    def level(self, pod: int) -> float:
        """Return the person's own level of pain on a day, before the noise of the day."""
        baseline, traits = self.episode.baseline_nrs or 8, self.traits
        falls = math.exp(-pod / traits.pace_days)
        level = baseline * (traits.settles_at + (1 - traits.settles_at) * falls)
        return level + _RISE * self._risen(pod)

    def _risen(self, pod: int) -> float:
        """Return how much of a lasting rise, as a new fracture would bring, is there: 0-1."""
        if self.kind in (CourseKind.FALL, CourseKind.CHANGED):
            return float(pod >= self.last_pod - JUMPED_BACK)
        if self.kind is CourseKind.SLOWLY_WORSE:
            since = pod - (self.last_pod - _CREEPS_OVER)
            return min(1.0, max(0.0, since / (_CREEPS_OVER - _SEVEN)))
        return 0.0

    def is_last_week(self, pod: int) -> bool:
        """Tell whether a day is one of the last seven."""
        return pod > self.last_pod - _SEVEN

    def warns_on(self, pod: int) -> bool:
        """Tell whether a warning sign is ticked: on the last day but one."""
        return self.kind is CourseKind.WARNING_SIGN and pod == max(0, self.last_pod - 1)

    def is_logged(self, pod: int, unlogged: int) -> bool:
        """Tell whether a day is logged, after *unlogged* days in a row that were not."""
        logged = self.dice.random() < self.traits.logs
        if self.kind is CourseKind.SILENT and pod > _SILENT_AFTER_DAYS:
            return False
        return logged or self.warns_on(pod) or unlogged >= _MOST_UNLOGGED


def made_up_reports(
    episode: Episode, kind: CourseKind, today: date, dice: Random
) -> list[DailyReport]:
    """
    Draw the reports of one made-up recovery, oldest first.

    Args:
        episode: Whose procedure date, baseline and brace plan are used.
        kind: How it goes.
        today: The last day that may be reported.
        dice: The only source of chance.
    """
    last_pod = (today - episode.procedure_date).days
    course = _Course(episode, kind, _draw_traits(kind, dice), last_pod, dice)
    reports: list[DailyReport] = []
    noise, unlogged = 0.0, 0
    for pod in range(last_pod + 1):
        noise = _NOISE_CARRIED_OVER * noise + dice.gauss(0, course.traits.noise)
        if not course.is_logged(pod, unlogged):
            unlogged += 1
            continue
        unlogged = 0
        reports.append(_report(course, pod, course.level(pod) + noise))
    return reports


def jumped_on(reports: Sequence[DailyReport], last_day: date) -> DailyReport:
    """Return the report of the day on which pain jumped, or of the next that was logged."""
    turn = last_day - timedelta(days=JUMPED_BACK)
    return next(each for each in reports if each.day >= turn)


def _draw_traits(kind: CourseKind, dice: Random) -> Traits:
    settles_at, pace_days, logs = _TRAITS[kind]
    return Traits(
        settles_at=min(1.0, max(0.05, settles_at + dice.uniform(-0.04, 0.04))),
        pace_days=pace_days * dice.uniform(0.8, 1.2),
        noise=dice.uniform(0.4, 0.6),
        logs=logs,
    )


def _report(course: _Course, pod: int, level: float) -> DailyReport:
    episode, dice = course.episode, course.dice
    day = episode.procedure_date + timedelta(days=pod)
    average = _nrs(level)
    worst = max(average, _nrs(level + abs(dice.gauss(1.2, 0.8))))
    medicine, times = _medicine(course, pod, worst)
    return DailyReport(
        day=day,
        worst_pain_nrs=worst,
        average_pain_nrs=average,
        brace_hours=_brace(course, pod),
        activity=None if dice.random() < _SKIPS else _activity(worst, pod, dice),
        walking_minutes=None if dice.random() < _SKIPS else _walking(worst, pod, dice),
        medicine=medicine,
        medicine_times=times,
        warning_signs=frozenset({"new_back_pain"}) if course.warns_on(pod) else frozenset(),
        note=dice.choice(_NOTES) if dice.random() < 0.12 else "",  # noqa: PLR2004 - a note now and then
    )


def _nrs(value: float) -> int:
    return min(NRS_MAX, max(NRS_MIN, round(value)))


def _brace(course: _Course, pod: int) -> float | None:
    plan, dice = course.episode.brace_plan, course.dice
    day = course.episode.procedure_date + timedelta(days=pod)
    planned = plan.hours_on(day) if plan else None
    if planned is None:
        return None
    drops = course.kind is CourseKind.LESS_BRACE and course.is_last_week(pod)
    share = 0.15 if drops else 0.85
    return round(2 * min(24.0, max(0.0, dice.gauss(planned * share, planned * 0.12)))) / 2


def _activity(worst: int, pod: int, dice: Random) -> ActivityLevel:
    rank = (9 - worst) / 3 + min(1.0, pod / 30) + dice.gauss(0, 0.5)
    return list(ActivityLevel)[min(3, max(0, round(rank)))]


def _walking(worst: int, pod: int, dice: Random) -> int:
    minutes = (10 - worst) * 3 + min(30, pod) + dice.gauss(0, 6)
    return 5 * max(0, round(minutes / 5))


def _medicine(course: _Course, pod: int, worst: int) -> tuple[PainMedicine, int]:
    """Return what was taken on a day and how often."""
    dice = course.dice
    if course.kind is CourseKind.MORE_MEDICINE:
        is_now = course.is_last_week(pod)
        return (
            (PainMedicine.BOTH, dice.randint(5, 7))
            if is_now
            else (PainMedicine.OVER_THE_COUNTER, dice.randint(1, 2))
        )
    if worst + dice.gauss(0, 1) < 3:  # noqa: PLR2004 - mild pain
        return PainMedicine.NONE, 0
    times = max(1, round(worst / 3 + dice.gauss(0, 0.4)))
    if worst + dice.gauss(0, 0.4) < 6.5:  # noqa: PLR2004 - moderate pain
        return PainMedicine.OVER_THE_COUNTER, times
    return dice.choice([PainMedicine.PRESCRIBED, PainMedicine.BOTH]), times
