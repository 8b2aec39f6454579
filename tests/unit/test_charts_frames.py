"""The tables behind the charts."""

from datetime import UTC, date, datetime
from typing import cast

import pandas as pd
import pytest

from charts.days import CHOICES, DayRange
from charts.frames import (
    CORRECTED,
    ENTERED_LATER,
    ON_THE_DAY,
    answered,
    band_frame,
    event_frame,
    note_frame,
    plan_frame,
)
from recovery.days import zone
from recovery.episodes import BracePlan
from recovery.expectations import Course
from recovery.reports import ActivityLevel, Event, EventKind, PainMedicine, VisitNote
from tests.unit.charting import PROCEDURE, LineCourse, frame, stored

NEW_YORK = zone("America/New_York")
COURSE = cast("Course", LineCourse())


def test_an_empty_log_has_the_same_columns_and_types() -> None:
    """A chart of nothing is drawn by the same code as any other."""
    empty, full = frame(), frame(stored(0))

    assert len(empty) == 0
    assert dict(empty.dtypes) == dict(full.dtypes)


def test_a_missing_day_starts_a_new_run() -> None:
    """Missing is missing: no line may be drawn over it."""
    assert frame(stored(4), stored(0), stored(1), stored(7), stored(5))["run"].tolist() == [
        0,
        0,
        1,
        1,
        2,
    ]


def test_an_unanswered_question_breaks_its_own_run_only() -> None:
    """A day logged without brace hours is a gap in the brace chart, not in pain."""
    reports = frame(stored(0, brace_hours=5), stored(1), stored(2, brace_hours=5))

    assert reports["run"].tolist() == [0, 0, 0]
    assert answered(reports, "brace_hours")["run"].tolist() == [0, 1]


def test_unanswered_questions_are_missing_and_never_zero() -> None:
    """No answer is not the answer 0."""
    row = frame(stored(0)).iloc[0]

    assert all(pd.isna(row[name]) for name in ("brace_hours", "activity_rank", "walking_minutes"))
    assert pd.isna(row["medicine"])


@pytest.mark.parametrize(
    ("late", "version", "entry"),
    [
        (False, 1, ON_THE_DAY),
        (True, 1, ENTERED_LATER),
        (False, 2, CORRECTED),
        (True, 3, CORRECTED),
    ],
)
def test_each_row_says_how_it_was_entered(late: bool, version: int, entry: str) -> None:
    """A correction is named before lateness, since it is what changed the number."""
    assert frame(stored(3, late=late, version=version))["entry"].tolist() == [entry]


def test_a_report_is_laid_out_with_its_day_and_answers() -> None:
    """One row says the day in words and carries every charted answer."""
    reports = frame(
        stored(
            12,
            brace_hours=7.5,
            activity=ActivityLevel.USUAL_DAY,
            walking_minutes=30,
            medicine=PainMedicine.BOTH,
            medicine_times=2,
            note="Slept well",
        )
    )

    assert reports.iloc[0].to_dict() == {
        "pod": 12,
        "day": "2026-11-04",
        "when": "Day 12, Wed 4 Nov 2026",
        "worst_pain_nrs": 6,
        "average_pain_nrs": 4,
        "brace_hours": 7.5,
        "activity_rank": 3,
        "walking_minutes": 30,
        "medicine": "both",
        "medicine_times": 2,
        "entry": ON_THE_DAY,
        "has_note": True,
        "run": 0,
    }


def test_no_band_where_nothing_is_documented() -> None:
    """Without a course, and beyond its last day, there is no row."""
    assert band_frame(None, 8, 0, 30).empty
    assert band_frame(COURSE, 8, 21, 400).empty


def test_a_mean_without_a_spread_has_no_centiles() -> None:
    """The middle line goes on where only it is documented."""
    band = band_frame(COURSE, 9, 9, 12)

    assert band["pod"].tolist() == [9, 10, 11, 12]
    assert band["p90"].isna().tolist() == [False, False, True, True]
    assert band["mean"].tolist() == pytest.approx([6.3, 6.0, 5.7, 5.4])


