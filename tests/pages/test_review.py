"""Review: the clinic's patients, searched, sorted and paged; never those of another."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from db.models import ClinicRow
from db.reports import save_report
from recovery.review import PAGE_SIZE, ReviewOrder
from tests import factories
from tests.factories import NOW, TODAY, make_patient, saving
from tests.pages.choosing import open_row, shown_rows
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, sent
from tests.small_clinic import SmallClinic, make_small_clinic

PAGE, ROWS, FLAGGED = "clinician/review.py", "review-rows", "flagged"
NOBODY = "Nobody is enrolled yet. Enrol the first patient to begin."


def _names(app: AppTest, key: str = ROWS) -> list[str]:
    return [row[1] for row in shown_rows(app, key)]


def _enrol(database: Database, clinic: SmallClinic, *names: str) -> None:
    with writing(database) as session:
        for name in names:
            make_patient(session, clinic.clinician, name=name)


def _search(app: AppTest, words: str) -> AppTest:
    app.text_input(key="review-search").set_value(words).run()
    assert not app.exception
    return app


@on_one_engine
@pytest.mark.parametrize("page", [PAGE, "clinician/home.py"])
def test_an_empty_clinic_says_what_to_do(visit: Visit, database: Database, page: str) -> None:
    """Without patients there is a sentence and no table."""
    with writing(database) as session:
        clinic_id = factories.make_clinic(session)
        clinician = factories.make_clinician_actor(session, clinic_id)

    app = visit(clinician, page)

    assert app.info[0].value == NOBODY
    assert not app.get("bidi_component")


@on_one_engine
@pytest.mark.parametrize("words", ["canary", "%", "_", "\\", "' OR 1=1 --", "\U0001f9b4"])
def test_a_search_without_result_says_so(visit: Visit, clinic: SmallClinic, words: str) -> None:
    """Words that begin no name find nobody, whatever they would mean to a database."""
    app = _search(visit(clinic.clinician, PAGE), words)

    assert _names(app) == []
    assert "Check the spelling, or clear the search." in app.info[0].value


@on_one_engine
@pytest.mark.parametrize("words", ["elm", "ROW", "rowan elm", "Elm  Row", "élm", "  "])
def test_a_search_finds_by_any_part_of_the_name(
    visit: Visit, database: Database, clinic: SmallClinic, words: str
) -> None:
    """Beginnings of words in any order, in any case, with or without accents."""
    _enrol(database, clinic, "Ash Grove")

    found = _names(_search(visit(clinic.clinician, PAGE), words))

    assert "Rowan Elm" in found
    assert ("Ash Grove" in found) is (not words.strip())


def test_patients_of_another_clinic_are_never_listed(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """No list and no search crosses from one clinic to the other."""
    make_small_clinic(database, prefix="other-", name="Canary Willow")

    for page in (PAGE, "clinician/home.py"):
        assert "Canary Willow" not in sent(visit(clinic.clinician, page))
    assert _names(_search(visit(clinic.clinician, PAGE), "canary")) == []


def test_long_lists_are_paged(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """Each page follows the other without losing or repeating anybody."""
    _enrol(database, clinic, *(f"Birch {number:02}" for number in range(PAGE_SIZE)))
    app = visit(clinic.clinician, PAGE)
    app.selectbox(key="review-order").set_value(ReviewOrder.NAME).run()
    first = _names(app)
    assert len(first) == PAGE_SIZE
    assert app.button[labels(app).index("Previous")].disabled

    press(app, "Next")

    assert _names(app) == ["Rowan Elm"]
    assert app.button[labels(app).index("Next")].disabled
    assert "Page 2" in prose(app)

    press(app, "Previous")

    assert _names(app) == first


@on_one_engine
def test_a_search_begins_at_the_first_page(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Whoever searches from the second page is not shown an empty one."""
    _enrol(database, clinic, *(f"Birch {number:02}" for number in range(PAGE_SIZE)))
    app = press(visit(clinic.clinician, PAGE), "Next")

    assert _names(_search(app, "elm")) == ["Rowan Elm"]


@on_one_engine
@pytest.mark.parametrize("order", list(ReviewOrder))
def test_every_order_lists_everybody(
    visit: Visit, database: Database, clinic: SmallClinic, order: ReviewOrder
) -> None:
    """Sorting leaves nobody out, whatever was reported or not."""
    _enrol(database, clinic, "Ash Grove", "Cedar Hill")
    with writing(database) as session:
        save_report(session, clinic.own, saving())
    app = visit(clinic.clinician, PAGE)

    app.selectbox(key="review-order").set_value(order).run()

    assert sorted(_names(app)) == ["Ash Grove", "Cedar Hill", "Rowan Elm"]


def test_the_row_says_what_the_list_is_for(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Name, procedure, day, reason, last report, last pain and days logged of seven."""
    with writing(database) as session:
        for back in (2, 0):
            day = TODAY - timedelta(days=back)
            save_report(
                session,
                clinic.own,
                saving(
                    day=day, today=day, worst_pain_nrs=7 - back, warning_signs=frozenset({"fever"})
                ),
            )

    [row] = shown_rows(visit(clinic.clinician, PAGE), ROWS)

    assert row[1:] == [
        "Rowan Elm",
        "Kyphoplasty",
        "10",
        "Warning sign, Sun 22 Nov",
        "Sun 22 Nov",
        "7",
        "2 of 7",
    ]


def test_the_start_page_lists_who_recorded_something(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Only people with a sign, a fall or sudden pain stand on the start page."""
    _enrol(database, clinic, "Ash Grove")
    assert _names(visit(clinic.clinician), FLAGGED) == []
    with writing(database) as session:
        save_report(session, clinic.own, saving(warning_signs=frozenset({"fever"})))

    app = visit(clinic.clinician)

    assert _names(app, FLAGGED) == ["Rowan Elm"]


@on_one_engine
def test_a_row_opens_the_patient(visit: Visit, clinic: SmallClinic) -> None:
    """One press from the list to the chart, with nothing about the patient in the address."""
    app = visit(clinic.clinician, PAGE)

    open_row(app, ROWS, str(clinic.treating.patient_id))

    assert app.title[0].value == "Rowan Elm"
    assert app.query_params == {}


@on_one_engine
@pytest.mark.parametrize("row_id", ["", "x", None, 5, ["a"], str(NOW)])
def test_a_row_that_is_not_there_opens_nothing(
    visit: Visit, clinic: SmallClinic, row_id: object
) -> None:
    """A changed browser cannot open what the list does not hold."""
    app = open_row(visit(clinic.clinician, PAGE), ROWS, row_id)

    assert app.title[0].value == "Review"


@on_one_engine
def test_the_way_back_keeps_the_search(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """After a look at a patient the list is as it was left."""
    _enrol(database, clinic, "Ash Grove")
    app = _search(visit(clinic.clinician, PAGE), "elm")
    open_row(app, ROWS, str(clinic.treating.patient_id))

    app.switch_page(PAGE).run()

    assert app.text_input(key="review-search").value == "elm"
    assert _names(app) == ["Rowan Elm"]


@on_one_engine
def test_names_are_shown_as_typed(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """Neither a patient's nor the clinic's name is read as markup."""
    with writing(database) as session:
        session.get_one(ClinicRow, clinic.clinic_id).name = "**Oak** [x](y)"
    _enrol(database, clinic, "<b>Canary</b> *Hill*")

    assert "<b>Canary</b> *Hill*" in _names(visit(clinic.clinician, PAGE))
    assert visit(clinic.clinician).title[0].value == r"\*\*Oak\*\* \[x\]\(y\)"
