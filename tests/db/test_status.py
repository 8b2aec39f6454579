"""The review row of an episode against a plain look at everything that was logged."""

from datetime import date, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from db.models import NEVER, NO_PAIN_YET, EpisodeStatusRow
from db.status import show_days
from recovery.judgement.log import LoggedDay
from recovery.review import counted_days, pains_of

START = date(2026, 9, 1)
logs = st.dictionaries(st.integers(0, 60), st.integers(0, 10), max_size=40)


def _row() -> EpisodeStatusRow:
    return EpisodeStatusRow(
        clinic_id=uuid4(),
        episode_id=uuid4(),
        patient_id=uuid4(),
        name="Rowan Elm",
        sort_name="rowan elm",
        time_zone="UTC",
        procedure="kyphoplasty",
        procedure_date=START,
    )


def _days(log: dict[int, int]) -> list[LoggedDay]:
    return [
        LoggedDay(day=START + timedelta(days=pod), pod=pod, pain_nrs=log[pod])
        for pod in sorted(log)
    ]


def test_a_row_without_reports_says_so() -> None:
    """Nothing stands in for a day that was not logged."""
    row = _row()

    show_days(row, [], None)

    assert (row.last_day, row.last_worst_pain_nrs) == (NEVER, NO_PAIN_YET)
    assert (row.logged_mask, row.spark) == (0, "")


@given(logs.filter(bool))
def test_the_row_is_what_a_plain_look_gives(log: dict[int, int]) -> None:
    """Newest day, days logged of any seven, and the pain of four weeks."""
    row = _row()

    show_days(row, _days(log), 10)

    newest = max(log)
    assert row.last_day == START + timedelta(days=newest)
    assert row.last_worst_pain_nrs == 10
    for ahead in (0, 3, 8):
        today = row.last_day + timedelta(days=ahead)
        # Of a day that is not over nothing is missing.
        until = newest + max(0, ahead - 1)
        week = range(max(0, until - 6), until + 1)
        logged = counted_days(
            row.logged_mask, last_day=row.last_day, procedure_date=START, today=today
        )
        assert logged == (len(set(week) & set(log)), len(week))
    assert pains_of(row.spark) == [log.get(pod) for pod in range(newest - 27, newest + 1)]
