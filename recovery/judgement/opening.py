"""When what was found anew opens another alert of its kind."""

from datetime import date

REARM_DAYS = 14
"""Days after the last one that an alert rests on before its kind may open another."""


def is_rearmed(last_day: date, as_of: date) -> bool:
    """Tell whether a kind that is quiet on *as_of* may open another alert when it is found again."""
    return (as_of - last_day).days >= REARM_DAYS
