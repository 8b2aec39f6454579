"""Days: which can be entered, what today is, and where a day stands in the recovery."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.days import (
    LATE_WINDOW_DAYS,
    check_reportable,
    earliest_today,
    is_late,
    latest_today,
    post_procedure_day,
    reportable_days,
    today_in,
    zone,
)
from recovery.errors import InvalidEntry
from tests.clock_changes import CHANGES, PLACES, at

TODAY = date(2026, 11, 22)
PROCEDURE_DATE = date(2026, 11, 12)
ZONES = {
    "Pacific/Pago_Pago": -11 * 60,
    "America/Los_Angeles": -8 * 60,
    "America/St_Johns": -(3 * 60 + 30),
    "UTC": 0,
    "Asia/Kolkata": 5 * 60 + 30,
    "Asia/Kathmandu": 5 * 60 + 45,
    "Australia/Lord_Howe": 11 * 60,
    "Pacific/Kiritimati": 14 * 60,
}
"""Minutes before or after UTC on ``TODAY``, in places whose clocks differ most."""


@pytest.mark.parametrize(
    "name",
    ["", " ", "Mars/Olympus", "America", "/etc/passwd", "../UTC", "nul\x00", "\ud800", "x" * 5_000],
)
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    """Whatever a form sends, the answer is a sentence and no file is opened."""
    with pytest.raises(InvalidEntry, match="time zone"):
        zone(name)


def test_an_instant_without_a_zone_is_a_mistake_of_ours() -> None:
    """A naive instant would be read as the server's own time."""
    with pytest.raises(ValueError, match="aware"):
        today_in("UTC", datetime(2026, 11, 22, 12, 0))  # noqa: DTZ001 - the mistake under test


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY + timedelta(days=1), "not come yet"),
        (TODAY - timedelta(days=LATE_WINDOW_DAYS + 1), "too long ago"),
        (date.min, "before the procedure"),
        (date.max, "not come yet"),
    ],
)
def test_a_day_outside_the_window_is_refused(day: date, words: str) -> None:
    """The refusal says which side of the window the day is on."""
    with pytest.raises(InvalidEntry, match=words):
        check_reportable(day, procedure_date=PROCEDURE_DATE, today=TODAY)


def test_a_day_before_the_procedure_is_refused() -> None:
    """The day before cannot be entered, although it lies inside the window."""
    with pytest.raises(InvalidEntry, match="before the procedure"):
        check_reportable(TODAY - timedelta(days=1), procedure_date=TODAY, today=TODAY)


def test_nothing_can_be_entered_while_the_procedure_lies_ahead() -> None:
    """People enrolled early have no day to report, and today is refused."""
    ahead = TODAY + timedelta(days=1)

    assert reportable_days(ahead, TODAY) == []
    with pytest.raises(InvalidEntry, match="before the procedure"):
        check_reportable(TODAY, procedure_date=ahead, today=TODAY)


@pytest.mark.parametrize("back", range(LATE_WINDOW_DAYS + 1))
def test_today_and_the_two_days_before_can_be_entered(back: int) -> None:
    """Both edges of the window are inside it, also when the oldest is the day of the procedure."""
    day = TODAY - timedelta(days=back)

    check_reportable(day, procedure_date=PROCEDURE_DATE, today=TODAY)
    check_reportable(day, procedure_date=day, today=TODAY)


def test_reportable_days_are_listed_newest_first() -> None:
    """The list begins with today and ends at the procedure or at the window's edge."""
    yesterday, before = TODAY - timedelta(days=1), TODAY - timedelta(days=2)

    assert reportable_days(PROCEDURE_DATE, TODAY) == [TODAY, yesterday, before]
    assert reportable_days(yesterday, TODAY) == [TODAY, yesterday]
    assert reportable_days(TODAY, TODAY) == [TODAY]


