"""What a clinician's review list shows and how it is asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from recovery.alerts import AlertState, OpenAlert
from recovery.judgement.reasons import ReasonKind
from recovery.spelling import pain_of, sign_of

PAGE_SIZE = 25
DAYS_COUNTED = 7
"""Most days back over which logged days are counted."""
MASK_DAYS = 31
SPARK_DAYS = 28
"""Days that a row's small line of pain shows."""
MAX_COUNTED = 99
"""Most patients that are counted for one reason; more are told as more."""
MAX_LISTED = 5_000
"""Most rows of the list that are taken away as one file."""
LOOK_AGAIN = timedelta(minutes=30)
"""This long after a look, the next one is another; until then what was new stays new."""


_HANDLED = list(AlertState)
"""What became of an alert, from nothing to all."""


class ReviewOrder(StrEnum):
    """How the review list can be sorted."""

    NEED = "need"
    NAME = "name"
    PROCEDURE = "procedure"
    NEWEST_PROCEDURE = "newest_procedure"
    LATEST_REPORT = "latest_report"
    LONGEST_SILENT = "longest_silent"
    HIGHEST_PAIN = "highest_pain"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRange:
    """
    Some post-procedure days.

    Attributes:
        first: First day, inclusive; None for all before the last.
        last: Last day, inclusive; None for no end.
    """

    first: int | None = None
    last: int | None = None

    def procedure_dates(self, today: date) -> tuple[date | None, date | None]:
        """Return the earliest and the latest procedure date of those who are on these days."""
        return (
            None if self.last is None else today - timedelta(days=self.last),
            None if self.first is None else today - timedelta(days=self.first),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewQuery:
    """
    One view of the review list; what is given has to hold together.

    Attributes:
        search: Beginnings of words of the name, in any order; empty for everybody.
        order: How to sort.
        page: 0 for the first page.
        is_mine: Only those whom the reader looks after by name.
        reason: Only those with an open alert of this kind that is not snoozed.
        procedure: Only those who had this procedure; empty for all.
        days: Only those who are on these post-procedure days today.
        has_visit: Only those with a visit in the clinic's present week.
        changed_since: Only those whose row changed after this instant (UTC).
    """

    search: str = ""
    order: ReviewOrder = ReviewOrder.NEED
    page: int = 0
    is_mine: bool = False
    reason: ReasonKind | None = None
    procedure: str = ""
    days: DayRange | None = None
    has_visit: bool = False
    changed_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """
    One patient on the review list; None where nothing was reported yet.

    Attributes:
        today: The patient's own day.
        days_logged: Days logged of those counted, 0-7.
        days_counted: Days that a report could be expected on, 0-7, as ``counted_days`` has them.
        spark: Pain of the 28 days up to ``last_day``, as ``spark_of`` spells it.
        changed_at: When what the list says of them changed last (UTC).
        is_own_change: Whether an act of the reader's own was what changed it last.
        alerts: Open alerts that are not snoozed, the gravest first.
        snoozed_until: Last day of the snooze that ends first; None when no open alert is snoozed.
        visits: Planned days in the clinic's present week, in order, where they were asked for.
    """

    patient_id: UUID
    name: str
    procedure: str
    procedure_date: date
    post_procedure_day: int
    today: date
    last_day: date | None
    last_worst_pain_nrs: int | None
    days_logged: int
    days_counted: int
    spark: str
    changed_at: datetime
    is_own_change: bool = False
    alerts: tuple[OpenAlert, ...] = ()
    snoozed_until: date | None = None
    visits: tuple[date, ...] = ()

    def alerts_to_handle(self, reason: ReasonKind | None = None) -> tuple[OpenAlert, ...]:
        """
        Return the open alerts as they are to be named: the least handled first, then the gravest.

        Args:
            reason: What the reader asked for, which goes before all others; None for nothing.
        """
        return tuple(
            sorted(
                self.alerts,
                key=lambda each: (each.reason.kind is not reason, _HANDLED.index(each.state)),
            )
        )

    def recent_pains(self) -> list[int | None]:
        """
        Return the average pain, NRS 0-10, of each of the last 28 days, the oldest first.

        Begins at the procedure when that was later, and ends yesterday unless today is logged:
        a day that is not over is not missing. None for a day without a report.
        """
        last = self.today - timedelta(days=self.last_day is None or self.last_day < self.today)
        first = max(self.procedure_date, last - timedelta(days=SPARK_DAYS - 1))
        known: dict[date, int | None] = {}
        if self.last_day is not None:
            begin = self.last_day - timedelta(days=len(self.spark) - 1)
            known = {
                begin + timedelta(days=at): pain for at, pain in enumerate(pains_of(self.spark))
            }
        return [known.get(first + timedelta(days=at)) for at in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """One page of the review list and whether another follows."""

    rows: tuple[ReviewRow, ...]
    has_next: bool


def counted_days(
    mask: int, *, last_day: date, procedure_date: date, today: date
) -> tuple[int, int]:
    """
    Count the logged days of the last seven, and the days that could be logged.

    A day that is not over is no day without a report, so today counts only once it is logged;
    days before the procedure never count.

    Args:
        mask: Bit *n* is set when the day *n* days before *last_day* was logged; 0 for no report.
        last_day: The newest logged day.
        procedure_date: The first day that counts.
        today: The person's own day.

    Returns:
        How many were logged, and of how many, both 0-7.
    """
    back = (today - last_day).days
    if back > DAYS_COUNTED:
        mask = 0
    # From here on, bit n is the day n days before today.
    mask = mask << min(back, DAYS_COUNTED) if back >= 0 else mask >> -back
    if not mask & 1:
        today, mask = today - timedelta(days=1), mask >> 1
    counted = min(max((today - procedure_date).days + 1, 0), DAYS_COUNTED)
    return (mask & ((1 << counted) - 1)).bit_count(), counted


def logged_mask(days: Iterable[date], last_day: date) -> int:
    """
    Return the logged days as bits: bit *n* is the day *n* days before *last_day*.

    Only the last 31 days are kept, enough for any window shown.
    """
    back = ((last_day - day).days for day in days)
    return sum(1 << each for each in {each for each in back if 0 <= each < MASK_DAYS})


def spark_of(pain_by_day: Mapping[date, int], last_day: date) -> str:
    """
    Spell the pain of the 28 days up to *last_day*, oldest first, a sign a day.

    Args:
        pain_by_day: Average pain of each logged day, NRS 0-10.
        last_day: The newest logged day.

    Returns:
        ``0`` to ``9``, ``X`` for ten, ``.`` for a day without a report.
    """
    window = (last_day - timedelta(days=back) for back in reversed(range(SPARK_DAYS)))
    return "".join(sign_of(pain_by_day.get(day)) for day in window)


def pains_of(spark: str) -> list[int | None]:
    """Return what ``spark_of`` spelled, None for a day without a report."""
    return [pain_of(sign) for sign in spark]


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of the week of *day*."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
