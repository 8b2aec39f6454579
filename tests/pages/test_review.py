"""Review: the clinic's patients, searched, sorted and paged; never those of another."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from db.events import add_event
from db.models import ClinicRow
from db.reports import save_report
from db.visits import plan_visit
from recovery.reports import Event, EventKind
from recovery.review import LOOK_AGAIN, PAGE_SIZE, ReviewOrder
from tests import factories
from tests.factories import NOW, TODAY, make_patient, saving
from tests.pages.choosing import drawn, open_row, shown_rows
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, links, press, prose, refusals, sent
from tests.small_clinic import SmallClinic, make_small_clinic

SIGN = "Warning sign 1"
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
def test_counts_by_reason_are_filters(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Pressed once they show those alone, pressed again everybody; nobody's reasons have none."""
    _enrol(database, clinic, "Ash Grove")
    with writing(database) as session:
        save_report(session, clinic.own, saving(warning_signs=frozenset({"fever"})))
    app = visit(clinic.clinician, PAGE)
    assert [label for label in labels(app) if label.startswith(("Warning", "A fall"))] == [SIGN]

    press(app, SIGN)
    assert _names(app) == ["Rowan Elm"]
    assert "Only patients with the reason: warning sign." in prose(app)

    press(app, SIGN)
    assert len(_names(app)) == 2
    assert "Only patients" not in prose(app)


