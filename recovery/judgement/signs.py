"""Warning signs: each day with a tick is a reason of its own, at once and never averaged."""

from datetime import timedelta

from recovery.judgement.reasons import Reason, ReasonKind
from recovery.judgement.view import View

SIGN_DAYS = 14
"""Days back, today included, for which a ticked sign asks for a look."""


def sign_reasons(view: View) -> list[Reason]:
    """
    Return one reason for each of the last fourteen days with ticked signs, the newest first.

    Values: ``signs``, the ids of the ticked signs in alphabetical order.
    """
    recent = view.between(view.as_of - timedelta(days=SIGN_DAYS - 1), view.as_of)
    return [
        Reason(
            kind=ReasonKind.WARNING_SIGN,
            first_day=each.day,
            last_day=each.day,
            values={"signs": sorted(each.warning_signs)},
        )
        for each in reversed(recent)
        if each.warning_signs
    ]
