"""All rules together: what they say of a log as it stood on a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from recovery.judgement.brace import measure_brace
from recovery.judgement.change import measure_change
from recovery.judgement.higher import measure_higher
from recovery.judgement.level import own_level
from recovery.judgement.log import Log
from recovery.judgement.medicine import measure_medicine
from recovery.judgement.no_response import measure_no_response
from recovery.judgement.reasons import Judgement, OwnLevel, Reason, ReasonKind, Standing, Unjudged
from recovery.judgement.rules import ProcedureRules
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.signs import sign_reasons
from recovery.judgement.silence import measure_silence
from recovery.judgement.standing import measure_standing
from recovery.judgement.view import View, view_of
from recovery.judgement.worse import measure_worse


class Measure(Protocol):
    """What a rule measured, before any threshold."""

    def reason(self, settings: JudgementSettings) -> Reason | Unjudged | None:
        """Return what follows under a clinic's thresholds; None where nothing was found."""


RULES: Mapping[ReasonKind, Callable[[View], Measure | Unjudged]] = {
    ReasonKind.CHANGE: measure_change,
    ReasonKind.WORSE_AGAIN: measure_worse,
    ReasonKind.HIGHER: measure_higher,
    ReasonKind.NO_RESPONSE: measure_no_response,
    ReasonKind.SILENCE: measure_silence,
    ReasonKind.MEDICINE: measure_medicine,
    ReasonKind.BRACE: measure_brace,
}
"""The rules with thresholds, the gravest first."""


@dataclass(frozen=True, slots=True)
class Measures:
    """
    All that can be said of a log on a day without knowing a threshold.

    Attributes:
        as_of: The day.
        signs: The reasons of ticked signs.
        found: What each rule measured, or why it could not.
        standing: Beside what is documented, before the rule of the same name was asked.
        level: Own levels.
    """

    as_of: date
    signs: tuple[Reason, ...]
    found: Mapping[ReasonKind, Measure | Unjudged]
    standing: Standing | None = None
    level: OwnLevel = field(default_factory=OwnLevel)


def judge(log: Log, rules: ProcedureRules, settings: JudgementSettings, as_of: date) -> Judgement:
    """
    Judge a log as it stood on a day.

    Days after *as_of* are not looked at, so that a late or corrected report can be judged
    for each day it touches.

    Args:
        log: Everything logged.
        rules: The procedure's.
        settings: The clinic's thresholds.
        as_of: The day, in the patient's calendar, from the procedure on; before it, nothing is
            judged.
    """
    return decide(measure(log, rules, as_of), settings)


def measure(log: Log, rules: ProcedureRules, as_of: date) -> Measures:
    """Return all that can be said without a threshold; asked as ``judge``."""
    view = view_of(log, rules, as_of)
    return replace(_rules_alone(view), standing=measure_standing(view), level=own_level(view))


def measure_rules(log: Log, rules: ProcedureRules, as_of: date) -> Measures:
    """Return the same without standing and levels, for counting alerts quickly."""
    return _rules_alone(view_of(log, rules, as_of))


def _rules_alone(view: View) -> Measures:
    if view.rules.has_daily_log:
        found = {kind: rule(view) for kind, rule in RULES.items()}
    else:
        found = dict.fromkeys(RULES, Unjudged.NOT_EXPECTED)
    return Measures(as_of=view.as_of, signs=tuple(sign_reasons(view)), found=found)


def decide(measures: Measures, settings: JudgementSettings) -> Judgement:
    """Return what follows from the measures under a clinic's thresholds."""
    reasons = list(measures.signs)
    unjudged: dict[ReasonKind, Unjudged] = {}
    for kind, measured in measures.found.items():
        said = measured if isinstance(measured, Unjudged) else measured.reason(settings)
        if isinstance(said, Reason):
            reasons.append(said)
        elif said is not None:
            unjudged[kind] = said
    is_higher = any(each.kind is ReasonKind.HIGHER for each in reasons)
    return Judgement(
        as_of=measures.as_of,
        reasons=tuple(reasons),
        unjudged=unjudged,
        standing=Standing.HIGHER if is_higher else measures.standing,
        level=measures.level,
    )
