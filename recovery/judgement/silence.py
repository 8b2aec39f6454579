"""No report for as many days as the procedure says."""

from datetime import date, timedelta

from recovery.judgement.rules import ProcedureRules
from recovery.judgement.settings import JudgementSettings


def silent_from(
    last_day: date | None,
    procedure_date: date,
    rules: ProcedureRules,
    settings: JudgementSettings,
) -> date | None:
    """
    Return the first day on which silence will be a reason; None when it never will.

    Args:
        last_day: Newest logged day; None without any.
        procedure_date: Day 0.
        rules: The procedure's.
        settings: The clinic's thresholds.
    """
    if rules.silence_days is None:
        return None
    day = (last_day or procedure_date - timedelta(days=1)) + timedelta(days=rules.silence_days)
    return day if (day - procedure_date).days <= settings.silence_until_day else None
