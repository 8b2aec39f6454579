"""Enrol: what is asked for each procedure is stored as given, and a form sent twice enrols once."""

from datetime import timedelta
from itertools import groupby

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from content.procedures import Question
from content.shelf import procedures
from db.clinic_values import change_clinic_values
from db.engine import Database, reading, writing
from db.models import EpisodeRow
from recovery.access import grant_admin
from recovery.episodes import BracePlan
from tests.factories import TODAY, ZONE
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.enrolling import BORN, DONE, ENROL, NAME, PAGE, enrolled, fill, pick_day, write
from tests.pages.opening import press, refusals
from tests.pages.pain import choose_pain
from tests.small_clinic import SmallClinic
from ui.enrol_form import BRACE_WEEKS
from ui.procedure_choice import SERVICE_NAMES


@pytest.fixture
def form(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page, nothing answered."""
    return visit(clinic.clinician, PAGE)


def _decide(database: Database, clinic: SmallClinic, weeks: float) -> None:
    """Have the clinic decide how long a brace is usual after a kyphoplasty."""
    with writing(database) as session:
        access = grant_admin(clinic.administrator)
        change_clinic_values(session, access, "kyphoplasty", {BRACE_WEEKS: weeks}, drawn_from={})


def _brace_words(app: AppTest) -> str:
    [words] = [each.value for each in app.markdown if each.value.startswith("**Brace.**")]
    return words


def test_what_is_not_known_may_be_left_out(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Levels, pain before and brace are stored as not known, and the chart opens."""
    fill(form)

    press(form, ENROL)

    assert form.title[0].value == NAME
    [patient] = enrolled(database, clinic)
    assert (patient.name, patient.date_of_birth, patient.time_zone) == (NAME, BORN, ZONE)
    episode = patient.episode
    assert (episode.procedure, episode.procedure_date) == ("vertebroplasty", DONE)
    assert (episode.treated_levels, episode.baseline_nrs, episode.brace_plan) == ((), None, None)


def test_every_answer_is_stored_as_given(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """What is on the form is what the database holds, levels from the top down."""
    fill(form)
    form.multiselect[0].set_value(["L2", "T12"])
    [key] = [each.key for each in form.get("bidi_component")]
    choose_pain(form, str(key), 9)
    form.number_input[0].set_value(6.5)
    form.date_input(key="brace-from").set_value(DONE)
    form.date_input(key="brace-to").set_value(TODAY)
    form.selectbox[1].set_value("Europe/Lisbon")

    press(form, ENROL)

    [patient] = enrolled(database, clinic)
    episode = patient.episode
    assert patient.time_zone == "Europe/Lisbon"
    assert (episode.treated_levels, episode.baseline_nrs) == (("T12", "L2"), 9)
    assert episode.brace_plan == BracePlan(hours_per_day=6.5, from_date=DONE, to_date=TODAY)


@on_one_engine
def test_procedures_are_told_apart_by_their_service(form: AppTest) -> None:
    """Those of one service stand together, under names that are all different."""
    options = form.selectbox[0].options

    services = [each.partition(": ")[0] for each in options]
    assert len(set(options)) == len(options) == len(procedures())
    assert len(list(groupby(services))) == len(set(services)) == len(SERVICE_NAMES)
    assert "Vertebral augmentation: Kyphoplasty" in options


@on_one_engine
def test_before_the_choice_only_what_all_share_is_asked(form: AppTest) -> None:
    """Levels and brace may not belong to the procedure, so they wait for it."""
    assert not form.multiselect
    assert not form.number_input
    assert [each.label for each in form.text_input] == ["Name"]


@on_one_engine
@pytest.mark.parametrize("procedure_id", list(procedures()))
def test_only_what_belongs_to_the_procedure_is_asked(form: AppTest, procedure_id: str) -> None:
    """Levels and brace, each where the content says so."""
    procedure = procedures()[procedure_id]

    form.selectbox[0].set_value(procedure_id).run()

    assert bool(form.multiselect) is procedure.asks_levels
    assert bool(form.number_input) is (Question.BRACE in procedure.questions)


def test_another_choice_leaves_levels_and_brace_behind(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """What was answered for the first procedure is not stored for the second; the rest stays."""
    fill(form, without="date", procedure="kyphoplasty")
    form.multiselect[0].set_value(["L2"])
    form.number_input[0].set_value(6.5)
    form.date_input(key="brace-from").set_value(DONE)
    press(form, ENROL)
    assert refusals(form) == ["Enter the date of the procedure."]

    form.selectbox[0].set_value("rfa_genicular").run()
    assert form.text_input[0].value == NAME
    write(form, "Name", NAME)
    pick_day(form, "Date of birth", BORN)
    pick_day(form, "Date of the procedure", DONE)
    press(form, ENROL)

    [patient] = enrolled(database, clinic)
    episode = patient.episode
    assert (patient.name, patient.date_of_birth) == (NAME, BORN)
    assert (episode.procedure, episode.treated_levels) == ("rfa_genicular", ())
    assert episode.brace_plan is None


def test_the_usual_weeks_stand_beside_the_brace(
    form: AppTest, database: Database, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """The own clinic's for this procedure alone, with what studies compared; nothing is filled in."""
    _decide(database, other_clinic, 9)
    form.selectbox[0].set_value("kyphoplasty").run()
    documented = "Studies compared 0 and 3 weeks."
    assert _brace_words(form).endswith(
        f"Your clinic has not decided how many weeks are usual. {documented}"
    )

    _decide(database, clinic, 2)
    form.run()

    assert _brace_words(form).endswith(f"Usual weeks in your clinic: 2. {documented}")
    assert form.number_input[0].value is None
    assert form.date_input(key="brace-to").value is None


def test_a_procedure_that_lies_ahead_can_be_enrolled(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """People are enrolled before the procedure, to read how to prepare."""
    fill(form)
    pick_day(form, "Date of the procedure", TODAY + timedelta(days=7))

    press(form, ENROL)

    assert form.title[0].value == NAME
    assert len(enrolled(database, clinic)) == 1


def test_a_form_sent_twice_enrols_once(
    form: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """A second press that comes after the first was answered enrols nobody else."""
    fill(form)
    [button] = [each for each in form.button if each.label == ENROL]
    button.click()
    # What the browser sends with the press; AppTest has no double click.
    pressed = form._tree.get_widget_states()  # noqa: SLF001
    form._run(pressed)  # noqa: SLF001
    assert form.title[0].value == NAME

    form.switch_page(PAGE)
    form._run(pressed)  # noqa: SLF001

    assert not form.exception
    assert len(enrolled(database, clinic)) == 1


def test_a_second_person_can_follow(form: AppTest, database: Database, clinic: SmallClinic) -> None:
    """The next visit to the page begins with an empty form, and enrols somebody else."""
    fill(form)
    press(form, ENROL)

    form.switch_page(PAGE).run()
    assert form.text_input[0].value == ""
    fill(form)
    press(form, ENROL)

    assert len(enrolled(database, clinic)) == 2
    with reading(database) as session:
        assert len(session.exec(select(EpisodeRow.id)).all()) == 3
