"""Today: a ticked warning sign says at once what to do."""

import pytest
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from db.models import ClinicRow
from db.review import list_episodes
from recovery.access import grant_clinic
from recovery.judgement.reasons import ReasonKind
from recovery.review import ReviewQuery
from tests.factories import NOW
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.report import TODAY_PAGE, answer, answer_pain, save, stored_answers
from tests.small_clinic import SmallClinic

EMERGENCY = "Call [911](tel:911) now."
CLINIC = "[555-0100](tel:5550100) today."


@pytest.fixture
def today(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page of the clinic's patient, nothing answered."""
    return visit(clinic.patient, TODAY_PAGE)


def _attention(session: Session, clinic: SmallClinic) -> bool:
    [row] = list_episodes(session, grant_clinic(clinic.clinician), ReviewQuery(), NOW).rows
    return [each.reason.kind for each in row.alerts] == [ReasonKind.WARNING_SIGN]


@on_one_engine
def test_no_answer_gives_no_advice(today: AppTest) -> None:
    """Nothing alarms a person who ticked nothing, or said that nothing applies."""
    assert not today.error
    assert not today.warning

    answer(today, "signs", set())
    today.run()

    assert not today.error
    assert not today.warning


def test_advice_comes_before_saving_and_without_it(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """The tick alone is enough, whatever else is unanswered; nothing is stored by it."""
    answer(today, "signs", {"legs"})

    today.run()

    assert EMERGENCY in today.error[0].value
    assert stored_answers(database, clinic.own) == []


@on_one_engine
def test_advice_stays_when_saving_is_refused(today: AppTest) -> None:
    """A missing answer does not push the advice from the page."""
    answer(today, "signs", {"legs"})

    save(today)

    assert EMERGENCY in today.error[0].value
    assert len(today.error) == 2


@on_one_engine
def test_the_most_urgent_advice_comes_first(today: AppTest) -> None:
    """An emergency stands apart from what can wait until the clinic answers."""
    answer(today, "signs", {"fever", "bladder"})

    today.run()

    assert EMERGENCY in today.error[0].value
    assert CLINIC in today.warning[0].value


@on_one_engine
def test_advice_reads_well_without_a_number_of_the_clinic(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """A clinic that gave no number leaves no hole in the sentence."""
    with writing(database) as session:
        session.get_one(ClinicRow, clinic.clinic_id).phone = ""
    app = visit(clinic.patient, TODAY_PAGE)
    answer(app, "signs", {"fever"})

    app.run()

    assert "clinic today." in app.warning[0].value


def test_a_saved_sign_reaches_the_clinician(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """The review list says that a warning sign was ticked."""
    answer_pain(today, worst=5, average=3)
    answer(today, "signs", {"fever"})

    save(today)

    with writing(database) as session:
        assert _attention(session, clinic)
