"""Silence: no report for a number of days, which may mean anything, so somebody asks."""

from dataclasses import dataclass
from datetime import date, timedelta

from recovery.days import post_procedure_day
from recovery.judgement.reasons import Reason, ReasonKind, Unjudged
from recovery.judgement.rules import ProcedureRules
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.view import View


@dataclass(frozen=True, slots=True)
class Silence:
    """
    How long nothing was reported.

    Attributes:
        as_of: The day looked from.
        pod: Its post-procedure day.
        days: Days since the last report, or since the procedure without one.
        last_day: Day of the last report; None without one.
        silence_days: Days that are a reason to look.
    """

    as_of: date
    pod: int
    days: int
    last_day: date | None
    silence_days: int

    def reason(self, settings: JudgementSettings) -> Reason | Unjudged | None:
        """
        Return the reason where the silence is long enough and a report is still expected.

        Values: ``days``, days without a report; ``last_day`` (ISO), left out when nothing was
        ever reported; ``silence_days``, the procedure's number.
        """
        if self.pod > settings.silence_until_day:
            return Unjudged.NOT_EXPECTED
        if self.days < self.silence_days:
            return None
        last = {} if self.last_day is None else {"last_day": self.last_day.isoformat()}
        return Reason(
            kind=ReasonKind.SILENCE,
            first_day=self.as_of - timedelta(days=self.days - 1),
            last_day=self.as_of,
            values={"days": self.days, "silence_days": self.silence_days, **last},
        )


def measure_silence(view: View) -> Silence | Unjudged:
    """Count the days since the last report, or since the procedure without one."""
    silence_days = view.rules.silence_days
    if silence_days is None:
        return Unjudged.NOT_EXPECTED
    if view.pod < silence_days:
        return Unjudged.TOO_EARLY
    last = view.days[-1].day if view.days else None
    since = view.log.procedure_date if last is None else last
    return Silence(view.as_of, view.pod, (view.as_of - since).days, last, silence_days)


def silent_from(
    last_day: date | None,
    procedure_date: date,
    rules: ProcedureRules,
    settings: JudgementSettings,
) -> date | None:
    """
    Return the first day on which silence will be a reason if no report comes.

    Args:
        last_day: Day of the last report; None without one.
        procedure_date: Day 0.
        rules: The procedure's.
        settings: The clinic's thresholds.

    Returns:
        None where none is expected by then.
    """
    if rules.silence_days is None:
        return None
    since = procedure_date if last_day is None else last_day
    day = since + timedelta(days=rules.silence_days)
    last_pod = settings.silence_until_day
    return day if post_procedure_day(procedure_date, day) <= last_pod else None
