"""What the clinician's chart rests on, and its sentences."""

import math
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from charts.days import DayRange
from charts.outcome_frames import curve_frame
from recovery.alerts import AlertState
from recovery.episodes import BracePlan, Episode, Patient
from recovery.judgement.reasons import ReasonKind
from recovery.reports import PainMedicine, StoredReport, VisitNote
from tests.factories import new_settings
from tests.unit.charting import PROCEDURE, stored
from tests.unit.clinical import NO_CURVE, alert, cohort, day
from ui.clinical_range import range_so_far
from ui.clinical_sentences import (
    alert_sentence,
    brace_words,
    cohort_sentence,
    happening_sentence,
    level_sentence,
    medicine_sentence,
    missing_sentence,
)
from ui.clinical_view import ClinicalView
from ui.recovery_view import Drawing, Recovery

FORTNIGHT = DayRange(0, 13)


def _view(
    *logged: int | StoredReport,
    today: int,
    days: DayRange = FORTNIGHT,
    procedure: str = "kyphoplasty",
    baseline_nrs: int | None = 8,
    notes: bool = True,
    **beside: Any,
) -> ClinicalView:
    episode = Episode(
        episode_id=UUID(int=2),
        procedure=procedure,
        procedure_date=PROCEDURE,
        treated_levels=(),
        baseline_nrs=baseline_nrs,
        brace_plan=BracePlan(hours_per_day=8, from_date=PROCEDURE),
    )
    patient = Patient(
        patient_id=UUID(int=1),
        clinic_id=UUID(int=3),
        name="Rowan Elm",
        date_of_birth=date(1948, 1, 1),
        time_zone="UTC",
        episode=episode,
    )
    recovery = Recovery(
        patient=patient,
        settings=new_settings(),
        reports=[each if isinstance(each, StoredReport) else stored(each) for each in logged],
        notes=[_note(7)] if notes else (),
        today=day(today),
    )
    return ClinicalView(drawing=Drawing(recovery=recovery, days=days), **beside)


def _note(pod: int) -> VisitNote:
    at = datetime.combine(day(pod), time(9), UTC)
    return VisitNote(visit_date=day(pod), text="canary", created_at=at, author_name="A")


def test_today_is_not_missing_before_it_is_over() -> None:
    """Somebody who logs in the evening is not marked at noon."""
    assert _view(0, 1, today=3).due == range(3)
    assert _view(0, 1, 3, today=3).due == range(4)
    assert _view(0, 1, today=3).recorded.missing["pod"].tolist() == [2]


def test_no_day_is_due_before_the_procedure_nor_after_a_test_block() -> None:
    """There is nothing to log, so nothing can be missing."""
    assert not _view(today=-4).due
    block = _view(today=5, procedure="medial_branch_block")
    assert not block.due
    assert missing_sentence(block) == "No daily report was due on these days."


def test_days_out_of_range_are_not_counted_as_missing() -> None:
    """The count belongs to what is drawn."""
    assert _view(0, today=30, days=DayRange(10, 23)).due == range(10, 24)


def test_missing_days_are_named_as_spans() -> None:
    """Days in a row are one span; one lone day is a day."""
    assert missing_sentence(_view(0, 1, 3, 7, 9, today=9)) == (
        "No report on 5 of 10 days: days 2, 4 to 6, 8."
    )
    assert missing_sentence(_view(0, 2, today=2)) == "No report on 1 of 3 days: day 1."
    assert missing_sentence(_view(0, 1, 2, today=2)) == "A report on each of 3 days."


def test_own_levels_are_those_of_the_rules() -> None:
    """The best week is the lowest mean of average pain over seven days with four logged."""
    low = [stored(pod, average_pain_nrs=2) for pod in (7, 8, 9, 10)]
    view = _view(0, 1, 2, 3, *low, today=12)

    assert view.recorded.levels["nrs"].tolist() == [8, 2]
    assert view.recorded.levels["words"].iloc[1] == "dots: best week, 2.0, to day 10"
    assert level_sentence(view) == (
        "Pain before: 8 of 10. Best week: 2 on average, the seven days to Mon 2 Nov."
    )


