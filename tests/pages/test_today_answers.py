"""Today: which answers are needed, which may be left out, and what is stored of each."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from recovery.reports import ActivityLevel, DailyReport, PainMedicine
from tests.factories import TODAY
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, prose, refusals
from tests.pages.report import (
    TODAY_PAGE,
    answer,
    answer_pain,
    asks,
    enter_number,
    is_thanked,
    save,
    shown_number,
    stored,
    stored_answers,
    write_note,
)
from tests.small_clinic import SmallClinic, make_small_clinic

NO_WORST = "Choose a number from 0 to 10 for your worst pain."
NO_AVERAGE = "Choose a number from 0 to 10 for your average pain."
CROSSED = "Average pain is higher than worst pain. Change one of the two numbers."


@pytest.fixture
def today(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page of the clinic's patient, nothing answered."""
    return visit(clinic.patient, TODAY_PAGE)


@on_one_engine
def test_before_the_procedure_there_is_no_form(visit: Visit, database: Database) -> None:
    """Nobody logs a recovery that has not begun; the page says from when on."""
    coming = make_small_clinic(database, procedure_date=TODAY + timedelta(days=3), brace_plan=None)

    app = visit(coming.patient, TODAY_PAGE)

    assert "You can log from the day of your procedure on: Wednesday 25 November." in prose(app)
    assert not asks(app, "worst")
    assert "Save" not in labels(app)


def test_an_untouched_form_stores_nothing(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Save without an answer says what is missing, since unanswered is not a zero."""
    save(today)

    assert refusals(today) == [NO_WORST]
    assert stored_answers(database, clinic.own) == []


@on_one_engine
@pytest.mark.parametrize(
    ("given", "missing"), [({"worst": 6}, NO_AVERAGE), ({"average": 2}, NO_WORST)]
)
def test_half_of_the_pain_is_not_enough(
    today: AppTest, database: Database, clinic: SmallClinic, given: dict[str, int], missing: str
) -> None:
    """Both numbers are needed, and the one that is missing is named."""
    answer_pain(today, **given)

    save(today)

    assert refusals(today) == [missing]
    assert stored_answers(database, clinic.own) == []


@on_one_engine
def test_an_average_above_the_worst_is_refused(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """An average cannot lie above the worst, and the sentence says what to change."""
    answer_pain(today, worst=3, average=4)

    save(today)

    assert refusals(today) == [CROSSED]
    assert stored_answers(database, clinic.own) == []


@on_one_engine
@pytest.mark.parametrize("value", [-1, 11, "7", 6.5, True, [5]])
def test_anything_but_a_number_of_the_scale_is_no_answer(
    today: AppTest, database: Database, clinic: SmallClinic, value: object
) -> None:
    """Whatever a changed browser sends is treated as unanswered."""
    answer_pain(today, worst=value, average=2)

    save(today)

    assert refusals(today) == [NO_WORST]
    assert stored_answers(database, clinic.own) == []


def test_only_pain_must_be_answered(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Skipped questions are stored as not answered, never as zero or none."""
    answer_pain(today, worst=10, average=0)

    save(today)

    assert is_thanked(today)
    assert stored_answers(database, clinic.own) == [
        DailyReport(day=TODAY, worst_pain_nrs=10, average_pain_nrs=0)
    ]


def test_every_answer_is_stored_as_given(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """What is on the form is what the database holds."""
    answer_pain(today, worst=6, average=4)
    answer(today, "signs", {"fever"})
    answer(today, "activity", "out_a_little")
    answer(today, "medicine", "both")
    today.run()
    enter_number(today, "brace", 7.5)
    enter_number(today, "walking", 35)
    enter_number(today, "times", 2)
    write_note(today, "canary: slept well")

    save(today)

    assert is_thanked(today)
    assert stored_answers(database, clinic.own) == [
        DailyReport(
            day=TODAY,
            worst_pain_nrs=6,
            average_pain_nrs=4,
            brace_hours=7.5,
            activity=ActivityLevel.OUT_A_LITTLE,
            walking_minutes=35,
            medicine=PainMedicine.BOTH,
            medicine_times=2,
            warning_signs=frozenset({"fever"}),
            note="canary: slept well",
        )
    ]


def test_none_of_these_is_an_answer(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """To say that there is no warning sign differs from leaving the question out."""
    answer_pain(today, worst=5, average=3)
    answer(today, "signs", set())

    save(today)

    kept = stored(database, clinic.own)
    assert kept is not None
    assert kept.report.warning_signs == frozenset()


def test_no_medicine_means_no_times(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Who took none is not asked how often."""
    answer_pain(today, worst=5, average=3)
    answer(today, "medicine", "none")

    save(today)

    kept = stored(database, clinic.own)
    assert not asks(today, "times")
    assert kept is not None
    assert (kept.report.medicine, kept.report.medicine_times) == (PainMedicine.NONE, 0)


@on_one_engine
@pytest.mark.parametrize(
    ("entered", "words"),
    [
        (("brace", 24.5), "from 0 to 24 for the hours in the brace."),
        (("walking", 1441), "from 0 to 1,440 for the minutes walked."),
        (("times", 25), "from 0 to 24 for the times you took medicine."),
    ],
)
def test_a_number_beyond_its_range_is_refused(
    today: AppTest, database: Database, clinic: SmallClinic, entered: tuple[str, float], words: str
) -> None:
    """The answer to change is named, the number stays in the form, and nothing is stored."""
    answer_pain(today, worst=5, average=3)
    answer(today, "medicine", "both")
    today.run()
    enter_number(today, *entered)

    save(today)

    [sentence] = refusals(today)
    assert sentence.endswith(words)
    assert shown_number(today, entered[0]) == entered[1]
    assert stored_answers(database, clinic.own) == []


def test_a_procedure_unknown_to_this_version_can_be_logged(
    visit: Visit, database: Database
) -> None:
    """Who had a procedure that the content does not hold still logs, with every sign asked."""
    other = make_small_clinic(database, procedure="discectomy")
    app = visit(other.patient, TODAY_PAGE)
    answer_pain(app, worst=5, average=3)
    answer(app, "signs", {"legs"})

    save(app)

    assert is_thanked(app)
    kept = stored(database, other.own)
    assert kept is not None
    assert kept.report.warning_signs == frozenset({"legs"})
