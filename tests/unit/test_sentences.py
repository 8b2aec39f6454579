"""Sentences about a log: true to its numbers, plain, and never a verdict."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.shelf import sources
from recovery.episodes import BracePlan, Episode
from recovery.expectations import Course, CoursePoint, SpreadPoint
from recovery.reports import ActivityLevel, DailyReport, StoredReport
from recovery.summary import WeekSummary
from tests.factories import NOW, PROCEDURE_DATE, TODAY
from ui.sentences import (
    NO_BAND,
    NO_REPORTS,
    activity_sentence,
    band_sentence,
    brace_sentence,
    saved_sentence,
    scaling_sentence,
    source_lines,
    week_sentence,
)

SOURCE = next(id_ for id_, source in sources().items() if source.url)
FORBIDDEN = re.compile(
    r"\b(behind|fail\w*|abnormal\w*|normal|should|bad|good|worse|better)\b|!", re.IGNORECASE
)


def _point(day: int, fraction: float, n: int = 350) -> CoursePoint:
    return CoursePoint(
        day=day, fraction=fraction, source_id=SOURCE, n=n, statistic="mean", how_read="abstract"
    )


def _spread(day: int) -> SpreadPoint:
    return SpreadPoint(day=day, fraction=0.2, source_id=SOURCE, n=90, basis="read as it is")


def _course(*spreads: SpreadPoint) -> Course:
    return Course(
        id="made-up",
        name="Made up",
        reference_baseline_nrs=8.7,
        reference_source_id=SOURCE,
        points=(_point(0, 1.0), _point(10, 0.5, n=300)),
        spreads=spreads,
        caveat="None.",
    )


BANDED = _course(_spread(1), _spread(10))


def _week(**values: Any) -> WeekSummary:
    empty: dict[str, Any] = {
        "days_logged": 0,
        "worst_pain_nrs": None,
        "brace_hours": None,
        "planned_hours": None,
        "walking_minutes": None,
    }
    return WeekSummary(**empty | values)


def _report(day: date = TODAY, **answers: Any) -> DailyReport:
    pain: dict[str, Any] = {"worst_pain_nrs": 5, "average_pain_nrs": 0}
    return DailyReport(day=day, **pain | answers)


def _stored(report: DailyReport) -> StoredReport:
    by = uuid4()
    return StoredReport(
        report=report,
        version=1,
        is_late=False,
        created_at=NOW,
        created_by=by,
        updated_at=NOW,
        updated_by=by,
    )


def _episode(plan: BracePlan | None) -> Episode:
    return Episode(
        episode_id=uuid4(),
        procedure="kyphoplasty",
        procedure_date=PROCEDURE_DATE,
        brace_plan=plan,
    )


def test_too_few_days_give_a_count_and_no_average() -> None:
    """The sentence says when there will be one."""
    assert week_sentence(_week(days_logged=3)) == (
        "Logged 3 of the last 7 days. From 4 days on, an average is shown here."
    )


def test_a_week_is_told_with_its_count_of_days() -> None:
    """In the same words for the patient and the clinician."""
    week = _week(days_logged=5, worst_pain_nrs=4.25)

    assert week_sentence(week) == (
        "On average over the last 7 days, the worst pain of a day was about 4.2 of 10. "
        "Logged 5 of the last 7 days."
    )


@pytest.mark.parametrize(("pod", "begins"), [(5, "On average so far,"), (6, "On average over the")])
def test_before_a_week_has_passed_the_average_is_of_the_days_so_far(pod: int, begins: str) -> None:
    """There are no seven days to look back on before day 6."""
    week = _week(days_logged=5, worst_pain_nrs=4.25)

    said = week_sentence(week, pod)

    assert said.startswith(begins)
    assert "the worst pain of a day was about 4.2 of 10." in said


@pytest.mark.parametrize("pod", [0, 11, 400])
def test_nothing_is_said_where_nothing_is_documented(pod: int) -> None:
    """Outside the documented days, and without a course."""
    assert band_sentence(BANDED, pod, 8) == NO_BAND
    assert band_sentence(None, pod, 8) == NO_BAND


def test_before_the_procedure_the_course_lies_ahead() -> None:
    """The chart shows it already, so the sentence does not deny it."""
    assert band_sentence(BANDED, -1, 8) == (
        "The documented course begins on the day of the procedure."
    )
    assert band_sentence(None, -1, 8) == NO_BAND


def test_only_days_that_could_be_logged_are_counted() -> None:
    """None before the procedure, and in the first week those since."""
    assert week_sentence(_week(days_logged=0), -5) == (
        "You can log from the day of your procedure on."
    )
    assert week_sentence(_week(days_logged=2), 3).startswith("Days logged so far: 2 of 4.")
    assert week_sentence(_week(days_logged=2), 6).startswith("Logged 2 of the last 7 days.")


def test_the_band_is_told_as_people_of_ten() -> None:
    """On both of its end days, fitted to the person's own pain or to the study's."""
    for pod in (1, 10):
        for baseline in (8, None):
            sentence = band_sentence(BANDED, pod, baseline)
            found = re.fullmatch(
                rf"Worked out from studies, about 8 of 10 people have pain of (\d+) to (\d+) on day {pod}.",
                sentence,
            )
            assert found
            assert 0 <= int(found[1]) < int(found[2]) <= 10


def test_without_a_spread_only_the_mean_is_told() -> None:
    """And on the day itself, where the mean is from before, nothing."""
    assert band_sentence(_course(), 10, 8) == (
        "On day 10, people in the study had pain of about 4."
    )
    assert band_sentence(_course(), 0, 8) == NO_BAND


def test_an_unfitted_band_says_so() -> None:
    """With the pain it starts from; a fitted one with the person's own, zero included."""
    assert "not on record" in scaling_sentence(BANDED, None)
    assert "8.7 of 10" in scaling_sentence(BANDED, None)
    assert scaling_sentence(BANDED, 0).endswith("0 of 10.")


