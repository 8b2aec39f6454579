"""What a clinic's thresholds would have asked for, from its own last days."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from recovery.judgement.judge import Measures, decide, measure_rules
from recovery.judgement.log import Log
from recovery.judgement.opening import Openings
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.rules import ProcedureRules
from recovery.judgement.settings import JudgementSettings

REPLAYED_DAYS = 90
"""Days back that are replayed, today included."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """
    What one set of thresholds would have opened.

    Attributes:
        patient_days: Days on which a patient was followed, all patients together.
        alerts: Alerts by kind; kinds without one are left out.
    """

    patient_days: int
    alerts: Mapping[ReasonKind, int] = field(default_factory=dict)

    @property
    def per_100_per_week(self) -> float:
        """Alerts for 100 patients in a week; 0 where nobody was followed."""
        return 700 * sum(self.alerts.values()) / self.patient_days if self.patient_days else 0.0


def replay(
    logs: Iterable[tuple[Log, ProcedureRules]],
    candidates: Sequence[JudgementSettings],
    today: date,
) -> list[Replayed]:
    """
    Count the alerts that each set of thresholds would have opened in the last 90 days.

    What had been found already on the day before counts as open, so it is not counted again.
    Each log is measured once, whatever the number of candidates.

    Args:
        logs: Whole logs, with the rules of their procedures.
        candidates: The thresholds to compare.
        today: The last day.

    Returns:
        One count for each candidate, in their order.
    """
    alerts: list[Counter[ReasonKind]] = [Counter() for _ in candidates]
    patient_days = 0
    for log, rules in logs:
        first = max(log.procedure_date, today - timedelta(days=REPLAYED_DAYS - 1))
        days = max((today - first).days + 1, 0)
        patient_days += days
        if not days:
            continue
        before = measure_rules(log, rules, first - timedelta(days=1))
        measured = [
            measure_rules(log, rules, first + timedelta(days=ahead)) for ahead in range(days)
        ]
        for counted, settings in zip(alerts, candidates, strict=True):
            counted.update(_opened(before, measured, settings))
    return [Replayed(patient_days, dict(counted)) for counted in alerts]


def _opened(
    before: Measures, measured: Sequence[Measures], settings: JudgementSettings
) -> Iterable[ReasonKind]:
    opening = Openings()
    opening.after(decide(before, settings))
    for each in measured:
        for opened in opening.after(decide(each, settings)):
            yield opened.reason.kind
