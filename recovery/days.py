"""Calendar days of a recovery: post-procedure days, today, and what may still be entered."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recovery.errors import InvalidEntry
from recovery.wording import tr

LATE_WINDOW_DAYS = 2
"""How many days before today can still be entered.

One-day recall matches momentary ratings well and gets hard beyond the past several
days (PMC2617790); same-day to 48 h is the usual window.
"""


def zone(name: str) -> ZoneInfo:
    """
    Look up an IANA time zone.

    Raises:
        InvalidEntry: If there is no zone of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidEntry("Choose a time zone from the list.") from error


def today_in(zone_name: str, now: datetime) -> date:
    """
    Return the calendar day in *zone_name* at the instant *now*.

    Args:
        zone_name: IANA name, such as ``America/New_York``.

        now: An aware instant.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    return now.astimezone(zone(zone_name)).date()


def earliest_today(now: datetime) -> date:
    """
    Return a day that has begun for everybody at the instant *now*, wherever they are.

    No place is more than twelve hours behind UTC, so for nobody it is earlier than the day before.
    """
    return now.astimezone(UTC).date() - timedelta(days=1)


def latest_today(now: datetime) -> date:
    """Return the newest day that has begun for anybody at *now*; no place is a day ahead of UTC."""
    return now.astimezone(UTC).date() + timedelta(days=1)


def post_procedure_day(procedure_date: date, on: date) -> int:
    """
    Count whole days from the procedure to *on*.

    Returns:
        0 on the day of the procedure, negative before it.
    """
    return (on - procedure_date).days


def reportable_days(procedure_date: date, today: date) -> list[date]:
    """
    List the days that can be entered or corrected, newest first.

    Today and the ``LATE_WINDOW_DAYS`` days before it, never before the procedure.
    """
    days = [today - timedelta(days=back) for back in range(LATE_WINDOW_DAYS + 1)]
    return [day for day in days if day >= procedure_date]


def check_reportable(day: date, *, procedure_date: date, today: date) -> None:
    """
    Refuse a day that cannot be entered.

    Raises:
        InvalidEntry: If *day* is in the future, before the procedure, or past
            the late window.
    """
    if day > today:
        raise InvalidEntry(
            tr("That day has not come yet. Choose today or one of the two days before.")
        )
    if day < procedure_date:
        raise InvalidEntry(
            tr("That day is before the procedure. Choose a day from the procedure on.")
        )
    if (today - day).days > LATE_WINDOW_DAYS:
        raise InvalidEntry(
            tr("That day is too long ago to enter. Choose today or one of the two days before.")
        )


def is_late(day: date, entered_on: date) -> bool:
    """Tell whether a report for *day* was entered on a later day."""
    return entered_on > day


def month_end(day: date) -> date:
    """Return the last day of the month of *day*."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_between(first: date, last: date) -> list[date]:
    """Return the first day of each month from that of *first* to that of *last*, rising."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]
