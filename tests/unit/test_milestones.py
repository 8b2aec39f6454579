"""Milestones: the clinic's follow-up day in place of the first documented one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.milestones import (
    FOLLOW_UP_DAYS,
    NOTICE_DAYS,
    days_to_visit,
    follow_up_day,
    milestones,
)

DAYS = st.lists(st.integers(0, 400), unique=True).map(sorted)
DAY = st.integers(0, 1_000)


@pytest.mark.parametrize(
    ("advice", "day"),
    [
        ({}, None),
        ({"driving_days": 3.0}, None),
        ({FOLLOW_UP_DAYS: 0.0}, 0),
        ({FOLLOW_UP_DAYS: 14.0}, 14),
        ({FOLLOW_UP_DAYS: 10.4}, 10),
        ({FOLLOW_UP_DAYS: 10.5}, 11),
    ],
)
def test_the_follow_up_day_is_whole(advice: dict[str, float], day: int | None) -> None:
    """Nothing stands in for what the clinic did not decide."""
    assert follow_up_day(advice) == day


@pytest.mark.parametrize(
    ("documented", "follow_up", "days"),
    [
        ((), None, ()),
        ((), 14, (14,)),
        ((14, 30), None, (14, 30)),
        ((14, 30), 10, (10, 30)),
        ((14, 30), 30, (30,)),
        ((14, 30), 40, (30, 40)),
        ((14, 30), 0, (0, 30)),
    ],
)
def test_the_clinics_day_replaces_the_first(
    documented: tuple[int, ...], follow_up: int | None, days: tuple[int, ...]
) -> None:
    """Also where it falls on or behind the second, and where nothing is documented."""
    assert milestones(documented, follow_up) == days


@given(documented=DAYS, follow_up=st.none() | DAY)
def test_milestones_rise_and_lose_only_the_first(
    documented: list[int], follow_up: int | None
) -> None:
    """Whatever the clinic decides, all later documented days stay, and its own is there."""
    days = milestones(documented, follow_up)

    assert list(days) == sorted(set(days))
    assert set(documented[1:]) <= set(days)
    assert follow_up is None or follow_up in days
    assert set(days) <= {*documented, follow_up}
    assert follow_up is not None or days == tuple(documented)


@given(documented=DAYS, follow_up=DAY)
def test_the_day_is_set_once(documented: list[int], follow_up: int) -> None:
    """There are as many as documented, one fewer where the clinic's falls on another."""
    extra = 0 if documented else 1
    shared = 1 if follow_up in documented[1:] else 0

    assert len(milestones(documented, follow_up)) == len(documented) + extra - shared


@pytest.mark.parametrize(
    ("follow_up", "pod", "days"),
    [
        (None, 10, None),
        (14, 6, None),
        (14, 7, 7),
        (14, 11, 3),
        (14, 14, 0),
        (14, 15, None),
        (2, -3, 5),
    ],
)
def test_a_visit_is_told_a_week_ahead(follow_up: int | None, pod: int, days: int | None) -> None:
    """From the first day of that week to the day itself, before the procedure too."""
    assert days_to_visit(follow_up, pod) == days


@given(follow_up=DAY, pod=st.integers(-400, 1_000))
def test_a_visit_is_told_on_eight_days_alone(follow_up: int, pod: int) -> None:
    """What is told adds up to the day of the visit."""
    days = days_to_visit(follow_up, pod)

    assert (days is not None) is (pod <= follow_up <= pod + NOTICE_DAYS)
    assert days is None or pod + days == follow_up
