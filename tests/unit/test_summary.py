"""What a week amounts to, and when too little was logged to say."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.episodes import BracePlan
from recovery.reports import DailyReport
from recovery.summary import ENOUGH_DAYS, WEEK_DAYS, week_up_to

LAST = date(2026, 11, 22)
PLAN = BracePlan(hours_per_day=8, from_date=date(2026, 11, 1))


def _reports(
    backs: list[int], worst: int = 6, brace: float | None = None, walked: int | None = None
) -> list[DailyReport]:
    return [
        DailyReport(
            day=LAST - timedelta(days=back),
            worst_pain_nrs=worst,
            average_pain_nrs=0,
            brace_hours=brace,
            walking_minutes=walked,
        )
        for back in backs
    ]


def test_no_reports_are_no_zeros() -> None:
    """Nothing logged gives a count of none, and no mean."""
    week = week_up_to([], LAST, PLAN)

    assert (week.days_logged, week.worst_pain_nrs, week.brace_hours) == (0, None, None)
    assert (week.planned_hours, week.walking_minutes) == (None, None)


def test_three_days_are_too_few_and_four_enough() -> None:
    """The boundary lies between them."""
    assert week_up_to(_reports([0, 1, 2]), LAST, None).worst_pain_nrs is None
    assert week_up_to(_reports([0, 1, 2, 3]), LAST, None).worst_pain_nrs == 6


def test_the_week_has_seven_days() -> None:
    """The seventh day back is outside, and so is tomorrow."""
    inside = week_up_to(_reports([-1, 0, 6, 7]), LAST, None)

    assert inside.days_logged == 2


def test_brace_hours_are_compared_on_the_days_of_the_plan() -> None:
    """Days before the plan, and unanswered ones, count on neither side."""
    late_plan = BracePlan(hours_per_day=6, from_date=LAST - timedelta(days=3))
    reports = _reports([0, 1, 2, 3, 4, 5], brace=3)

    week = week_up_to(reports, LAST, late_plan)
    assert (week.brace_hours, week.planned_hours) == (3, 6)
    assert week_up_to(reports, LAST, None).brace_hours is None
    assert week_up_to(_reports([0, 1, 2, 3]), LAST, PLAN).planned_hours is None


def test_a_brace_worn_for_no_hours_counts() -> None:
    """Zero is an answer."""
    assert week_up_to(_reports([0, 1, 2, 3], brace=0, walked=0), LAST, PLAN).brace_hours == 0
    assert week_up_to(_reports([0, 1, 2, 3], brace=0, walked=0), LAST, PLAN).walking_minutes == 0


@given(st.lists(st.integers(0, 30), unique=True), st.integers(0, 10))
def test_a_mean_lies_among_its_days(backs: list[int], worst: int) -> None:
    """Days logged are 0 to 7, and equal days have their own value as mean."""
    week = week_up_to(_reports(backs, worst), LAST, PLAN)

    assert week.days_logged == len([back for back in backs if back < WEEK_DAYS])
    assert week.worst_pain_nrs == (worst if week.days_logged >= ENOUGH_DAYS else None)
