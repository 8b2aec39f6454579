"""The days of visits, on which people are also asked how things changed overall."""

from collections.abc import Mapping, Sequence

FOLLOW_UP_DAYS = "follow_up_days"
"""Name of the clinic's value that says on which day its follow-up visit is."""

NOTICE_DAYS = 7
"""How many days ahead a patient is told of the visit."""


def follow_up_day(advice: Mapping[str, float]) -> int | None:
    """
    Return the whole day of the clinic's follow-up visit; None when it decided none.

    Args:
        advice: What the clinic decided for the procedure, by the name of the value.
    """
    decided = advice.get(FOLLOW_UP_DAYS)
    # A half counts up: the visit is not before the day that the clinic meant.
    return None if decided is None else int(decided + 0.5)


def milestones(documented: Sequence[int], follow_up: int | None) -> tuple[int, ...]:
    """
    Return the post-procedure days of visits, rising, each once.

    Args:
        documented: The procedure's own milestone days, rising.
        follow_up: The clinic's follow-up day, which replaces the first of them.
    """
    days = documented if follow_up is None else [follow_up, *documented[1:]]
    return tuple(sorted(set(days)))


def days_to_visit(follow_up: int | None, pod: int) -> int | None:
    """Return how many days there are to the clinic's visit; None when that is not soon."""
    days = None if follow_up is None else follow_up - pod
    return days if days is not None and 0 <= days <= NOTICE_DAYS else None
