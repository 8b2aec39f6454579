"""What made-up people report, and the documented course they are compared with."""

from datetime import date, timedelta
from functools import cache
from math import exp
from random import Random
from statistics import fmean, pstdev

from benchmarks.judgement.people import (
    BEFORE_MEAN,
    DAYS,
    FIRST_STATUS_DAY,
    ILL_FROM,
    JUDGING_DAY,
    MISSED,
    MISSED_WHEN_ILL,
    VISITS,
    Person,
    Truth,
    draw_course,
    noise,
)
from recovery.expectations import Course, CoursePoint, SpreadPoint
from recovery.judgement.log import Log, LoggedDay
from recovery.judgement.rules import ProcedureRules
from recovery.reports import NRS_MAX, NRS_MIN, PainMedicine

DAY_0 = date(2026, 1, 1)
TYPICAL_SD = 1.1
"""Daily SD within people that the documented spread holds, as published spreads do."""

_NODES = (0, 3, 7, 14, 21, 30, 60, 90)
_COURSE_SEED = 20_261_127
_COURSE_PEOPLE = 4_000
_PLANNED_HOURS, _PLANNED_DAYS, _BRACED = 8.0, 42, 0.6


@cache
def documented_course() -> Course:
    """Return the course of a study of such people, those without a response included."""
    dice = Random(_COURSE_SEED)  # noqa: S311 - made-up people, no secret
    levels = [draw_course(dice)[1] for _ in range(_COURSE_PEOPLE)]
    points, spreads = [], []
    for pod in _NODES:
        seen = [min(10.0, max(0.0, each[pod] + dice.gauss(0, TYPICAL_SD))) for each in levels]
        points.append(
            CoursePoint(
                day=pod,
                fraction=min(1.0, fmean(seen) / BEFORE_MEAN),
                source_id="simulated",
                n=_COURSE_PEOPLE,
                statistic="mean",
                how_read="drawn",
            )
        )
        spreads.append(
            SpreadPoint(
                day=pod,
                fraction=pstdev(seen) / BEFORE_MEAN,
                source_id="simulated",
                n=_COURSE_PEOPLE,
                basis="drawn",
            )
        )
    return Course(
        id="simulated",
        name="Simulated",
        reference_baseline_nrs=BEFORE_MEAN,
        reference_source_id="simulated",
        points=tuple(points),
        spreads=tuple(spreads),
        caveat="",
    )


def rules(silence_days: int) -> ProcedureRules:
    """Return the rules of vertebral augmentation over that course."""
    return ProcedureRules(
        first_status_day=FIRST_STATUS_DAY,
        judging_day=JUDGING_DAY,
        milestone_days=VISITS,
        silence_days=silence_days,
        course=documented_course(),
    )


def diary(person: Person, dice: Random) -> Log:
    """Draw what a person reports."""
    drawn = noise(person.cell, dice)
    brace, medicine = _Brace(person, dice), _Medicine(person, dice)
    days = []
    for pod in range(DAYS):
        pain = min(NRS_MAX, max(NRS_MIN, round(person.level[pod] + drawn[pod])))
        worn, planned = brace.hours(pod, dice)
        kind, times = medicine.taken(pod, dice)
        missed = MISSED_WHEN_ILL if pain >= ILL_FROM else MISSED
        went_silent = person.truth is Truth.SILENT and pod >= person.starts
        if dice.random() < missed or went_silent:
            continue
        days.append(
            LoggedDay(
                day=DAY_0 + timedelta(days=pod),
                pod=pod,
                pain_nrs=pain,
                worn_hours=worn,
                planned_hours=planned,
                medicine=kind,
                medicine_times=times,
            )
        )
    return Log(procedure_date=DAY_0, baseline_nrs=person.baseline_nrs, days=tuple(days))


class _Brace:
    """Most people wear it for most of the hours; some, at some time, stop."""

    def __init__(self, person: Person, dice: Random) -> None:
        self.has_plan = person.truth is Truth.BRACE or dice.random() < _BRACED
        self.share = min(1.1, max(0.6, dice.gauss(0.87, 0.1)))
        self.dropped_from = person.starts if person.truth is Truth.BRACE else DAYS

    def hours(self, pod: int, dice: Random) -> tuple[float | None, float | None]:
        if not self.has_plan or pod >= _PLANNED_DAYS:
            return None, None
        share = 0.1 if pod >= self.dropped_from else self.share
        hours = min(24.0, max(0.0, _PLANNED_HOURS * (share + dice.gauss(0, 0.15))))
        answered = dice.random() < 1 - MISSED / 2
        return (round(hours * 2) / 2 if answered else None), _PLANNED_HOURS


class _Medicine:
    """Doses fall with time to what somebody always takes, and differ from day to day."""

    def __init__(self, person: Person, dice: Random) -> None:
        self.always = dice.choice((0.0, 0.0, 1.0, 2.0))
        self.first = dice.uniform(1, 5)
        self.pace = dice.uniform(8, 20)
        self.rises_from = person.starts if person.truth is Truth.MEDICINE else DAYS

    def taken(self, pod: int, dice: Random) -> tuple[PainMedicine, int]:
        mean = self.always + self.first * exp(-pod / self.pace)
        if pod >= self.rises_from:
            mean += min(3.0, (pod - self.rises_from + 1) / 2)
        times = max(0, round(mean + dice.gauss(0, 0.8)))
        if times == 0:
            return PainMedicine.NONE, 0
        is_strong = mean >= 2.0  # noqa: PLR2004 - those who need more take what was prescribed
        return (PainMedicine.PRESCRIBED if is_strong else PainMedicine.OVER_THE_COUNTER), times
