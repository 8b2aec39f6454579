"""What a row of the review list says of days, against a plain set of days."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.alerts import AlertState, OpenAlert
from recovery.judgement.reasons import Reason, ReasonKind
from recovery.review import (
    DAYS_COUNTED,
    SPARK_DAYS,
    DayRange,
    ReviewOrder,
    ReviewQuery,
    ReviewRow,
    counted_days,
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
        days_counted=0,
        spark="" if last_day is None else spark_of(pains, last_day),
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def _open(
    kind: ReasonKind, state: AlertState = AlertState.NEW, *, is_escalated: bool = False
) -> OpenAlert:
    reason = Reason(kind=kind, first_day=START, last_day=START)
    return OpenAlert(alert_id=uuid4(), reason=reason, state=state, is_escalated=is_escalated)


@given(offsets=offsets, ahead=st.integers(-10, 40), before=st.integers(-10, 100))
def test_the_count_is_that_of_a_set_of_days(offsets: list[int], ahead: int, before: int) -> None:
    """In any order, with doubles, with gaps, seen from any day, after any procedure."""
    days = [START + timedelta(days=offset) for offset in offsets]
    last_day = max(days)
    today = last_day + timedelta(days=ahead)
    procedure_date = last_day - timedelta(days=before)
    newest = today if today in days else today - timedelta(days=1)
    week = {newest - timedelta(days=back) for back in range(DAYS_COUNTED)}
    counted = {day for day in week if day >= procedure_date}

    assert counted_days(
        logged_mask(days, last_day), last_day=last_day, procedure_date=procedure_date, today=today
    ) == (len(counted & set(days)), len(counted))


@given(pod=st.integers(0, 60), is_today_logged=st.booleans())
def test_whoever_logs_each_day_misses_none(pod: int, *, is_today_logged: bool) -> None:
    """From the procedure on, at any hour of the day: all days of all days, seven at most."""
    today = START + timedelta(days=pod)
    days = [START + timedelta(days=at) for at in range(pod + is_today_logged)]
    last_day = max(days, default=date.min)
    expected = min(pod + is_today_logged, DAYS_COUNTED)

    assert counted_days(
        logged_mask(days, last_day), last_day=last_day, procedure_date=START, today=today
    ) == (expected, expected)


@pytest.mark.parametrize(
    ("pod", "counted"), [(-5, 0), (0, 0), (1, 1), (3, 3), (7, 7), (8, 7), (400, 7)]
)
def test_who_never_logged_misses_the_days_that_passed(pod: int, counted: int) -> None:
    """None before the procedure and on its day, then one more each day, up to a week."""
    today = START + timedelta(days=pod)

    assert counted_days(0, last_day=date.min, procedure_date=START, today=today) == (0, counted)


@given(offsets)
def test_the_mask_fits_its_column(offsets: list[int]) -> None:
    """It keeps the newest day, and stays a positive number of 31 bits."""
    days = [START + timedelta(days=offset) for offset in offsets]
    mask = logged_mask(days, max(days))

    assert mask & 1
    assert 0 < mask < 1 << 31


@pytest.mark.parametrize(
    ("silent", "count"), [(-7, 0), (-1, 6), (0, 7), (1, 7), (2, 6), (7, 1), (8, 0), (700_000, 0)]
)
def test_a_full_week_fades_day_by_day(silent: int, count: int) -> None:
    """The morning after it is still whole; seen from before its last day only days up to then."""
    today = START + timedelta(days=silent)
    since = date.min

    logged, counted = counted_days(0b111_1111, last_day=START, procedure_date=since, today=today)
    assert (logged, counted) == (count, DAYS_COUNTED)


ACTED_FALL = _open(ReasonKind.FALL, AlertState.ACTED)
SEEN_SIGN = _open(ReasonKind.WARNING_SIGN, AlertState.SEEN)
NEW_SILENCE = _open(ReasonKind.SILENCE)
NEW_BRACE = _open(ReasonKind.BRACE, is_escalated=True)


def test_what_nobody_handled_is_named_before_what_is_graver() -> None:
    """Among equally handled ones the gravest goes first; what was asked for before them all."""
    row = replace(
        _row({}, today=START, procedure_date=START),
        alerts=(SEEN_SIGN, ACTED_FALL, NEW_SILENCE, NEW_BRACE),
    )

    assert row.alerts_to_handle() == (NEW_SILENCE, NEW_BRACE, SEEN_SIGN, ACTED_FALL)
    asked = row.alerts_to_handle(ReasonKind.FALL)
    assert asked == (ACTED_FALL, NEW_SILENCE, NEW_BRACE, SEEN_SIGN)
    assert row.alerts_to_handle(ReasonKind.HIGHER) == row.alerts_to_handle()
    assert replace(row, alerts=()).alerts_to_handle(ReasonKind.FALL) == ()


@given(
    alerts=st.lists(
        st.builds(_open, st.sampled_from(ReasonKind), st.sampled_from(list(AlertState)[:3]))
    ),
    asked=st.none() | st.sampled_from(ReasonKind),
)
def test_naming_alerts_loses_none(alerts: list[OpenAlert], asked: ReasonKind | None) -> None:
    """All are kept, and no new one stands behind a handled one that was not asked for."""
    row = replace(_row({}, today=START, procedure_date=START), alerts=tuple(alerts))
    named = row.alerts_to_handle(asked)

    assert Counter(each.alert_id for each in named) == Counter(each.alert_id for each in alerts)
    states = [each.state for each in named if each.reason.kind is not asked]
    assert states == sorted(states, key=list(AlertState).index)
    if any(each.reason.kind is asked for each in alerts):
        assert named[0].reason.kind is asked


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
