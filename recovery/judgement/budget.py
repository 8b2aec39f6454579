"""
The alert budget: how many alerts thresholds would have made of a clinic's own last days.

What the rules measure does not hang on a threshold, so it is measured once; a set of thresholds
then costs a look at what was measured.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

from recovery.judgement.judge import Measure, Measures, decide, measure_rules
from recovery.judgement.log import Log
from recovery.judgement.opening import Openings
from recovery.judgement.reasons import Reason, ReasonKind, Unjudged
from recovery.judgement.rules import ProcedureRules
from recovery.judgement.settings import HIGHER_CHANCES, RANGES, JudgementSettings
from recovery.judgement.silence import silent_from

BUDGET_DAYS = 90
"""Days back that are looked at, today included."""

_WEEK_DAYS = 7
_PATIENTS = 100
_NORMAL_95 = 1.96
# Of a count of 0, the largest mean that is still likely: the rule of three.
_NONE_SEEN = 3.0
_LOOSEST = JudgementSettings(
    higher_chance=HIGHER_CHANCES[0],
    higher_days=int(RANGES["higher_days"][0]),
    change_limit=RANGES["change_limit"][0],
    worse_points=RANGES["worse_points"][0],
    silence_until_day=int(RANGES["silence_until_day"][1]),
    brace_share=RANGES["brace_share"][1],
    medicine_times=RANGES["medicine_times"][0],
)
"""Under which each rule finds whatever it finds under any other thresholds."""


class _Quiet:
    """A rule that judged and finds nothing under any threshold; one for all days."""

    def reason(self, settings: JudgementSettings) -> Reason | Unjudged | None:  # noqa: ARG002 - as every rule's
        return None


_QUIET = _Quiet()


@dataclass(frozen=True, slots=True)
class Watched:
    """
    One recovery's last days as the rules measured them; holds no name and no key.

    Attributes:
        days: How many days of the window the recovery was followed, 1-90.
        before: The day before them.
        measured: Each day on which it would have been judged, oldest first.
    """

    days: int
    before: Measures
    measured: tuple[Measures, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """
    Alerts for 100 patients in a week, with the 95 % interval over other draws from the same clinic.

    It says how far the sample may be from all of the clinic's own recoveries of those days, and
    nothing about other clinics or other days: when all were looked at, its width is 0.

    Attributes:
        per_100_per_week: The rate, at least 0.
        low: Lower end, at least 0.
        high: Upper end.
    """

    per_100_per_week: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Budget:
    """
    What one set of thresholds would have made.

    Attributes:
        patients: Recoveries that were looked at.
        in_all: All kinds together; None where nobody was followed.
        by_kind: Each kind that hangs on a threshold or on a ticked sign.
    """

    patients: int
    in_all: Rate | None = None
    by_kind: Mapping[ReasonKind, Rate] = field(default_factory=dict)


COUNTED = tuple(
    each for each in ReasonKind if each not in {ReasonKind.SUDDEN_PAIN, ReasonKind.FALL}
)
"""Kinds that follow from a log; a fall or sudden pain always makes an alert."""


def watch(log: Log, rules: ProcedureRules, today: date) -> Watched | None:
    """
    Measure the last 90 days of a log, on the days on which it would have been judged.

    Those are the days with a report, the first day of each silence, and the milestone.

    Args:
        log: The whole log.
        rules: Of its procedure.
        today: The last day.

    Returns:
        None when the procedure is still ahead.
    """
    first = max(log.procedure_date, today - timedelta(days=BUDGET_DAYS - 1))
    if first > today:
        return None
    days = sorted({day for day in _judged_days(log, rules) if first <= day <= today})
    return Watched(
        days=(today - first).days + 1,
        before=_slim(measure_rules(log, rules, first - timedelta(days=1))),
        measured=tuple(_slim(measure_rules(log, rules, day)) for day in days),
    )


def budget(
    watched: Sequence[Watched], settings: JudgementSettings, *, of: int | None = None
) -> Budget:
    """
    Count the alerts that *settings* would have made; what was found before the window is not one.

    Args:
        watched: Recoveries, all of the clinic's or a random sample of them.
        settings: The thresholds.
        of: How many recoveries the sample was drawn from; the sample itself unless given.
    """
    if not watched:
        return Budget(0)
    weeks = [each.days / _WEEK_DAYS for each in watched]
    counts = [Counter(_opened(each, settings)) for each in watched]
    missing = 1 - len(watched) / max(of or 0, len(watched))

    def rate(kinds: Collection[ReasonKind]) -> Rate:
        alerts = [sum(counted[kind] for kind in kinds) for counted in counts]
        return _rate(alerts, weeks, missing)

    return Budget(len(watched), rate(COUNTED), {kind: rate((kind,)) for kind in COUNTED})


def _judged_days(log: Log, rules: ProcedureRules) -> Iterator[date]:
    logged = [each.day for each in log.days]
    yield from logged
    for last, then in pairwise([None, *logged, date.max]):
        silent = silent_from(last, log.procedure_date, rules, _LOOSEST)
        if silent is not None and then is not None and silent < then:
            yield silent
    if rules.judging_day is not None:
        yield log.procedure_date + timedelta(days=rules.judging_day)


def _slim(measures: Measures) -> Measures:
    """Leave out what no threshold asks for, so that 90 days of hundreds of people stay small."""
    found = {kind: _slimmed(kind, each) for kind, each in measures.found.items()}
    return replace(measures, found=found)


def _slimmed(kind: ReasonKind, measured: Measure | Unjudged) -> Measure | Unjudged:
    # Whether silence is looked for at all hangs on the threshold, so it is kept as it is.
    if isinstance(measured, Unjudged) or kind is ReasonKind.SILENCE:
        return measured
    return _QUIET if measured.reason(_LOOSEST) is None else measured


def _opened(watched: Watched, settings: JudgementSettings) -> Iterator[ReasonKind]:
    opening = Openings()
    opening.after(decide(watched.before, settings))
    for each in watched.measured:
        for opened in opening.after(decide(each, settings)):
            yield opened.reason.kind


def _rate(alerts: Sequence[int], weeks: Sequence[float], missing: float) -> Rate:
    """Return alerts by weeks as a ratio of sums, whose spread is that between patients."""
    number, total = len(weeks), sum(weeks)
    rate = sum(alerts) / total
    scale = _PATIENTS * sqrt(missing)
    if not sum(alerts):
        return Rate(0.0, 0.0, _NONE_SEEN / total * scale)
    squares = sum((count - rate * time) ** 2 for count, time in zip(alerts, weeks, strict=True))
    error = sqrt(number / max(number - 1, 1) * squares) / total
    half = _NORMAL_95 * error * scale
    return Rate(_PATIENTS * rate, max(0.0, _PATIENTS * rate - half), _PATIENTS * rate + half)
