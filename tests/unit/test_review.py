"""What a row of the review list says of days, against a plain set of days."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.review import (
    DAYS_COUNTED,
    SPARK_DAYS,
    DayRange,
    ReviewOrder,
    ReviewQuery,
    ReviewRow,
    days_logged,
    logged_mask,
    pains_of,
    spark_of,
    week_of,
)

START = date(2026, 1, 1)
offsets = st.lists(st.integers(0, 90), min_size=1, max_size=60)
logs = st.dictionaries(st.integers(0, 60), st.integers(0, 10), min_size=1)


def _row(pains: dict[date, int], *, today: date, procedure_date: date) -> ReviewRow:
    last_day = max(pains, default=None)
    return ReviewRow(
        patient_id=uuid4(),
        name="Rowan Elm",
        procedure="kyphoplasty",
        procedure_date=procedure_date,
        post_procedure_day=(today - procedure_date).days,
        today=today,
        last_day=last_day,
        last_worst_pain_nrs=None,
        days_logged=0,
        spark="" if last_day is None else spark_of(pains, last_day),
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@given(offsets=offsets, ahead=st.integers(-10, 40))
def test_the_count_is_that_of_a_set_of_days(offsets: list[int], ahead: int) -> None:
    """In any order, with doubles, with gaps, and seen from any day."""
    days = [START + timedelta(days=offset) for offset in offsets]
    last_day = max(days)
    today = last_day + timedelta(days=ahead)
    counted = {today - timedelta(days=back) for back in range(DAYS_COUNTED)}

    logged = days_logged(logged_mask(days, last_day), last_day=last_day, today=today)
    assert logged == len(counted & set(days))


@given(offsets)
def test_the_mask_fits_its_column(offsets: list[int]) -> None:
    """It keeps the newest day, and stays a positive number of 31 bits."""
    days = [START + timedelta(days=offset) for offset in offsets]
    mask = logged_mask(days, max(days))

    assert mask & 1
    assert 0 < mask < 1 << 31


@pytest.mark.parametrize(
    ("silent", "count"), [(-7, 0), (-1, 6), (0, 7), (1, 6), (6, 1), (7, 0), (10_000, 0)]
)
def test_a_full_week_fades_day_by_day(silent: int, count: int) -> None:
    """Seen from before its last day, too, only days up to today count."""
    today = START + timedelta(days=silent)

    assert days_logged(0b111_1111, last_day=START, today=today) == count


@given(logs)
def test_a_line_of_pain_reads_back_what_was_logged(log: dict[int, int]) -> None:
    """Each of the last 28 days is its pain or missing, and never a stand-in."""
    pains = {START + timedelta(days=offset): pain for offset, pain in log.items()}
    last_day = max(pains)
    window = [last_day - timedelta(days=back) for back in reversed(range(SPARK_DAYS))]

    assert pains_of(spark_of(pains, last_day)) == [pains.get(day) for day in window]


@given(log=logs, silent=st.integers(0, 40), before=st.integers(0, 40))
def test_a_row_shows_the_days_up_to_yesterday_or_a_logged_today(
    log: dict[int, int], silent: int, before: int
) -> None:
    """Days before the procedure are no missing days, and neither is a day that is not over."""
    pains = {START + timedelta(days=offset): pain for offset, pain in log.items()}
    today = max(pains) + timedelta(days=silent)
    procedure_date = min(pains) - timedelta(days=before)
    last = today if today in pains else today - timedelta(days=1)
    days = [last - timedelta(days=back) for back in reversed(range(SPARK_DAYS))]

    shown = _row(pains, today=today, procedure_date=procedure_date).recent_pains()
    assert shown == [pains.get(day) for day in days if day >= procedure_date]


@pytest.mark.parametrize(("pod", "days"), [(-5, 0), (0, 0), (1, 1), (28, 28), (400, 28)])
def test_a_row_without_reports_shows_the_days_that_passed(pod: int, days: int) -> None:
    """None before the procedure and on its day, then one more each day, up to 28."""
    row = _row({}, today=START + timedelta(days=pod), procedure_date=START)

    assert row.recent_pains() == [None] * days


@given(first=st.integers(-400, 400), length=st.integers(0, 400), pod=st.integers(-900, 900))
def test_a_range_of_days_is_a_range_of_procedure_dates(first: int, length: int, pod: int) -> None:
    """Whoever is on one of the days had the procedure between the two dates, and nobody else."""
    days = DayRange(first=first, last=first + length)
    earliest, latest = days.procedure_dates(START)
    procedure_date = START - timedelta(days=pod)

    assert earliest is not None
    assert latest is not None
    assert (earliest <= procedure_date <= latest) is (first <= pod <= first + length)
    assert DayRange().procedure_dates(START) == (None, None)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_week_begins_on_monday(day: date) -> None:
    """Seven days around the day, Monday to Sunday."""
    monday, sunday = week_of(day)

    assert monday <= day <= sunday
    assert (monday.isoweekday(), (sunday - monday).days) == (1, 6)


def test_an_empty_query_shows_the_first_page() -> None:
    """Everybody, those in most need first."""
    query = ReviewQuery()

    assert (query.search, query.page, query.order) == ("", 0, ReviewOrder.NEED)
    assert (query.reason, query.procedure, query.days) == (None, "", None)