@given(
    procedure_date=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    ahead=st.integers(-5, 400),
    back=st.integers(-3, 8),
)
def test_what_is_listed_is_what_is_accepted(procedure_date: date, ahead: int, back: int) -> None:
    """A day is on the list exactly when it is not refused."""
    today = procedure_date + timedelta(days=ahead)
    day = today - timedelta(days=back)
    try:
        check_reportable(day, procedure_date=procedure_date, today=today)
        accepted = True
    except InvalidEntry:
        accepted = False

    assert accepted == (day in reportable_days(procedure_date, today))


@pytest.mark.parametrize(("name", "minutes"), ZONES.items())
def test_today_changes_at_the_persons_own_midnight(name: str, minutes: int) -> None:
    """A minute before midnight is still the old day, a minute after it the new one."""
    midnight = datetime(2026, 11, 23, tzinfo=UTC) - timedelta(minutes=minutes)

    assert today_in(name, midnight - timedelta(minutes=1)) == TODAY
    assert today_in(name, midnight) == TODAY + timedelta(days=1)
    assert today_in(name, midnight + timedelta(minutes=1)) == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "short_or_long"),
    [
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 11, 1)),
        ("Europe/Berlin", date(2026, 3, 29)),
        ("Europe/Berlin", date(2026, 10, 25)),
        ("Australia/Lord_Howe", date(2026, 10, 4)),
        ("America/Santiago", date(2026, 9, 6)),
    ],
)
def test_days_of_23_and_25_hours_are_one_day(name: str, short_or_long: date) -> None:
    """Where the clock changes, even at midnight, every hour falls on one day, in order."""
    start = datetime.combine(short_or_long, datetime.min.time(), tzinfo=UTC) - timedelta(days=1)
    hours = [start + timedelta(minutes=30 * step) for step in range(48 * 3)]
    days = [today_in(name, hour) for hour in hours]

    assert days == sorted(days)
    assert short_or_long in days
    assert len(set(days)) <= 4


@pytest.mark.parametrize(("place", "day"), CHANGES)
@pytest.mark.parametrize("again", [False, True])
def test_a_minute_around_each_midnight_of_a_clock_change(
    place: str, day: date, again: bool
) -> None:
    """At 23:59 the day still lasts and at 00:01 the next has begun, whichever way the clock goes."""
    for each in (day - timedelta(days=1), day):
        assert today_in(place, at(place, each, 23, 59, again=again)) == each
        assert today_in(place, at(place, each + timedelta(days=1), 0, 1)) == each + timedelta(
            days=1
        )


@given(
    home=st.sampled_from(sorted({*ZONES, *PLACES})),
    away=st.sampled_from(sorted({*ZONES, *PLACES})),
    seconds=st.integers(0, 10 * 366 * 86_400),
)
def test_travelling_loses_no_day_and_reaches_none_twice(home: str, away: str, seconds: int) -> None:
    """Today at home can still be entered wherever one lands, or it has not come there yet."""
    instant = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    left, landed = today_in(home, instant), today_in(away, instant)

    assert left in reportable_days(date.min, landed) or left > landed
    assert earliest_today(instant) <= landed <= latest_today(instant)
    # The day of the report is its key, so a day that comes again meets the report it has.
    assert (landed - left).days in range(-LATE_WINDOW_DAYS, LATE_WINDOW_DAYS + 1)


def test_the_leap_day_counts() -> None:
    """The day after 28 February is a day of its own every fourth year."""
    assert post_procedure_day(date(2028, 2, 28), date(2028, 3, 1)) == 2
    assert post_procedure_day(date(2027, 2, 28), date(2027, 3, 1)) == 1
    assert reportable_days(date(2028, 2, 1), date(2028, 3, 1))[1] == date(2028, 2, 29)


@given(procedure_date=st.dates(), days=st.integers(-400, 4_000))
def test_post_procedure_days_count_on(procedure_date: date, days: int) -> None:
    """Day 0 is the day of the procedure, and days before it are negative."""
    try:
        on = procedure_date + timedelta(days=days)
    except OverflowError:
        return

    assert post_procedure_day(procedure_date, on) == days


def test_a_report_is_late_from_the_next_day_on() -> None:
    """Entered on its own day it is not."""
    assert not is_late(TODAY, TODAY)
    assert is_late(TODAY - timedelta(days=1), TODAY)
