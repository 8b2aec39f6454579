"""Learn: the pages of one procedure, for whoever is signed in."""

import pytest
from streamlit.testing.v1 import AppTest

from content.shelf import pages_for
from db.engine import Database
from recovery.access import Actor
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import app_of, labels, press, prose, sign_in
from tests.small_clinic import SmallClinic, make_small_clinic

PAGE = "learn/learn.py"
TITLES = [page.title for page in pages_for("kyphoplasty")]
pytestmark = on_one_engine


def _open(database: Database, actor: Actor, slug: str) -> AppTest:
    app = app_of(sign_in(database, actor)).switch_page(PAGE)
    app.query_params["page"] = slug
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("slug", ["", "no-such-page", "../activity", "<b>activity</b>"])
def test_an_unknown_page_shows_the_list(database: Database, clinic: SmallClinic, slug: str) -> None:
    """An address that names no page is answered with all there are."""
    app = _open(database, clinic.patient, slug)

    assert [label for label in labels(app) if label in TITLES] == TITLES


def test_a_procedure_without_pages_says_so(visit: Visit, database: Database) -> None:
    """Nothing to read is said in a sentence, and whom to call stays on the page."""
    app = visit(make_small_clinic(database, procedure="discectomy").patient, PAGE)

    assert "does not know your procedure" in app.info[0].value
    assert "tel:911" in prose(app)


def test_a_page_is_read_with_the_own_numbers(database: Database, clinic: SmallClinic) -> None:
    """The text names the clinic's telephone, and no place is left unfilled."""
    said = prose(_open(database, clinic.patient, "when-to-call"))

    assert "tel:5550100" in said
    assert "{" not in said


def test_pages_lead_from_one_to_the_next(database: Database, clinic: SmallClinic) -> None:
    """Every page but the last offers the one after it, and all offer the list."""
    app = _open(database, clinic.patient, pages_for("kyphoplasty")[0].slug)

    for title in TITLES[1:]:
        press(app, f"Next: {title}")
        assert app.title[0].value == title

    assert not [label for label in labels(app) if label.startswith("Next")]


def test_staff_choose_the_procedure(visit: Visit, clinic: SmallClinic) -> None:
    """Clinicians and administrators read what their patients read, of any procedure."""
    for actor in (clinic.clinician, clinic.administrator):
        app = visit(actor, PAGE)

        app.selectbox[0].set_value("vertebroplasty").run()

        assert "vertebroplasty" in app.title[0].value
        assert "What vertebroplasty is" in labels(app)


def test_a_patient_reads_the_own_procedure_alone(visit: Visit, clinic: SmallClinic) -> None:
    """A patient has nothing to choose."""
    assert not visit(clinic.patient, PAGE).selectbox
