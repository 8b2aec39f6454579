"""Which days the clinician's chart shows: at first all so far, ending where something ends."""

from collections.abc import Sequence
from datetime import date
from math import ceil

from charts.days import CHOICES, SHORTEST, DayRange
from recovery.days import post_procedure_day
from ui.choice_row import choice_row
from ui.recovery_view import Drawing, Recovery

SO_FAR = "So far"
"""The range that is on at first; it takes the place of the patients' "All"."""

_AHEAD = 0.15  # of the days so far, so that the newest ones do not stick to the edge
_FARTHEST_VISIT = 0.5  # of the days so far; beyond it a visit would empty the chart again


def choose_clinical_range(recovery: Recovery, planned: Sequence[date]) -> Drawing:
    """
    Ask which days to draw.

    Args:
        recovery: Whose.
        planned: Days on which the patient was or is expected.
    """
    names = {SO_FAR: SO_FAR, **{name: name for name, length in CHOICES.items() if length}}
    choice = choice_row(names, key="clinical-range")
    if choice != SO_FAR:
        return Drawing(recovery=recovery, days=DayRange.chosen(choice, recovery.pod))
    begins = recovery.episode.procedure_date
    visits = [post_procedure_day(begins, day) for day in planned]
    return Drawing(recovery=recovery, days=range_so_far(recovery.pod, visits))


def range_so_far(today: int, visits: Sequence[int]) -> DayRange:
    """
    Return the days from the procedure on, with a little room, or up to a visit that is near.

    Args:
        today: Post-procedure day of today; negative before the procedure.
        visits: Post-procedure days of planned visits, in any order.
    """
    farthest = ceil(today * (1 + _FARTHEST_VISIT))
    near = [day for day in visits if today < day <= farthest]
    last = max(near, default=ceil(today * (1 + _AHEAD)))
    return DayRange(0, max(last, SHORTEST - 1))
