"""Counts of outcomes: what they add up to is what one by one the recoveries came to."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.outcome_counts import Measure, counted_in, outcomes_from, reported_until, summed
from recovery.outcomes import (
    MOST_PERCENT,
    REPORTING_DAYS,
    Outcome,
    OutcomeQuery,
    ResponseLevel,
    responses_in,
)

TODAY = date(2026, 11, 15)
MILESTONES = (7, 14)
IMPORTANT, SUBSTANTIAL = ResponseLevel.IMPORTANT, ResponseLevel.SUBSTANTIAL

_RESPONSES = st.lists(st.sampled_from("nis"), max_size=len(MILESTONES)).map(
    lambda found: " ".join(f"{pod}{each}" for pod, each in zip(MILESTONES, found, strict=False))
)
_OUTCOMES = st.builds(
    Outcome,
    responses=_RESPONSES,
    active_pod=st.integers(-1, 3),
    is_active_again=st.booleans(),
    logged_days=st.integers(0, 3) | st.just(REPORTING_DAYS),
    brace_percent=st.none() | st.integers(0, 3) | st.just(MOST_PERCENT),
)
_RECOVERIES = st.lists(
    st.tuples(st.dates(date(2026, 9, 28), TODAY + timedelta(days=1)), _OUTCOMES), max_size=30
)


def _query(today: date = TODAY) -> OutcomeQuery:
    return OutcomeQuery(procedure="kyphoplasty", milestone_days=MILESTONES, today=today)


@given(recoveries=_RECOVERIES, today=st.dates(date(2026, 10, 25), date(2026, 12, 5)))
def test_counts_tell_what_the_recoveries_tell(
    recoveries: list[tuple[date, Outcome]], today: date
) -> None:
    """Whatever the day: reporting counts from 30 days after each procedure on."""
    query = _query(today)

    found = outcomes_from(summed(recoveries, query), query, ())

    outcomes = [outcome for _, outcome in recoveries]
    over = [outcome for day, outcome in recoveries if (today - day).days >= REPORTING_DAYS]
    assert found.recoveries == len(recoveries)
    assert found.logged_days == Counter(each.logged_days for each in over)
    assert found.active == Counter(
        (each.active_pod, each.is_active_again) for each in outcomes if each.active_pod > 0
    )
    assert found.brace_percents == Counter(
        each.brace_percent for each in outcomes if each.brace_percent is not None
    )
    for milestone in found.milestones:
        judged = [responses_in(each.responses).get(milestone.pod) for each in outcomes]
        reached = sum((today - day).days >= milestone.pod for day, _ in recoveries)
        assert milestone.judged == sum(each is not None for each in judged)
        assert milestone.substantial == judged.count(SUBSTANTIAL)
        assert milestone.important == judged.count(SUBSTANTIAL) + judged.count(IMPORTANT)
        assert milestone.reached == max(reached, milestone.judged)


@given(recoveries=_RECOVERIES)
def test_counts_of_two_groups_add_up(recoveries: list[tuple[date, Outcome]]) -> None:
    """So a clinic's are summed by month, and a change of one person is added."""
    query, half = _query(), len(recoveries) // 2
    parts = [summed(each, query) for each in (recoveries[:half], recoveries[half:])]
    both = summed(recoveries, query)

    assert both.all_months == Counter(parts[0].all_months) + Counter(parts[1].all_months)
    assert both.by_month == Counter(parts[0].by_month) + Counter(parts[1].by_month)


def test_nobody_comes_to_nothing() -> None:
    """A milestone that was asked for is there all the same."""
    found = outcomes_from(summed([], _query()), _query(), ())

    assert (found.recoveries, found.active, found.logged_days) == (0, {}, {})
    assert [each.pod for each in found.milestones] == list(MILESTONES)


def test_one_recovery_is_in_a_handful_of_counts() -> None:
    """As they are spelled in the database; what is not known is in none."""
    outcome = Outcome(responses="7s 14n", active_pod=9, is_active_again=True, logged_days=12)

    assert counted_in(outcome, date(2026, 9, 3)) == {
        (Measure.BEGAN, "03"),
        (Measure.RESPONSE, "7s"),
        (Measure.RESPONSE, "14n"),
        (Measure.ACTIVE, "9 1"),
        (Measure.LOGGED, "12"),
        (Measure.LOGGED_BY_DAY, "03 12"),
    }
    assert counted_in(Outcome(brace_percent=0), date(2026, 9, 30)) == {
        (Measure.BEGAN, "30"),
        (Measure.BRACE, "0"),
        (Measure.LOGGED, "0"),
        (Measure.LOGGED_BY_DAY, "30 0"),
    }
    assert reported_until(_query()) == date(2026, 10, 16)
