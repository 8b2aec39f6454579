"""Logged days in one number, against a plain set of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.review import DAYS_COUNTED, ReviewQuery, days_logged, with_day_logged

START = date(2026, 1, 1)
offsets = st.lists(st.integers(0, 90), min_size=1, max_size=60)


def _mask_of(days: list[date]) -> tuple[int, date]:
    mask, last_day = 0, None
    for day in days:
        mask = with_day_logged(mask, last_day=last_day, day=day)
        last_day = day if last_day is None else max(last_day, day)
    assert last_day is not None
    return mask, last_day


@given(offsets=offsets, ahead=st.integers(-10, 40))
def test_the_count_is_that_of_a_set_of_days(offsets: list[int], ahead: int) -> None:
    """In any order, with doubles, with gaps, and seen from any day."""
    days = [START + timedelta(days=offset) for offset in offsets]
    mask, last_day = _mask_of(days)
    today = last_day + timedelta(days=ahead)
    counted = {today - timedelta(days=back) for back in range(DAYS_COUNTED)}

    assert days_logged(mask, last_day=last_day, today=today) == len(counted & set(days))


@given(offsets)
def test_the_mask_fits_its_column(offsets: list[int]) -> None:
    """It keeps the newest day, and stays a positive number of 31 bits."""
    mask, _ = _mask_of([START + timedelta(days=offset) for offset in offsets])

    assert mask & 1
    assert 0 < mask < 1 << 31


@given(offsets)
def test_the_order_of_entries_does_not_matter(offsets: list[int]) -> None:
    """Late entries give the same mask as timely ones."""
    days = [START + timedelta(days=offset) for offset in offsets]

    assert _mask_of(days) == _mask_of(sorted(days)) == _mask_of(sorted(days, reverse=True))


@pytest.mark.parametrize(
    ("silent", "count"), [(-7, 0), (-1, 6), (0, 7), (1, 6), (6, 1), (7, 0), (10_000, 0)]
)
def test_a_full_week_fades_day_by_day(silent: int, count: int) -> None:
    """Seen from before its last day, too, only days up to today count."""
    today = START + timedelta(days=silent)

    assert days_logged(0b111_1111, last_day=START, today=today) == count


def test_an_empty_query_shows_the_first_page() -> None:
    """Everybody, those to look at first."""
    query = ReviewQuery()

    assert (query.search, query.page, query.order) == ("", 0, "attention")
