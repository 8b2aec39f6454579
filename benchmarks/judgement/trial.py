"""One made-up person through the real rules, day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from random import Random

from benchmarks.judgement.diaries import DAY_0, diary, rules
from benchmarks.judgement.oracle import oracle_evidence
from benchmarks.judgement.people import DAYS, FIRST_STATUS_DAY, Cell, Truth, draw_person
from recovery.judgement.change import Change
from recovery.judgement.judge import Measures, decide, measure
from recovery.judgement.log import LoggedDay
from recovery.judgement.opening import Arming, openings
from recovery.judgement.reasons import ReasonKind, Unjudged
from recovery.judgement.settings import HIGHER_CHANCES, JudgementSettings
from recovery.judgement.silence import Silence

SHIPPED = JudgementSettings()
SILENCE_DAYS = 5
"""Days of silence of the made-up procedure; others are in the table of choices."""

HIGH_PAIN, RISING_DAYS = 7, 3
PLAIN = ("plain_high", "plain_rising")
"""The two plain baselines: pain of 7 or more, and three logged days that rise."""

Choice = tuple[ReasonKind, str, float]
"""A rule with one of its thresholds set to another value."""

CHOICES: tuple[tuple[ReasonKind, str, JudgementSettings], ...] = (
    *(
        (
            ReasonKind.HIGHER,
            f"{chance:g} / {days}",
            replace(SHIPPED, higher_chance=chance, higher_days=days),
        )
        for chance, days in product(HIGHER_CHANCES, (3, 4, 5, 7))
    ),
    *(
        (ReasonKind.CHANGE, f"{limit:g}", replace(SHIPPED, change_limit=limit))
        for limit in (3.0, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0, 8.0)
    ),
    *(
        (ReasonKind.WORSE_AGAIN, f"{points:g}", replace(SHIPPED, worse_points=points))
        for points in (1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
    ),
    *(
        (ReasonKind.MEDICINE, f"{times:g}", replace(SHIPPED, medicine_times=times))
        for times in (1.0, 2.0, 3.0)
    ),
    *(
        (ReasonKind.BRACE, f"{share:g}", replace(SHIPPED, brace_share=share))
        for share in (0.3, 0.5, 0.7)
    ),
)
SILENCES = (3, 4, 5, 7)


@dataclass(frozen=True, slots=True)
class Trial:
    """
    What was opened for one person.

    Attributes:
        cell: How the days differ.
        truth: What truly happened.
        starts: Post-procedure day on which it began.
        opened: Days of alerts, by rule, under the thresholds that ship; the plain ones, too.
        chosen: The same for a rule under another threshold.
        evidence: Of the change rule and of the oracle, by day; days not judged are left out.
    """

    cell: Cell
    truth: Truth
    starts: int
    opened: Mapping[str, Sequence[int]]
    chosen: Mapping[tuple[str, str], Sequence[int]] = field(default_factory=dict)
    evidence: Mapping[str, Mapping[int, float]] = field(default_factory=dict)

    def all_opened(self) -> list[int]:
        """Return the days of all alerts of the rules, the plain ones left out."""
        return sorted(
            day for name, days in self.opened.items() if name not in PLAIN for day in days
        )


def run(job: tuple[Cell, Truth, int]) -> Trial:
    """Draw one person by a seed and judge each day."""
    cell, truth, seed = job
    dice = Random(seed)  # noqa: S311 - made-up people, no secret
    person = draw_person(cell, truth, dice)
    log, procedure = diary(person, dice), rules(SILENCE_DAYS)
    measured = [measure(log, procedure, DAY_0 + timedelta(days=pod)) for pod in range(DAYS)]
    opened: dict[str, list[int]] = {}
    for each in openings(decide(each, SHIPPED) for each in measured):
        opened.setdefault(each.reason.kind.value, []).append((each.day - DAY_0).days)
    opened["plain_high"] = _plain_high(log.days)
    opened["plain_rising"] = _plain_rising(log.days)
    change = {
        pod: found.evidence
        for pod, each in enumerate(measured)
        if isinstance(found := each.found[ReasonKind.CHANGE], Change)
    }
    return Trial(
        cell=cell,
        truth=truth,
        starts=person.starts,
        opened=opened,
        chosen=_chosen(measured),
        evidence={"change": change, "oracle": oracle_evidence(person, log.days)},
    )


def alert_days(said: Mapping[int, bool]) -> list[int]:
    """
    Return the days on which a rule opens an alert.

    Args:
        said: Whether the rule held, by judged day, in order; other days are not judged.
    """
    days, arming = [], Arming()
    for pod, holds in said.items():
        if not holds:
            arming = Arming(opened_on=arming.opened_on)
        elif arming.opens_on(DAY_0 + timedelta(days=pod)):
            arming = Arming(is_armed=False, opened_on=DAY_0 + timedelta(days=pod))
            days.append(pod)
    return days


def _chosen(measured: Sequence[Measures]) -> dict[tuple[str, str], list[int]]:
    chosen = {
        (kind.value, name): alert_days(_said(measured, kind, settings))
        for kind, name, settings in CHOICES
    }
    for days in SILENCES:
        other = [
            replace(each, found={ReasonKind.SILENCE: _silence(each, days)}) for each in measured
        ]
        said = _said(other, ReasonKind.SILENCE, SHIPPED)
        chosen[ReasonKind.SILENCE.value, str(days)] = alert_days(said)
    return chosen


def _said(
    measured: Sequence[Measures], kind: ReasonKind, settings: JudgementSettings
) -> dict[int, bool]:
    said = {}
    for pod, each in enumerate(measured):
        found = each.found[kind]
        reason = found if isinstance(found, Unjudged) else found.reason(settings)
        if not isinstance(reason, Unjudged):
            said[pod] = reason is not None
    return said


def _silence(measures: Measures, days: int) -> Silence | Unjudged:
    found = measures.found[ReasonKind.SILENCE]
    return replace(found, silence_days=days) if isinstance(found, Silence) else Unjudged.TOO_EARLY


def _plain_high(days: Sequence[LoggedDay]) -> list[int]:
    judged = [each for each in days if each.pod >= FIRST_STATUS_DAY]
    return alert_days({each.pod: each.pain_nrs >= HIGH_PAIN for each in judged})


def _plain_rising(days: Sequence[LoggedDay]) -> list[int]:
    said = {
        third.pod: first.pain_nrs < second.pain_nrs < third.pain_nrs
        for first, second, third in zip(days, days[1:], days[2:], strict=False)
        if third.pod >= FIRST_STATUS_DAY
    }
    return alert_days(said)
