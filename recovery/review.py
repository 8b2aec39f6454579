"""What a clinician's review list shows and how it is asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from recovery.alerts import OpenAlert

PAGE_SIZE = 25
DAYS_COUNTED = 7
"""Days back over which logged days are counted, today included."""
MASK_DAYS = 31
SPARK_DAYS = 28
"""Days that a row's small line of pain shows."""


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
class ReviewQuery:
    """
    One view of the review list.

    Attributes:
        search: Beginnings of words of the name, in any order; empty for everybody.
        order: How to sort.
        page: 0 for the first page.
    """

    search: str = ""
    order: ReviewOrder = ReviewOrder.NEED
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """
    One patient on the review list; None where nothing was reported yet.

    Attributes:
        days_logged: Days logged of the last seven, today included, 0-7.
        spark: Pain of the 28 days up to ``last_day``, as ``spark_of`` spells it.
        alerts: Open alerts that are not snoozed, the gravest first.
    """

    patient_id: UUID
    name: str
    procedure: str
    procedure_date: date
    post_procedure_day: int
    last_day: date | None
    last_worst_pain_nrs: int | None
    days_logged: int
    spark: str
    alerts: tuple[OpenAlert, ...] = ()


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
    pains = (pain_by_day.get(day) for day in window)
    return "".join("." if pain is None else "0123456789X"[pain] for pain in pains)


def pains_of(spark: str) -> list[int | None]:
    """Return what ``spark_of`` spelled, None for a day without a report."""
    return [None if sign == "." else "0123456789X".index(sign) for sign in spark]
