"""Review: the clinic's patients, searched, sorted, paged and opened; never those of another."""

from datetime import timedelta

import pytest

from db.engine import Database, writing
from db.models import ClinicRow
from db.reports import save_report
from recovery.review import PAGE_SIZE, ReviewOrder
from tests import factories
from tests.factories import NOW, TODAY, saving
from tests.pages.choosing import drawn, open_row, shown_rows
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, links, press, prose, sent
from tests.pages.review import FLAGGED, PAGE, ROWS, enrol, names_in, search
from tests.small_clinic import SmallClinic, make_small_clinic

NOBODY = "Nobody is enrolled yet. Enrol the first patient to begin."


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
    app = search(visit(clinic.clinician, PAGE), words)

    assert names_in(app) == []
    assert "Check the spelling, or clear the search." in app.info[0].value


@on_one_engine
@pytest.mark.parametrize("words", ["elm", "ROW", "rowan elm", "Elm  Row", "élm", "  "])
def test_a_search_finds_by_any_part_of_the_name(
    visit: Visit, database: Database, clinic: SmallClinic, words: str
) -> None:
    """Beginnings of words in any order, in any case, with or without accents."""
    enrol(database, clinic, "Ash Grove")

    found = names_in(search(visit(clinic.clinician, PAGE), words))

    assert "Rowan Elm" in found
    assert ("Ash Grove" in found) is (not words.strip())


def test_patients_of_another_clinic_are_never_listed(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """No list and no search crosses from one clinic to the other."""
    make_small_clinic(database, prefix="other-", name="Canary Willow")

    for page in (PAGE, "clinician/home.py"):
        assert "Canary Willow" not in sent(visit(clinic.clinician, page))
    assert names_in(search(visit(clinic.clinician, PAGE), "canary")) == []


def test_long_lists_are_paged(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """Each page follows the other without losing or repeating anybody."""
    enrol(database, clinic, *(f"Birch {number:02}" for number in range(PAGE_SIZE)))
    app = visit(clinic.clinician, PAGE)
    app.selectbox(key="review-order").set_value(ReviewOrder.NAME).run()
    first = names_in(app)
    assert len(first) == PAGE_SIZE
    assert app.button[labels(app).index("Previous")].disabled

    press(app, "Next")

    assert names_in(app) == ["Rowan Elm"]
    assert app.button[labels(app).index("Next")].disabled
    assert "Page 2" in prose(app)

    press(app, "Previous")

    assert names_in(app) == first


@on_one_engine
def test_a_search_begins_at_the_first_page(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Whoever searches from the second page is not shown an empty one."""
    enrol(database, clinic, *(f"Birch {number:02}" for number in range(PAGE_SIZE)))
    app = press(visit(clinic.clinician, PAGE), "Next")

    assert names_in(search(app, "elm")) == ["Rowan Elm"]


@on_one_engine
@pytest.mark.parametrize("order", list(ReviewOrder))
def test_every_order_lists_everybody(
    visit: Visit, database: Database, clinic: SmallClinic, order: ReviewOrder
) -> None:
    """Sorting leaves nobody out, whatever was reported or not."""
    enrol(database, clinic, "Ash Grove", "Cedar Hill")
    with writing(database) as session:
        save_report(session, clinic.own, saving())
    app = visit(clinic.clinician, PAGE)

    app.selectbox(key="review-order").set_value(order).run()

    assert sorted(names_in(app)) == ["Ash Grove", "Cedar Hill", "Rowan Elm"]


def test_the_row_says_what_the_list_is_for(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Name, procedure and day, why and what became of it, pain, last report and days logged."""
    with writing(database) as session:
        for back in (2, 0):
            day = TODAY - timedelta(days=back)
            signs = frozenset({"fever"})
            save_report(
                session,
                clinic.own,
                saving(day=day, today=day, worst_pain_nrs=7 - back, warning_signs=signs),
            )

    app = visit(clinic.clinician, PAGE)
    [row] = shown_rows(app, ROWS)

    pains = [*[None] * 8, 3, None, 3]
    assert row[1:] == [
        "Rowan Elm",
        "Kyphoplasty,\nday 10",
        "Warning sign,\nSun 22 Nov, 1 more",
        "2 new",
        ["11 days: 3 to 3, 9 days missing", 28, pains],
        "Today,\nSun 22 Nov",
        "7",
        "2 of 7",
    ]
    assert ["Average pain, 28 days", "spark", False] in drawn(app, ROWS)["columns"]  # type: ignore[operator]


@on_one_engine
def test_a_row_without_reports_says_so(visit: Visit, clinic: SmallClinic) -> None:
    """Nothing stands in for what is not there, and nobody is called anything."""
    [row] = shown_rows(visit(clinic.clinician, PAGE), ROWS)

    assert row[3:] == [
        "",
        "",
        ["10 days without a report", 28, [None] * 10],
        "None yet",
        "",
        "0 of 7",
    ]


@on_one_engine
def test_keys_from_anywhere_can_be_turned_off(visit: Visit, clinic: SmallClinic) -> None:
    """On at first; whoever speaks letters instead of pressing them needs it off."""
    app = visit(clinic.clinician, PAGE)
    assert drawn(app, ROWS)["keysFromAnywhere"] is True

    app.toggle(key="review-keys-anywhere").set_value(False).run()
    assert drawn(app, ROWS)["keysFromAnywhere"] is False


@on_one_engine
def test_the_search_stands_in_no_address(visit: Visit, clinic: SmallClinic) -> None:
    """What is searched for is a person, and addresses are kept in logs."""
    app = search(visit(clinic.clinician, PAGE), "rowan")

    assert app.query_params == {}
    assert not any("rowan" in url.lower() for url in links(app).values())
    assert "does not narrow it" in prose(app)


def test_the_start_page_lists_who_recorded_something(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Only people with a sign, a fall or sudden pain stand on the start page."""
    enrol(database, clinic, "Ash Grove")
    assert names_in(visit(clinic.clinician), FLAGGED) == []
    with writing(database) as session:
        save_report(session, clinic.own, saving(warning_signs=frozenset({"fever"})))

    app = visit(clinic.clinician)

    assert names_in(app, FLAGGED) == ["Rowan Elm"]


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
    enrol(database, clinic, "Ash Grove")
    app = search(visit(clinic.clinician, PAGE), "elm")
    open_row(app, ROWS, str(clinic.treating.patient_id))

    app.switch_page(PAGE).run()

    assert app.text_input(key="review-search").value == "elm"
    assert names_in(app) == ["Rowan Elm"]
    assert drawn(app, ROWS)["returnTo"] == str(clinic.treating.patient_id)
    assert drawn(app.run(), ROWS)["returnTo"] is None


@on_one_engine
def test_names_are_shown_as_typed(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """Neither a patient's nor the clinic's name is read as markup."""
    with writing(database) as session:
        session.get_one(ClinicRow, clinic.clinic_id).name = "**Oak** [x](y)"
    enrol(database, clinic, "<b>Canary</b> *Hill*")

    assert "<b>Canary</b> *Hill*" in names_in(visit(clinic.clinician, PAGE))
    assert visit(clinic.clinician).title[0].value == r"\*\*Oak\*\* \[x\]\(y\)"
