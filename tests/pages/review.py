"""The list of the review page: whom it shows, and whom to search for."""

from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from tests.factories import make_patient
from tests.pages.choosing import shown_rows
from tests.small_clinic import SmallClinic

PAGE, ROWS, FLAGGED = "clinician/review.py", "review-rows", "flagged"


def names_in(app: AppTest, key: str = ROWS) -> list[str]:
    """Return the names in a list, in order."""
    return [row[1] for row in shown_rows(app, key)]


def enrol(database: Database, clinic: SmallClinic, *names: str) -> None:
    """Enrol patients of these names."""
    with writing(database) as session:
        for name in names:
            make_patient(session, clinic.clinician, name=name)


def search(app: AppTest, words: str) -> AppTest:
    """Search the list for words."""
    app.text_input(key="review-search").set_value(words).run()
    assert not app.exception
    return app
