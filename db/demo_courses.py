"""Made-up recoveries for the demo clinic: plausible, different, the same for a given seed."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from recovery.episodes import Episode
from recovery.reports import NRS_MAX, NRS_MIN, ActivityLevel, DailyReport, PainMedicine


class CourseKind(StrEnum):
    """How a made-up recovery goes."""

    QUICK = "quick"
    SLOW = "slow"
    NONE = "none"
    BETTER_THEN_WORSE = "better_then_worse"
    SILENT = "silent"
    SPARSE = "sparse"
    WARNING_SIGN = "warning_sign"


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


_TRAITS: dict[CourseKind, tuple[float, float, float]] = {
    CourseKind.QUICK: (0.22, 4, 0.93),
    CourseKind.SLOW: (0.35, 24, 0.88),
    CourseKind.NONE: (0.92, 20, 0.85),
    CourseKind.BETTER_THEN_WORSE: (0.25, 6, 0.9),
    CourseKind.SILENT: (0.4, 9, 0.9),
    CourseKind.SPARSE: (0.35, 10, 0.35),
    CourseKind.WARNING_SIGN: (0.4, 9, 0.92),
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
    traits = _draw_traits(kind, dice)
    days = (today - episode.procedure_date).days
    turns_at = max(18, int(days * 0.6)) if kind is CourseKind.BETTER_THEN_WORSE else None
    reports, noise = [], 0.0
    for pod in range(days + 1):
        noise = _NOISE_CARRIED_OVER * noise + dice.gauss(0, traits.noise)
        if not _is_logged(kind, pod, days, traits, dice):
            continue
        level = _level(episode.baseline_nrs or 8, traits, pod, turns_at)
        warns = kind is CourseKind.WARNING_SIGN and pod == max(0, days - 1)
        reports.append(_report(episode, pod, level + noise, dice, warns=warns))
    return reports


def _draw_traits(kind: CourseKind, dice: Random) -> Traits:
    settles_at, pace_days, logs = _TRAITS[kind]
    return Traits(
        settles_at=min(1.0, max(0.05, settles_at + dice.uniform(-0.08, 0.08))),
        pace_days=pace_days * dice.uniform(0.7, 1.4),
        noise=dice.uniform(0.6, 1.1),
        logs=logs,
    )


def _level(baseline: float, traits: Traits, pod: int, turns_at: int | None) -> float:
    falls = math.exp(-pod / traits.pace_days)
    level = baseline * (traits.settles_at + (1 - traits.settles_at) * falls)
    # A lasting step upwards, as a new fracture next to the treated one would bring.
    return level + 4 if turns_at is not None and pod >= turns_at else level


def _is_logged(kind: CourseKind, pod: int, days: int, traits: Traits, dice: Random) -> bool:
    logged = dice.random() < traits.logs
    if kind is CourseKind.SILENT and pod > _SILENT_AFTER_DAYS:
        return False
    return logged or (kind is CourseKind.WARNING_SIGN and pod == max(0, days - 1))


def _report(episode: Episode, pod: int, level: float, dice: Random, *, warns: bool) -> DailyReport:
    day = episode.procedure_date + timedelta(days=pod)
    average = _nrs(level)
    worst = max(average, _nrs(level + abs(dice.gauss(1.2, 0.8))))
    planned = episode.brace_plan.hours_on(day) if episode.brace_plan else None
    medicine = _medicine(worst, dice)
    return DailyReport(
        day=day,
        worst_pain_nrs=worst,
        average_pain_nrs=average,
        brace_hours=_brace(planned, dice),
        activity=None if dice.random() < _SKIPS else _activity(worst, pod, dice),
        walking_minutes=None if dice.random() < _SKIPS else _walking(worst, pod, dice),
        medicine=medicine,
        medicine_times=0 if medicine is PainMedicine.NONE else dice.randint(1, 2 + worst // 3),
        warning_signs=frozenset({"new_back_pain"}) if warns else frozenset(),
        note=dice.choice(_NOTES) if dice.random() < 0.12 else "",  # noqa: PLR2004 - a note now and then
    )


def _nrs(value: float) -> int:
    return min(NRS_MAX, max(NRS_MIN, round(value)))


def _brace(planned: float | None, dice: Random) -> float | None:
    if planned is None:
        return None
    return round(2 * min(24.0, max(0.0, dice.gauss(planned * 0.85, planned * 0.18)))) / 2


def _activity(worst: int, pod: int, dice: Random) -> ActivityLevel:
    rank = (9 - worst) / 3 + min(1.0, pod / 30) + dice.gauss(0, 0.5)
    return list(ActivityLevel)[min(3, max(0, round(rank)))]


def _walking(worst: int, pod: int, dice: Random) -> int:
    minutes = (10 - worst) * 3 + min(30, pod) + dice.gauss(0, 6)
    return 5 * max(0, round(minutes / 5))


def _medicine(worst: int, dice: Random) -> PainMedicine:
    if worst + dice.gauss(0, 1) < 3:  # noqa: PLR2004 - mild pain
        return PainMedicine.NONE
    if worst + dice.gauss(0, 1) < 6:  # noqa: PLR2004 - moderate pain
        return PainMedicine.OVER_THE_COUNTER
    return dice.choice([PainMedicine.PRESCRIBED, PainMedicine.BOTH])
