"""What became of one recovery: milestones by the published definitions, active again, the brace."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.cohorts import LAST_POD, Period
from recovery.days import month_end, months_between
from recovery.judgement.log import Log, LoggedDay
from recovery.outcomes import (
    MilestoneCount,
    Outcome,
    OutcomeQuery,
    ResponseLevel,
    active_again,
    milestone_counts,
    outcome_of,
    response_at,
    responses_in,
)
from recovery.reports import ActivityLevel

START = date(2026, 9, 1)
IN, OUT, USUAL = (
    ActivityLevel.AROUND_THE_HOUSE,
    ActivityLevel.OUT_A_LITTLE,
    ActivityLevel.USUAL_DAY,
)


def _day(pod: int, pain_nrs: int = 5, **answers: Any) -> LoggedDay:
    return LoggedDay(day=START + timedelta(days=pod), pod=pod, pain_nrs=pain_nrs, **answers)


def _log(*days: LoggedDay, baseline_nrs: int | None = 8) -> Log:
    return Log(procedure_date=START, baseline_nrs=baseline_nrs, days=days)


def test_an_empty_log_has_no_outcome() -> None:
    """Nothing is judged, and nothing is 0 that was never answered."""
    assert outcome_of(_log(), (14, 30)) == Outcome()


@pytest.mark.parametrize("baseline_nrs", [None, 0])
def test_without_pain_before_no_response_can_be_judged(baseline_nrs: int | None) -> None:
    """There is nothing to compare with."""
    log = _log(*(_day(pod) for pod in range(11, 18)), baseline_nrs=baseline_nrs)

    assert response_at(log, 14) is None


@pytest.mark.parametrize(("pods", "is_judged"), [((8, 9, 14), False), ((8, 9, 11, 14), True)])
def test_four_of_the_seven_days_up_to_it_are_needed(
    pods: tuple[int, ...], *, is_judged: bool
) -> None:
    """Days before and after the seven do not help."""
    log = _log(*(_day(pod) for pod in sorted({*pods, 6, 7, 15, 16})))

    assert (response_at(log, 14) is not None) is is_judged


@pytest.mark.parametrize(
    ("baseline_nrs", "pains", "expected"),
    [
        (8, (7, 6, 6, 6), ResponseLevel.NONE),
        (8, (6, 6, 6, 6), ResponseLevel.IMPORTANT),
        (8, (5, 4, 4, 4), ResponseLevel.IMPORTANT),
        (8, (4, 4, 4, 4), ResponseLevel.SUBSTANTIAL),
        (5, (4, 4, 3, 3), ResponseLevel.IMPORTANT),
        (10, (7, 7, 7, 7), ResponseLevel.IMPORTANT),
        (3, (2, 2, 2, 2), ResponseLevel.IMPORTANT),
        (1, (1, 1, 1, 1), ResponseLevel.NONE),
        (8, (10, 10, 10, 10), ResponseLevel.NONE),
    ],
)
def test_responses_by_the_published_definitions(
    baseline_nrs: int, pains: tuple[int, ...], expected: ResponseLevel
) -> None:
    """Two points or 30 % less is important, half is substantial; the boundary counts."""
    days = (_day(10 + at, pain) for at, pain in enumerate(pains))

    assert response_at(_log(*days, baseline_nrs=baseline_nrs), 14) is expected


def test_what_was_judged_is_spelled_and_read_back() -> None:
    """A milestone that cannot be judged is left out."""
    days = [_day(pod, 3) for pod in range(11, 18)] + [_day(30, 3)]

    spelled = outcome_of(_log(*days), (14, 30)).responses

    assert responses_in(spelled) == {14: ResponseLevel.SUBSTANTIAL}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], (-1, False)),
        ([(0, OUT), (1, None)], (-1, False)),
        ([(0, OUT), (1, OUT)], (1, False)),
        ([(1, IN), (4, OUT)], (4, False)),
        ([(1, IN), (4, OUT), (5, None), (6, USUAL)], (4, True)),
        ([(4, OUT), (5, IN), (6, OUT), (7, OUT)], (6, True)),
        ([(4, OUT), (11, OUT)], (4, True)),
        ([(4, OUT), (12, OUT)], (12, False)),
        ([(LAST_POD, OUT), (LAST_POD + 1, OUT)], (LAST_POD, False)),
    ],
)
def test_active_again_is_a_day_that_the_next_answer_confirms(
    answers: list[tuple[int, ActivityLevel | None]], expected: tuple[int, bool]
) -> None:
    """One good day, day 0 and an answer much later are not enough."""
    assert active_again([_day(pod, activity=level) for pod, level in answers]) == expected


@pytest.mark.parametrize(("days", "expected"), [(6, None), (7, 75)])
def test_brace_adherence_needs_a_week_of_answers(days: int, expected: int | None) -> None:
    """Days without a plan or without an answer do not count."""
    braced = [_day(pod, worn_hours=6.0, planned_hours=8.0) for pod in range(days)]
    beside = [_day(10, worn_hours=20.0), _day(11, planned_hours=8.0)]

    assert outcome_of(_log(*braced, *beside), ()).brace_percent == expected


def test_a_short_plan_does_not_count_for_more_than_twice() -> None:
    """A brace worn all day under a plan of an hour is 200 %."""
    days = [_day(pod, worn_hours=24.0, planned_hours=1.0) for pod in range(7)]

    assert outcome_of(_log(*days), ()).brace_percent == 200


@given(st.sets(st.integers(0, 60)))
def test_reporting_counts_the_first_thirty_days(pods: set[int]) -> None:
    """Day 0 to day 29, however long the log goes on."""
    logged = outcome_of(_log(*(_day(pod) for pod in sorted(pods))), ()).logged_days

    assert logged == len(pods & set(range(30)))


def test_milestones_are_counted_over_all_recoveries() -> None:
    """Substantial responses are important ones too; who has not got there is not counted."""
    query = OutcomeQuery(
        procedure="kyphoplasty", milestone_days=(14, 30), today=START + timedelta(days=30)
    )
    by_date = {START: 6, START + timedelta(days=16): 3, START + timedelta(days=17): 9}

    counts = milestone_counts(query, by_date, {"14s 30n": 2, "14i": 3, "14n": 1, "": 12, "7s": 5})

    assert counts == (
        MilestoneCount(pod=14, reached=9, judged=6, important=5, substantial=2),
        MilestoneCount(pod=30, reached=6, judged=2, important=0, substantial=0),
    )


def test_months_run_over_the_new_year() -> None:
    """Each month once, by its first day, and its last day with leap years."""
    months = months_between(date(2027, 11, 30), date(2028, 2, 1))

    assert months == [date(2027, 11, 1), date(2027, 12, 1), date(2028, 1, 1), date(2028, 2, 1)]
    assert month_end(months[-1]) == date(2028, 2, 29)
    assert months_between(date(2027, 3, 1), date(2027, 2, 1)) == []
    assert Period() == Period(first=None, last=None)
