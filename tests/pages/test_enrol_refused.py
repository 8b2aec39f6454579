"""A form that enrols nobody: the answer that is missing or cannot be is named, and the rest stays."""

from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from recovery.episodes import BracePlan
from tests.factories import TODAY
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.enrolling import DONE, ENROL, NAME, PAGE, enrolled, fill, pick_day
from tests.pages.opening import press, refusals
from tests.small_clinic import SmallClinic


@pytest.fixture
def form(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page, nothing answered."""
    return visit(clinic.clinician, PAGE)


def test_an_untouched_form_enrols_nobody(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """The first answer that is missing is named."""
    press(form, ENROL)

    assert refusals(form) == ["Choose the procedure from the list."]
    assert enrolled(database, clinic) == []


@on_one_engine
@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("name", "Enter the name."),
        ("birth", "Enter the date of birth."),
        ("procedure", "Choose the procedure from the list."),
        ("date", "Enter the date of the procedure."),
    ],
)
def test_each_missing_answer_is_named(
    form: AppTest, database: Database, clinic: SmallClinic, missing: str, sentence: str
) -> None:
    """Nothing is guessed, and what was answered stays."""
    fill(form, without=missing)

    press(form, ENROL)

    assert refusals(form) == [sentence]
    assert missing == "name" or form.text_input[0].value == NAME
    assert enrolled(database, clinic) == []


@on_one_engine
@pytest.mark.parametrize(
    ("label", "day", "sentence"),
    [
        ("Date of birth", DONE + timedelta(days=1), "The procedure lies before the date of birth."),
        ("Date of the procedure", TODAY + timedelta(days=367), "The procedure lies more than"),
        ("Date of the procedure", date(1949, 1, 1), "The procedure lies before the date of birth."),
    ],
    ids=["born later", "too far ahead", "before birth"],
)
def test_dates_that_cannot_be_true_are_refused(  # noqa: PLR0913, PLR0917 - one row of the table
    form: AppTest, database: Database, clinic: SmallClinic, label: str, day: date, sentence: str
) -> None:
    """The date to change is named."""
    fill(form)
    pick_day(form, label, day)

    press(form, ENROL)

    [said] = refusals(form)
    assert said.startswith(sentence)
    assert enrolled(database, clinic) == []


@on_one_engine
@pytest.mark.parametrize(
    ("hours", "begins", "ends", "sentence"),
    [
        (None, DONE, None, "Enter the brace hours a day, or empty the dates of the brace."),
        (None, None, TODAY, "Enter the brace hours a day, or empty the dates of the brace."),
        (6.5, None, None, "Enter the first day of the brace."),
        (0.0, DONE, None, "Enter the brace hours a day, more than 0 and up to 24."),
        (6.5, TODAY, DONE, "The brace plan ends before it begins. Change one of its dates."),
    ],
    ids=["no hours", "only an end", "no start", "no time at all", "ends first"],
)
def test_half_a_brace_plan_is_refused(  # noqa: PLR0913, PLR0917 - one row of the table
    form: AppTest,
    database: Database,
    clinic: SmallClinic,
    hours: float | None,
    begins: date | None,
    ends: date | None,
    sentence: str,
) -> None:
    """A plan has hours and a first day, or it is left out altogether."""
    fill(form)
    form.number_input[0].set_value(hours)
    form.date_input(key="brace-from").set_value(begins)
    form.date_input(key="brace-to").set_value(ends)

    press(form, ENROL)

    assert refusals(form) == [sentence]
    assert enrolled(database, clinic) == []


def test_a_refused_form_keeps_every_answer(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Levels and brace too; the missing answer alone is given before the next press."""
    fill(form, without="date", procedure="kyphoplasty")
    form.multiselect[0].set_value(["L2"])
    form.number_input[0].set_value(6.5)
    form.date_input(key="brace-from").set_value(DONE)
    press(form, ENROL)
    assert refusals(form) == ["Enter the date of the procedure."]

    pick_day(form, "Date of the procedure", DONE)
    press(form, ENROL)

    [patient] = enrolled(database, clinic)
    assert patient.episode.treated_levels == ("L2",)
    assert patient.episode.brace_plan == BracePlan(hours_per_day=6.5, from_date=DONE)
