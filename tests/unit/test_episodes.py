"""Enrolment and brace plans: dates and numbers that cannot be true are refused."""

import math
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.episodes import LEVELS, MAX_LEVELS, BracePlan, age_on
from recovery.errors import InvalidEntry
from tests.factories import NOW, PROCEDURE_DATE, TODAY, enrolment

START = date(2026, 11, 12)


@pytest.mark.parametrize("hours", [0, -1, 24.01, math.nan, math.inf])
def test_brace_hours_that_cannot_be_worn_are_refused(hours: float) -> None:
    """A plan is for more than no hours and at most a whole day."""
    with pytest.raises(InvalidEntry, match="brace hours"):
        BracePlan(hours_per_day=hours, from_date=START)


def test_a_brace_plan_does_not_end_before_it_begins() -> None:
    """One day is the shortest plan."""
    with pytest.raises(InvalidEntry, match="ends before it begins"):
        BracePlan(hours_per_day=8, from_date=START, to_date=START - timedelta(days=1))

    assert BracePlan(hours_per_day=24, from_date=START, to_date=START).hours_on(START) == 24


def test_a_brace_plan_holds_from_its_first_to_its_last_day() -> None:
    """Both days are in it; without a last day it goes on."""
    last = START + timedelta(days=42)
    plan = BracePlan(hours_per_day=6.5, from_date=START, to_date=last)
    open_ended = BracePlan(hours_per_day=6.5, from_date=START)

    assert plan.hours_on(START - timedelta(days=1)) is None
    assert (plan.hours_on(START), plan.hours_on(last)) == (6.5, 6.5)
    assert plan.hours_on(last + timedelta(days=1)) is None
    assert open_ended.hours_on(date.max) == 6.5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"date_of_birth": date(1899, 12, 31)}, "date of birth"),
        ({"date_of_birth": TODAY + timedelta(days=1)}, "date of birth"),
        ({"procedure_date": date(1948, 3, 8)}, "before the date of birth"),
        ({"procedure_date": TODAY + timedelta(days=367)}, "more than a year ahead"),
        ({"baseline_nrs": 11}, "pain before the procedure"),
        ({"baseline_nrs": True}, "pain before the procedure"),
        ({"treated_levels": ("C7",)}, "treated levels"),
        ({"treated_levels": LEVELS[: MAX_LEVELS + 1]}, "treated levels"),
        ({"time_zone": "Mars/Olympus"}, "time zone"),
        ({"name": " "}, "Enter the name"),
        ({"name": "x" * 121}, "The name is 121"),
        ({"name": "Ro\x00wan"}, "cannot be stored"),
    ],
)
def test_an_enrolment_that_cannot_be_true_is_refused(changes: dict[str, Any], words: str) -> None:
    """The refusal names what to change."""
    with pytest.raises(InvalidEntry, match=words):
        enrolment(**changes).checked(NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"date_of_birth": date(1900, 1, 1)},
        {"date_of_birth": TODAY, "procedure_date": TODAY},
        {"procedure_date": TODAY + timedelta(days=366)},
        {"baseline_nrs": 0},
        {"baseline_nrs": None},
        {"treated_levels": ()},
        {"treated_levels": LEVELS[:MAX_LEVELS]},
        {"brace_plan": None},
        {"name": "x" * 120},
    ],
)
def test_the_edges_are_accepted(changes: dict[str, Any]) -> None:
    """What is rare but possible can be enrolled."""
    enrolment(**changes).checked(NOW)


def test_today_is_the_patients_own_when_dates_are_checked() -> None:
    """Somebody born today east of the date line is not born tomorrow."""
    born = TODAY + timedelta(days=1)
    east = enrolment(date_of_birth=born, procedure_date=born, time_zone="Pacific/Kiritimati")

    assert east.checked(NOW).date_of_birth == born
    with pytest.raises(InvalidEntry, match="date of birth"):
        enrolment(date_of_birth=born, procedure_date=born, time_zone="UTC").checked(NOW)


def test_levels_are_put_in_anatomical_order_once() -> None:
    """However they were ticked, they read from the top down."""
    checked = enrolment(treated_levels=("L1", "T9", "T12", "L1"), name="  Rowan   Elm ").checked(
        NOW
    )

    assert checked.treated_levels == ("T9", "T12", "L1")
    assert checked.name == "Rowan   Elm"
    assert checked.procedure_date == PROCEDURE_DATE


@pytest.mark.parametrize(
    ("on", "age"),
    [
        (date(2026, 3, 8), 77),
        (date(2026, 3, 9), 78),
        (date(1948, 3, 9), 0),
    ],
)
def test_age_grows_on_the_birthday(on: date, age: int) -> None:
    """The day before it is still the old age."""
    assert age_on(date(1948, 3, 9), on) == age


def test_people_born_on_a_leap_day_grow_older_in_every_year() -> None:
    """In other years the birthday counts from the first of March."""
    born = date(1948, 2, 29)

    assert age_on(born, date(2027, 2, 28)) == 78
    assert age_on(born, date(2027, 3, 1)) == 79
    assert age_on(born, date(2028, 2, 29)) == 80


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 40_000))
def test_age_never_falls(born: date, days: int) -> None:
    """A day later nobody is younger, and nobody is older by more than a year."""
    on = born + timedelta(days=days)

    assert 0 <= age_on(born, on) <= age_on(born, on + timedelta(days=1)) <= age_on(born, on) + 1
