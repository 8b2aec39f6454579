"""Enrol: every answer that is needed is asked for by name, and a form sent twice enrols once."""

from datetime import date, timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db.engine import Database, reading, writing
from db.models import EpisodeRow, PatientRow
from db.patients import authorize, get_patient
from recovery.episodes import BracePlan, Patient
from tests.factories import TODAY, ZONE
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, refusals
from tests.pages.pain import choose_pain
from tests.small_clinic import SmallClinic

PAGE, ENROL = "clinician/enrol.py", "Enrol"
NAME = "Ash Canary"
BORN, DONE = date(1950, 2, 28), TODAY - timedelta(days=2)


@pytest.fixture
def form(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page, nothing answered."""
    return visit(clinic.clinician, PAGE)


def _fill(app: AppTest, without: str = "") -> None:
    """Answer what is needed, all but the answer *without*."""
    if without != "name":
        _text(app, "Name", NAME)
    if without != "birth":
        _day(app, "Date of birth", BORN)
    if without != "procedure":
        app.selectbox[0].set_value("vertebroplasty")
    if without != "date":
        _day(app, "Date of the procedure", DONE)


def _text(app: AppTest, label: str, words: str) -> None:
    [field] = [each for each in app.text_input if each.label == label]
    field.set_value(words)


def _day(app: AppTest, label: str, day: date) -> None:
    [field] = [each for each in app.date_input if each.label == label]
    field.set_value(day)


def _patients(database: Database, clinic: SmallClinic) -> list[Patient]:
    """Return the patients enrolled in the test."""
    with writing(database) as session:
        ids = session.exec(select(PatientRow.id)).all()
        return [
            get_patient(session, authorize(session, clinic.clinician, patient_id))
            for patient_id in ids
            if patient_id != clinic.treating.patient_id
        ]


def test_an_untouched_form_enrols_nobody(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """The first answer that is missing is named."""
    press(form, ENROL)

    assert refusals(form) == ["Enter the date of birth."]
    assert _patients(database, clinic) == []


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
    _fill(form, without=missing)

    press(form, ENROL)

    assert refusals(form) == [sentence]
    assert missing == "name" or form.text_input[0].value == NAME
    assert _patients(database, clinic) == []


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
    _fill(form)
    _day(form, label, day)

    press(form, ENROL)

    [said] = refusals(form)
    assert said.startswith(sentence)
    assert _patients(database, clinic) == []


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
    _fill(form)
    form.number_input[0].set_value(hours)
    form.date_input(key="brace-from").set_value(begins)
    form.date_input(key="brace-to").set_value(ends)

    press(form, ENROL)

    assert refusals(form) == [sentence]
    assert _patients(database, clinic) == []


def test_what_is_not_known_may_be_left_out(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Levels, pain before and brace are stored as not known, and the chart opens."""
    _fill(form)

    press(form, ENROL)

    assert form.title[0].value == NAME
    [patient] = _patients(database, clinic)
    assert (patient.name, patient.date_of_birth, patient.time_zone) == (NAME, BORN, ZONE)
    episode = patient.episode
    assert (episode.procedure, episode.procedure_date) == ("vertebroplasty", DONE)
    assert (episode.treated_levels, episode.baseline_nrs, episode.brace_plan) == ((), None, None)


def test_every_answer_is_stored_as_given(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """What is on the form is what the database holds, levels from the top down."""
    _fill(form)
    form.multiselect[0].set_value(["L2", "T12"])
    [key] = [each.key for each in form.get("bidi_component")]
    choose_pain(form, str(key), 9)
    form.number_input[0].set_value(6.5)
    form.date_input(key="brace-from").set_value(DONE)
    form.date_input(key="brace-to").set_value(TODAY)
    form.selectbox[1].set_value("Europe/Lisbon")

    press(form, ENROL)

    [patient] = _patients(database, clinic)
    episode = patient.episode
    assert patient.time_zone == "Europe/Lisbon"
    assert (episode.treated_levels, episode.baseline_nrs) == (("T12", "L2"), 9)
    assert episode.brace_plan == BracePlan(hours_per_day=6.5, from_date=DONE, to_date=TODAY)


def test_a_procedure_that_lies_ahead_can_be_enrolled(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """People are enrolled before the procedure, to read how to prepare."""
    _fill(form)
    _day(form, "Date of the procedure", TODAY + timedelta(days=7))

    press(form, ENROL)

    assert form.title[0].value == NAME
    assert len(_patients(database, clinic)) == 1


def test_a_form_sent_twice_enrols_once(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """A second press that comes after the first was answered enrols nobody else."""
    _fill(form)
    [button] = [each for each in form.button if each.label == ENROL]
    button.click()
    # What the browser sends with the press; AppTest has no double click.
    pressed = form._tree.get_widget_states()  # noqa: SLF001
    form._run(pressed)  # noqa: SLF001
    assert form.title[0].value == NAME

    form.switch_page(PAGE)
    form._run(pressed)  # noqa: SLF001

    assert not form.exception
    assert len(_patients(database, clinic)) == 1


def test_a_second_person_can_follow(form: AppTest, database: Database, clinic: SmallClinic) -> None:
    """The next visit to the page begins with an empty form, and enrols somebody else."""
    _fill(form)
    press(form, ENROL)

    form.switch_page(PAGE).run()
    assert form.text_input[0].value == ""
    _fill(form)
    press(form, ENROL)

    assert len(_patients(database, clinic)) == 2
    with reading(database) as session:
        assert len(session.exec(select(EpisodeRow.id)).all()) == 3