@on_one_engine
def test_a_row_answers_what_was_asked_for(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """The reason filtered by before the graver one, the pain sorted by, and the day of the visit."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(warning_signs=frozenset({"fever"})))
        fall = Event(kind=EventKind.FALL, occurred_at=NOW)
        add_event(session, clinic.own, fall, idempotency_key=uuid4(), now=NOW)
        plan_visit(session, clinic.treating, TODAY, today=TODAY, now=NOW)
    app = visit(clinic.clinician, PAGE)
    [row] = shown_rows(app, ROWS)
    assert row[3:5] == ["Warning sign,\nSun 22 Nov, 1 more", "2 new"]
    assert row[2] == "Kyphoplasty,\nday 10"
    assert _wide_only(app) == ["Worst pain then"]

    press(app, "A fall 1")
    press(app, "Visit this week")
    app.selectbox(key="review-order").set_value(ReviewOrder.HIGHEST_PAIN).run()
    [row] = shown_rows(app, ROWS)
    assert row[2:4] == ["Kyphoplasty,\nday 10,\nvisit Sun 22 Nov", "A fall,\nSun 22 Nov, 1 more"]
    assert _wide_only(app) == ["Logged"]


def _wide_only(app: AppTest) -> list[str]:
    columns = drawn(app, ROWS)["columns"]
    assert isinstance(columns, list)
    return [title for title, _kind, is_wide_only in columns if is_wide_only]


@on_one_engine
def test_keys_from_anywhere_can_be_turned_off(visit: Visit, clinic: SmallClinic) -> None:
    """On at first; whoever speaks letters instead of pressing them needs it off."""
    app = visit(clinic.clinician, PAGE)
    assert drawn(app, ROWS)["keysFromAnywhere"] is True

    app.toggle(key="review-keys-anywhere").set_value(False).run()
    assert drawn(app, ROWS)["keysFromAnywhere"] is False


@on_one_engine
def test_filters_hold_together_and_are_all_taken_away_at_once(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Said in one sentence; whoever leaves nobody is told what to do; order and search stay."""
    _enrol(database, clinic, "Ash Grove")
    app = visit(clinic.clinician, PAGE)
    app.selectbox(key="review-order").set_value(ReviewOrder.NAME)
    app.selectbox(key="review-procedure").set_value("kyphoplasty").run()
    phase = app.selectbox(key="review-phase")
    assert "First 2 weeks" not in phase.options
    app.selectbox(key="review-phase").set_value("before").run()
    press(app, "My patients")
    press(app, "Visit this week")

    assert _names(app) == []
    assert "Take one away, or show everybody." in app.info[0].value
    assert (
        "Only patients whom you look after; after kyphoplasty; in the phase: Before the procedure; "
        "with a visit from Mon 16 Nov to Sun 22 Nov." in prose(app)
    )
    [address] = [url for url in links(app).values() if url.startswith("/review-list.csv?")]
    assert {"procedure=kyphoplasty", "phase=before", "is_mine=True", "has_visit=True"} <= set(
        address.partition("?")[2].split("&")
    )

    press(app, "Show everybody")

    assert _names(app) == ["Ash Grove", "Rowan Elm"]
    assert app.selectbox(key="review-procedure").value == ""
    assert app.selectbox(key="review-order").value is ReviewOrder.NAME


@on_one_engine
def test_another_procedure_forgets_the_phase(visit: Visit, clinic: SmallClinic) -> None:
    """Its phases are others, and none of them was chosen."""
    app = visit(clinic.clinician, PAGE)
    app.selectbox(key="review-phase").set_value("later").run()
    assert _names(app) == []

    app.selectbox(key="review-procedure").set_value("kyphoplasty").run()

    assert app.selectbox(key="review-phase").value == ""
    assert _names(app) == ["Rowan Elm"]


@on_one_engine
def test_the_search_stands_in_no_address(visit: Visit, clinic: SmallClinic) -> None:
    """What is searched for is a person, and addresses are kept in logs."""
    app = _search(visit(clinic.clinician, PAGE), "rowan")

    assert app.query_params == {}
    assert not any("rowan" in url.lower() for url in links(app).values())
    assert "does not narrow it" in prose(app)


def test_what_changed_since_the_last_look_is_marked_and_found(
    visit: Visit, database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """Not at the first look; half an hour later whoever reported is, and those alone are left."""
    _enrol(database, clinic, "Ash Grove")
    clock.shift(timedelta(minutes=5))
    first = visit(clinic.clinician, PAGE)
    assert not any(label.startswith("Changed") for label in labels(first))
    clock.shift(LOOK_AGAIN + timedelta(minutes=5))
    with writing(database) as session:
        now = NOW + LOOK_AGAIN + timedelta(minutes=10)
        save_report(session, clinic.own, saving(now=now, warning_signs=frozenset({"fever"})))

    app = visit(clinic.clinician, PAGE)
    states = {row[1]: row[4] for row in shown_rows(app, ROWS)}
    assert states == {"Rowan Elm": "New,\nChanged", "Ash Grove": ""}
    assert "Changed: since you looked before, 22 Nov 2026, 10:05 AM." in prose(app)

    press(app, "Changed since I last looked")
    assert _names(app) == ["Rowan Elm"]
    assert "Only patients changed since 22 Nov 2026, 10:05 AM." in prose(app)


@on_one_engine
def test_a_view_is_kept_shown_and_deleted(visit: Visit, clinic: SmallClinic) -> None:
    """With its filters and its order, and without the name that was searched for."""
    app = visit(clinic.clinician, PAGE)
    assert "You keep no view yet." in prose(app)
    app.selectbox(key="review-order").set_value(ReviewOrder.NAME).run()
    press(app, "Visit this week")
    _search(app, "elm")
    app.text_input(key="review-view-name").set_value("This *week*")
    press(app, "Save this view")
    assert r"Kept as This \*week\*." in prose(app)
    assert app.text_input(key="review-view-name").value == ""

    other = visit(clinic.clinician, PAGE)
    assert _names(other) == ["Rowan Elm"]
    press(other, "Show this view")
    assert _names(other) == []
    assert other.selectbox(key="review-order").value is ReviewOrder.NAME
    assert other.text_input(key="review-search").value == ""

    press(other, "Delete it")
    assert "You keep no view yet." in prose(other)
    assert visit(clinic.assistant, PAGE).selectbox(key="review-order").value is ReviewOrder.NEED


@on_one_engine
def test_a_view_without_a_name_is_refused_in_words(visit: Visit, clinic: SmallClinic) -> None:
    """And the list stays as it was chosen."""
    app = press(visit(clinic.clinician, PAGE), "Visit this week")

    press(app, "Save this view")

    assert refusals(app) == ["Enter the name of the view."]
    assert "with a visit from" in prose(app)


@on_one_engine
def test_a_count_on_the_start_page_leads_to_the_list(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Filtered by that reason, and pressed from there again it stays so."""
    _enrol(database, clinic, "Ash Grove")
    with writing(database) as session:
        save_report(session, clinic.own, saving(warning_signs=frozenset({"fever"})))
    app = press(visit(clinic.clinician), SIGN)

    assert app.title[0].value == "Review"
    assert _names(app) == ["Rowan Elm"]

    app.switch_page("clinician/home.py").run()
    press(app, SIGN)
    assert _names(app) == ["Rowan Elm"]


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
    assert drawn(app, ROWS)["returnTo"] == str(clinic.treating.patient_id)
    assert drawn(app.run(), ROWS)["returnTo"] is None


@on_one_engine
def test_names_are_shown_as_typed(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """Neither a patient's nor the clinic's name is read as markup."""
    with writing(database) as session:
        session.get_one(ClinicRow, clinic.clinic_id).name = "**Oak** [x](y)"
    _enrol(database, clinic, "<b>Canary</b> *Hill*")

    assert "<b>Canary</b> *Hill*" in _names(visit(clinic.clinician, PAGE))
    assert visit(clinic.clinician).title[0].value == r"\*\*Oak\*\* \[x\]\(y\)"
