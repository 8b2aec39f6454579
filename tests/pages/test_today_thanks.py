"""Today after Save: the thanks stand until the answers change or the person goes elsewhere."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from db.reports import save_report
from tests.factories import TODAY, saving
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, prose
from tests.pages.report import TODAY_PAGE, answer_pain, is_thanked, save, stored, write_note
from tests.small_clinic import SmallClinic

pytestmark = on_one_engine
UNSAVED, LOGGED = "Today: your answers are not saved yet.", "Today: logged at"


@pytest.fixture
def saved(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page of the clinic's patient, just saved."""
    app = visit(clinic.patient, TODAY_PAGE)
    answer_pain(app, worst=4, average=2)
    save(app)
    assert is_thanked(app)
    return app


def test_thanks_stand_when_the_page_is_drawn_anew(saved: AppTest) -> None:
    """As when something else is pressed, or a line that broke comes back; nothing is saved twice."""
    said = prose(saved)

    saved.run()
    assert is_thanked(saved)
    assert prose(saved) == said

    press(saved, "A fall")
    assert is_thanked(saved)


def test_changed_answers_end_the_thanks(
    saved: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """They are not what was saved; saved as well they are thanked for again."""
    write_note(saved, "Slept badly.")
    saved.run()
    assert not is_thanked(saved)
    assert UNSAVED in prose(saved)

    save(saved)

    assert is_thanked(saved)
    found = stored(database, clinic.own)
    assert found is not None
    assert found.version == 2


def test_another_day_ends_the_thanks(saved: AppTest) -> None:
    """Who comes back to the day reads when it was logged."""
    for day in ("Yesterday", "Today"):
        press(saved, day)
        assert not is_thanked(saved)

    assert LOGGED in prose(saved)


def test_what_was_saved_elsewhere_is_not_thanked_for(
    saved: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """A carer corrected the day in the meantime: the page tells of that entry."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(worst_pain_nrs=9, expected_version=1))

    saved.run()

    assert not is_thanked(saved)


def test_a_page_that_is_opened_thanks_nobody(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Somebody who logged before reads when."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(day=TODAY))
        save_report(session, clinic.own, saving(day=TODAY - timedelta(days=1)))

    app = visit(clinic.patient, TODAY_PAGE)

    assert not is_thanked(app)
    assert LOGGED in prose(app)
