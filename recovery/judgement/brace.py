"""Brace worn less than planned."""

from dataclasses import dataclass
from datetime import date

from recovery.judgement.reasons import Reason, ReasonKind, Unjudged
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.view import View
from recovery.summary import ENOUGH_DAYS


@dataclass(frozen=True, slots=True)
class Brace:
    """
    The last seven days with a plan and an answer.

    Attributes:
        first_day: First of them.
        last_day: Last of them.
        days: How many, 4-7.
        worn_hours: Mean hours worn.
        planned_hours: Mean hours planned on the same days, above 0.
    """

    first_day: date
    last_day: date
    days: int
    worn_hours: float
    planned_hours: float

    def reason(self, settings: JudgementSettings) -> Reason | None:
        """
        Return the reason where less than the clinic's share was worn.

        Values: ``worn_hours`` and ``planned_hours``, means a day; ``share``, 0-1; ``limit``, the
        clinic's share; ``days``, days that were counted.
        """
        share = self.worn_hours / self.planned_hours
        if share >= settings.brace_share:
            return None
        return Reason(
            kind=ReasonKind.BRACE,
            first_day=self.first_day,
            last_day=self.last_day,
            values={
                "worn_hours": round(self.worn_hours, 2),
                "planned_hours": round(self.planned_hours, 2),
                "share": round(share, 3),
                "limit": settings.brace_share,
                "days": self.days,
            },
        )


def measure_brace(view: View) -> Brace | Unjudged:
    """Measure the hours worn on the days of the last seven with a plan and an answer."""
    planned = [each for each in view.week or view.days[-1:] if each.planned_hours]
    if not planned:
        return Unjudged.NO_PLAN
    pairs = [
        (each.day, each.worn_hours, each.planned_hours)
        for each in planned
        if each.worn_hours is not None and each.planned_hours is not None
    ]
    if len(pairs) < ENOUGH_DAYS:
        return Unjudged.TOO_FEW
    return Brace(
        first_day=pairs[0][0],
        last_day=pairs[-1][0],
        days=len(pairs),
        worn_hours=sum(worn for _, worn, _ in pairs) / len(pairs),
        planned_hours=sum(hours for *_, hours in pairs) / len(pairs),
    )
