"""All figures of a run, as the tables print them and as the app reads them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.judgement.equal import Compared, compared
from benchmarks.judgement.people import Truth
from benchmarks.judgement.rates import (
    WITHIN,
    Estimate,
    Opened,
    alarms,
    days_to_alert,
    flagged,
    found,
    lead,
)
from benchmarks.judgement.trial import CHOICES, PLAIN, SHIPPED, SILENCE_DAYS, SILENCES, Trial
from recovery.judgement.judge import RULES
from recovery.judgement.reasons import ReasonKind

WHOLE = "whole"
MEANT_FOR = {
    ReasonKind.CHANGE: Truth.JUMP_3,
    ReasonKind.WORSE_AGAIN: Truth.RELAPSE,
    ReasonKind.HIGHER: Truth.FLAT,
    ReasonKind.SILENCE: Truth.SILENT,
    ReasonKind.MEDICINE: Truth.MEDICINE,
    ReasonKind.BRACE: Truth.BRACE,
}
"""What a threshold is weighed against."""


@dataclass(frozen=True, slots=True)
class Alarms:
    """False alarms of one rule, or of all, among ordinary people."""

    name: str
    rate: Estimate
    by_30: Estimate
    by_90: Estimate


@dataclass(frozen=True, slots=True)
class Found:
    """How much of one truth was found soon enough, by whom, and when."""

    truth: Truth
    by: Mapping[str, Estimate]
    days: float | None
    lead: float | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One rule under another threshold."""

    kind: ReasonKind
    threshold: str
    ships: bool
    rate: Estimate
    found: Estimate


@dataclass(frozen=True, slots=True)
class Group:
    """Figures of one range of daily SD and autocorrelation."""

    people: int
    alarms: Sequence[Alarms]
    found: Sequence[Found]
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Findings:
    """Figures of the range that the aims are set for, of the whole range, and of the oracle."""

    aimed: Group
    everybody: Group
    compared: Sequence[Compared]

    def to_json(self) -> dict[str, Any]:
        """Return the figures that the app shows; see ``docs/judgement.md`` for their meaning."""
        shipped = next(each for each in self.compared if each.limit == SHIPPED.change_limit)
        return {
            "aimed": _group_json(self.aimed),
            "everybody": _group_json(self.everybody),
            "oracle": {
                "false_alarms": _triple(shipped.false_alarms),
                "found": _triple(shipped.found),
                "oracle_found": _triple(shipped.oracle_found),
            },
        }


def findings(trials: Sequence[Trial]) -> Findings:
    """Count everything."""
    aimed = [each for each in trials if each.cell.is_in_aim]
    return Findings(_group(aimed), _group(trials), compared(trials))


def _group(trials: Sequence[Trial]) -> Group:
    calm = _of(trials, Truth.ORDINARY)
    names = [*(kind.value for kind in RULES), WHOLE, *PLAIN]
    return Group(
        people=len(trials),
        alarms=[
            Alarms(
                name,
                alarms(calm, opened_by(name)),
                flagged(calm, opened_by(name), 30),
                flagged(calm, opened_by(name), 90),
            )
            for name in names
        ],
        found=[_found(_of(trials, truth), truth, names) for truth in WITHIN],
        choices=[*_choices(trials, calm)],
    )


def opened_by(name: str) -> Opened:
    """Return how to read the alerts of a rule, of all, or of a plain baseline."""
    if name == WHOLE:
        return Trial.all_opened
    return lambda trial: trial.opened.get(name, ())


def _found(trials: Sequence[Trial], truth: Truth, names: Sequence[str]) -> Found:
    whole = opened_by(WHOLE)
    by = {name: found(trials, opened_by(name)) for name in names}
    return Found(truth, by, days_to_alert(trials, whole), lead(trials, whole))


def _choices(trials: Sequence[Trial], calm: Sequence[Trial]) -> list[Choice]:
    choices = [(kind, name, settings == SHIPPED) for kind, name, settings in CHOICES]
    choices += [(ReasonKind.SILENCE, str(days), days == SILENCE_DAYS) for days in SILENCES]
    return [
        Choice(
            kind,
            name,
            ships,
            alarms(calm, _chosen(kind, name)),
            found(_of(trials, MEANT_FOR[kind]), _chosen(kind, name)),
        )
        for kind, name, ships in choices
    ]


def _chosen(kind: ReasonKind, name: str) -> Callable[[Trial], Sequence[int]]:
    return lambda trial: trial.chosen[kind.value, name]


def _of(trials: Sequence[Trial], truth: Truth) -> list[Trial]:
    return [each for each in trials if each.truth is truth]


def _group_json(group: Group) -> dict[str, Any]:
    return {
        "people": group.people,
        "alarms": {
            each.name: {
                "per_100_months": _triple(each.rate),
                "by_30": _triple(each.by_30),
                "by_90": _triple(each.by_90),
            }
            for each in group.alarms
        },
        "found": {
            each.truth.value: {
                "within_days": WITHIN[each.truth],
                "share": _triple(each.by[WHOLE]),
                "days": each.days,
                "lead_days": each.lead,
            }
            for each in group.found
        },
        "choices": [
            {
                "rule": each.kind.value,
                "threshold": each.threshold,
                "ships": each.ships,
                "per_100_months": _triple(each.rate),
                "meant_for": MEANT_FOR[each.kind].value,
                "found": _triple(each.found),
            }
            for each in group.choices
        ],
    }


def _triple(each: Estimate) -> list[float]:
    return [round(each.value, 3), round(each.low, 3), round(each.high, 3)]
