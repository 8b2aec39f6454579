"""Places whose clocks change in different ways, and the two days of a year on which they do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

YEAR = 2026

PLACES = (
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "Europe/Berlin",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
)
"""
Both halves of the earth, an offset of half an hour (St. John's), a change of half an hour (Lord
Howe), and three where the clock changes at midnight, so that a day begins at one o'clock.
"""


def change_days(place: str, year: int = YEAR) -> tuple[date, date]:
    """Return the two days of *year* that are not 24 hours long in *place*."""
    zone, day = ZoneInfo(place), date(year, 1, 1)
    found = []
    while day.year == year:
        length = _midnight(day + timedelta(days=1), zone) - _midnight(day, zone)
        if length != timedelta(days=1):
            found.append(day)
        day += timedelta(days=1)
    first, second = found
    return first, second


def at(place: str, day: date, hour: int, minute: int, *, again: bool = False) -> datetime:
    """Return the instant (UTC) at which the clock shows a time; *again* when it does so twice."""
    local = datetime.combine(day, time(hour, minute, fold=int(again)), tzinfo=ZoneInfo(place))
    return local.astimezone(UTC)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


CHANGES = [(place, day) for place in PLACES for day in change_days(place)]
"""Each place with each of its two days."""
