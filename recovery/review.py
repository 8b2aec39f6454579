"""What a clinician's review list shows and how it is asked for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from recovery.reports import EventKind

PAGE_SIZE = 25
DAYS_COUNTED = 7
"""Days back over which logged days are counted, today included."""


class ReviewOrder(StrEnum):
    """How the review list can be sorted."""

    ATTENTION = "attention"
    NAME = "name"
    PROCEDURE = "procedure"
    NEWEST_PROCEDURE = "newest_procedure"
    LATEST_REPORT = "latest_report"
    LONGEST_SILENT = "longest_silent"
    HIGHEST_PAIN = "highest_pain"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewQuery:
    """
    One view of the review list.

    Attributes:
        search: Beginnings of words of the name, in any order; empty for everybody.
        order: How to sort.
        page: 0 for the first page.
    """

    search: str = ""
    order: ReviewOrder = ReviewOrder.ATTENTION
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """
    One patient on the review list; None where nothing was reported yet.

    Attributes:
        days_logged: Days logged of the last seven, today included, 0-7.
        warning_day: Newest day with a ticked warning sign.
        event: Newest sudden pain or fall, recorded on ``event_day``.
    """

    patient_id: UUID
    name: str
    procedure: str
    procedure_date: date
    post_procedure_day: int
    last_day: date | None
    last_worst_pain_nrs: int | None
    days_logged: int
    warning_day: date | None
    event: EventKind | None
    event_day: date | None

    @property
    def attention_day(self) -> date | None:
        """The newest day on which something to look at was recorded."""
        return max(filter(None, (self.warning_day, self.event_day)), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """One page of the review list and whether another follows."""

    rows: tuple[ReviewRow, ...]
    has_next: bool


def days_logged(mask: int, *, last_day: date, today: date) -> int:
    """
    Count the logged days of the last seven.

    Args:
        mask: Bit *n* is set when the day *n* days before *last_day* was logged.
        last_day: The newest logged day.
        today: The day to count back from, inclusive.
    """
    silent_days = (today - last_day).days
    if silent_days < 0:
        mask, silent_days = mask >> -silent_days, 0
    window = (1 << max(0, DAYS_COUNTED - silent_days)) - 1
    return (mask & window).bit_count()


def with_day_logged(mask: int, *, last_day: date | None, day: date) -> int:
    """
    Return the mask after *day* was logged, relative to the newer of the two days.

    Only the last 31 days are kept, enough for any window shown.
    """
    keep = (1 << 31) - 1
    if last_day is None:
        return 1
    ahead = (day - last_day).days
    return ((mask << min(ahead, 31)) | 1 if ahead > 0 else mask | (1 << min(-ahead, 62))) & keep
