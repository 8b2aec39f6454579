"""All rules together: what they say of a log as it stood on a day."""

from datetime import date

from recovery.judgement.log import Log
from recovery.judgement.reasons import Judgement
from recovery.judgement.rules import ProcedureRules
from recovery.judgement.settings import JudgementSettings


def judge(
    log: Log, rules: ProcedureRules, settings: JudgementSettings, as_of: date
) -> Judgement:
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
    raise NotImplementedError