def test_every_figure_names_its_source_and_how_many_people() -> None:
    """One line for the means and one for the spreads, each with its number of people."""
    lines = source_lines(BANDED)

    assert [line.split(":")[0] for line in lines] == ["Average", "Spread"]
    assert [line.rsplit("n = ", 1)[1] for line in lines] == [
        "350 at first and 300 at the end.",
        "90.",
    ]
    assert all(sources()[SOURCE].citation in line for line in lines)
    assert len(source_lines(_course())) == 1


PLAN = BracePlan(hours_per_day=8, from_date=PROCEDURE_DATE, to_date=TODAY)


@pytest.mark.parametrize(
    ("week", "plan", "today", "words"),
    [
        (_week(), None, TODAY, "No brace was prescribed."),
        (_week(), PLAN, TODAY + timedelta(days=1), "The brace plan does not cover today."),
        (_week(), PLAN, TODAY, "The plan is 8 hours a day. Too few days are logged to average."),
        (
            _week(brace_hours=0.0, planned_hours=8.0),
            PLAN,
            TODAY,
            "Brace worn 0 hours a day on average over the last 7 days. The plan was 8.",
        ),
    ],
)
def test_the_brace_is_told_beside_its_plan(
    week: WeekSummary, plan: BracePlan | None, today: date, words: str
) -> None:
    """None prescribed, a plan that is over, too few days, and an average of none."""
    assert brace_sentence(week, _episode(plan), today) == words


def test_activity_is_the_last_answer_given() -> None:
    """A skipped question does not hide it, and nothing is made up where none was answered."""
    assert activity_sentence(_week(), []) == "No activity is logged yet."
    assert activity_sentence(_week(), [_report()]) == "No activity is logged yet."
    answered = _report(TODAY - timedelta(days=1), activity=ActivityLevel.LYING_DOWN)
    said = activity_sentence(_week(walking_minutes=0.4), [answered, _report()])
    assert said == "Last answer: mostly lying down. Walked 0 minutes a day on average."


@pytest.mark.parametrize(
    ("worst", "words"),
    [
        (5, "Worst pain 5 of 10. The same as the day before."),
        (7, "Worst pain 7 of 10. That is 2 more than the day before."),
        (0, "Worst pain 0 of 10. That is 5 less than the day before."),
    ],
)
def test_a_saved_day_is_told_beside_the_day_before(worst: int, words: str) -> None:
    """As a number, with no word about whether that is as hoped."""
    before = TODAY - timedelta(days=1)
    reports = {before: _stored(_report(before))}

    assert saved_sentence(_stored(_report(worst_pain_nrs=worst)), reports) == words


def test_a_gap_is_not_compared_over() -> None:
    """Without a report of the day before, the older one is not taken for it."""
    older = TODAY - timedelta(days=2)
    reports = {older: _stored(_report(older))}

    assert saved_sentence(_stored(_report()), reports) == "Worst pain 5 of 10."


@given(
    worst=st.none() | st.floats(0, 10),
    worn=st.none() | st.floats(0, 24),
    walked=st.none() | st.floats(0, 1_440),
    pod=st.integers(-10, 400),
    baseline=st.none() | st.integers(0, 10),
)
def test_no_sentence_judges(
    worst: float | None, worn: float | None, walked: float | None, pod: int, baseline: int | None
) -> None:
    """Whatever the numbers, no sentence calls them good or bad, and all are short."""
    week = _week(
        days_logged=5,
        worst_pain_nrs=worst,
        brace_hours=worn,
        planned_hours=worn,
        walking_minutes=walked,
    )
    said = [
        NO_REPORTS,
        week_sentence(week),
        band_sentence(BANDED, pod, baseline),
        scaling_sentence(BANDED, baseline),
        brace_sentence(week, _episode(PLAN), TODAY),
        activity_sentence(week, [_report(activity=ActivityLevel.USUAL_DAY)]),
    ]

    for sentence in re.split(r"(?<=\.) ", " ".join(said)):
        assert not FORBIDDEN.search(sentence)
        assert len(sentence.split()) <= 20
