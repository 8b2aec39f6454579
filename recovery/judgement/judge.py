"""All rules together: what they say of a log as it stood on a day."""

from datetime import date, timedelta

from recovery.judgement.log import Log
from recovery.judgement.reasons import Judgement, Reason, ReasonKind
from recovery.judgement.rules import ProcedureRules
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.silence import silent_from


def judge(log: Log, rules: ProcedureRules, settings: JudgementSettings, as_of: date) -> Judgement:
    """
    Judge a log as it stood on a day.

    Days after *as_of* are not looked at, so that a late or corrected report can be judged
    for each day it touches.

    Args:
        log: Everything logged.
        rules: The procedure's.
        settings: The clinic's thresholds.
        as_of: The day, in the patient's calendar, from the procedure on.
    """
    seen = log.up_to(as_of)
    found = [
        Reason(
            kind=ReasonKind.WARNING_SIGN,
            first_day=each.day,
            last_day=each.day,
            values={"signs": sorted(each.warning_signs)},
        )
        for each in seen.days
        if each.warning_signs and as_of - each.day < timedelta(days=14)
    ]
    last_day = seen.days[-1].day if seen.days else None
    due = silent_from(last_day, log.procedure_date, rules, settings)
    if due is not None and due <= as_of:
        since = last_day or log.procedure_date
        found.append(
            Reason(
                kind=ReasonKind.SILENCE,
                first_day=since,
                last_day=as_of,
                values={"days": (as_of - since).days},
            )
        )
    return Judgement(as_of=as_of, reasons=tuple(found))