def test_levels_that_are_not_known_are_said_not_to_be() -> None:
    """No number is made up from three days."""
    view = _view(0, 1, 2, today=3, baseline_nrs=None)

    assert view.recorded.levels.empty
    assert level_sentence(view) == (
        "Pain before is not known. "
        "No seven days hold four logged ones yet, so there is no best week."
    )


def test_alerts_are_counted_on_the_days_they_rest_on() -> None:
    """One that ended before the range is not told."""
    alerts = [
        alert(ReasonKind.HIGHER, 3, 5),
        alert(ReasonKind.WARNING_SIGN, 12, 12, AlertState.CLOSED),
    ]

    assert alert_sentence(_view(today=13, alerts=alerts)) == (
        "Alerts on these days: 1 open, 1 closed."
    )
    later = _view(today=23, alerts=alerts, days=DayRange(10, 23))
    assert alert_sentence(later) == "Alerts on these days: 0 open, 1 closed."
    assert alert_sentence(_view(today=3)) == "No alert rests on these days."


def test_a_planned_day_with_a_note_is_one_visit() -> None:
    """What was planned and took place is not told twice."""
    view = _view(today=9, planned=[day(7), day(12)])

    assert happening_sentence(view) == "On these days: 0 events, 1 visit note, 1 planned visit."


def test_a_visit_beyond_the_range_is_told_with_its_day() -> None:
    """As the chart does not show it."""
    said = happening_sentence(_view(today=9, planned=[day(12), day(30), day(20)]))

    assert said.endswith("1 planned visit. The next visit is planned for day 20.")


def test_the_week_ends_yesterday_until_today_is_logged() -> None:
    """A day that is not over takes nobody's place among the seven."""
    logged = [stored(pod, brace_hours=4 if pod == 3 else 8) for pod in range(3, 10)]

    assert _view(*logged, today=10).counted.week.days_logged == 7
    assert brace_words(_view(*logged, today=10)).startswith("Brace worn 7.4 hours a day")
    assert _view(*logged, stored(10), today=10).counted.today == day(10)
    assert _view(today=0).counted.today == day(0)


@given(st.integers(-60, 2000), st.lists(st.integers(-60, 3000), max_size=5))
def test_the_first_range_holds_today_and_little_else(today: int, visits: list[int]) -> None:
    """From day 0, at least a fortnight, and never half as long again as the days so far."""
    days = range_so_far(today, visits)

    assert days.first == 0
    assert days.last >= max(today, 13)
    assert days.last <= max(13, math.ceil(today * 1.5))


def test_the_first_range_ends_near_today_or_at_a_near_visit() -> None:
    """One far ahead, or over, does not move the end."""
    assert range_so_far(120, []) == DayRange(0, 138)
    assert range_so_far(120, [90, 125]) == DayRange(0, 125)
    assert range_so_far(120, [180, 365]) == DayRange(0, 180)
    assert range_so_far(120, [181]) == DayRange(0, 138)
    assert range_so_far(-5, [42]) == DayRange(0, 13)


def test_medicine_is_counted_among_the_days_that_say() -> None:
    """A day without an answer is neither with nor without medicine."""
    logged = [
        stored(0, medicine=PainMedicine.NONE),
        stored(1, medicine=PainMedicine.BOTH),
        stored(2, medicine=PainMedicine.OVER_THE_COUNTER),
        stored(3),
    ]

    assert medicine_sentence(_view(*logged, today=4)) == (
        "Pain medicine on 2 of 3 answered days, prescribed on 1."
    )
    assert medicine_sentence(_view(0, today=1)) == "No answer about medicine on these days."


def test_a_comparison_says_of_how_many_people_it_is() -> None:
    """Or why there is none."""
    assert "median of average pain of 25 of the clinic's own patients" in cohort_sentence(
        curve_frame(cohort(1))
    )
    assert cohort_sentence(NO_CURVE).endswith("The median is shown from 20 patients up.")


def test_nobody_is_compared_unless_asked_for() -> None:
    """Without a curve nothing of the own patients is drawn."""
    assert _view(today=3).recorded.cohort.empty
    assert len(_view(today=3, curve=cohort(1, 2)).recorded.cohort) == 2