def test_an_event_belongs_to_the_persons_own_day() -> None:
    """Half past three in the morning in UTC is still the evening before in New York."""
    late = Event(kind=EventKind.FALL, occurred_at=datetime(2026, 10, 26, 3, 30, tzinfo=UTC))
    [event] = event_frame([late], PROCEDURE, NEW_YORK).to_dict("records")

    assert event["pod"] == 2
    assert event["when"] == "Day 2, Sun 25 Oct 2026 at 11:30 PM"
    assert event["at"] == pytest.approx(2 + 23.5 / 24 - 0.5)
    assert event["kind"] == "Fall"
    assert pd.isna(event["pain_nrs"])


def test_events_are_laid_out_in_the_order_they_happened() -> None:
    """The order of the argument does not matter."""
    hours = (18, 7)
    events = [
        Event(
            kind=EventKind.PAIN_READING,
            pain_nrs=hour % 10,
            occurred_at=datetime(2026, 10, 24, hour, tzinfo=UTC),
        )
        for hour in hours
    ]

    assert event_frame(events, PROCEDURE, NEW_YORK)["pain_nrs"].tolist() == [7, 8]


def test_two_notes_of_one_visit_are_one_mark() -> None:
    """The chart marks the day; the text of a note stays out of it."""
    notes = [
        VisitNote(
            visit_date=day, text=text, created_at=datetime(2026, 11, 7, tzinfo=UTC), author_name="A"
        )
        for day, text in (
            (date(2026, 11, 6), "one"),
            (date(2026, 11, 6), "two"),
            (date(2026, 10, 30), "three"),
        )
    ]
    visits = note_frame(notes, PROCEDURE)

    assert visits["pod"].tolist() == [7, 14]
    assert list(visits.columns) == ["pod", "when"]


def test_planned_hours_are_laid_out_for_the_planned_days_only() -> None:
    """Outside the plan there is no row, and without a plan none at all."""
    plan = BracePlan(hours_per_day=8, from_date=date(2026, 10, 24), to_date=date(2026, 10, 25))

    assert plan_frame(None, PROCEDURE, 0, 13).empty
    assert plan_frame(plan, PROCEDURE, 0, 13)["pod"].tolist() == [1, 2]
    assert plan_frame(plan, PROCEDURE, 0, 13)["planned_hours"].tolist() == [8.0, 8.0]


def test_a_range_must_not_end_before_it_begins() -> None:
    """A reversed range is our own mistake."""
    with pytest.raises(ValueError, match="must not end before"):
        DayRange(3, 2)


@pytest.mark.parametrize(
    ("choice", "today", "expected"),
    [
        ("2 weeks", -3, DayRange(0, 13)),
        ("2 weeks", 5, DayRange(0, 13)),
        ("2 weeks", 13, DayRange(0, 13)),
        ("2 weeks", 14, DayRange(1, 14)),
        ("3 months", 100, DayRange(11, 100)),
        ("A year", 40, DayRange(0, 364)),
        ("All", 2, DayRange(0, 13)),
        ("All", 400, DayRange(0, 400)),
    ],
)
def test_a_choice_ends_today_or_shows_what_lies_ahead(
    choice: str, today: int, expected: DayRange
) -> None:
    """A young recovery is not stretched, and an old one shows its latest days."""
    assert DayRange.chosen(choice, today) == expected


@pytest.mark.parametrize("choice", list(CHOICES))
@pytest.mark.parametrize("today", [0, 13, 45, 89, 364, 1_500])
def test_a_phone_has_room_for_the_labels_of_the_days(choice: str, today: int) -> None:
    """Two to eight days are labelled, all of them within the range."""
    days = DayRange.chosen(choice, today)

    assert 2 <= len(days.ticks) <= 8
    assert all(days.first <= tick <= days.last for tick in days.ticks)
