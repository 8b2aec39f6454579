"""Review, filtered: counts by reason, what changed, views that are kept, and the ways to them."""

from datetime import timedelta
from uuid import uuid4

import time_machine
from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from db.events import add_event
from db.reports import save_report
from db.visits import plan_visit
from recovery.reports import Event, EventKind
from recovery.review import LOOK_AGAIN, ReviewOrder
from tests.factories import NOW, TODAY, saving
from tests.pages.choosing import drawn, shown_rows
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, links, press, prose, refusals
from tests.pages.review import PAGE, ROWS, enrol, names_in, search
from tests.small_clinic import SmallClinic

SIGN = "Warning sign 1"


@on_one_engine
def test_counts_by_reason_are_filters(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Pressed once they show those alone, pressed again everybody; nobody's reasons have none."""
    enrol(database, clinic, "Ash Grove")
    with writing(database) as session:
        save_report(session, clinic.own, saving(warning_signs=frozenset({"fever"})))
    app = visit(clinic.clinician, PAGE)
    assert [label for label in labels(app) if label.startswith(("Warning", "A fall"))] == [SIGN]

    press(app, SIGN)
    assert names_in(app) == ["Rowan Elm"]
    assert "Only patients with the reason: warning sign." in prose(app)

    press(app, SIGN)
    assert len(names_in(app)) == 2
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
def test_filters_hold_together_and_are_all_taken_away_at_once(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Said in one sentence; whoever leaves nobody is told what to do; order and search stay."""
    enrol(database, clinic, "Ash Grove")
    app = visit(clinic.clinician, PAGE)
    app.selectbox(key="review-order").set_value(ReviewOrder.NAME)
    app.selectbox(key="review-procedure").set_value("kyphoplasty").run()
    phase = app.selectbox(key="review-phase")
    assert "First 2 weeks" not in phase.options
    app.selectbox(key="review-phase").set_value("before").run()
    press(app, "My patients")
    press(app, "Visit this week")

    assert names_in(app) == []
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

    assert names_in(app) == ["Ash Grove", "Rowan Elm"]
    assert app.selectbox(key="review-procedure").value == ""
    assert app.selectbox(key="review-order").value is ReviewOrder.NAME


@on_one_engine
def test_another_procedure_forgets_the_phase(visit: Visit, clinic: SmallClinic) -> None:
    """Its phases are others, and none of them was chosen."""
    app = visit(clinic.clinician, PAGE)
    app.selectbox(key="review-phase").set_value("later").run()
    assert names_in(app) == []

    app.selectbox(key="review-procedure").set_value("kyphoplasty").run()

    assert app.selectbox(key="review-phase").value == ""
    assert names_in(app) == ["Rowan Elm"]


def test_what_changed_since_the_last_look_is_marked_and_found(
    visit: Visit, database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """Not at the first look; half an hour later whoever reported is, and those alone are left."""
    enrol(database, clinic, "Ash Grove")
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
    assert names_in(app) == ["Rowan Elm"]
    assert "Only patients changed since 22 Nov 2026, 10:05 AM." in prose(app)


@on_one_engine
def test_a_view_is_kept_shown_and_deleted(visit: Visit, clinic: SmallClinic) -> None:
    """With its filters and its order, and without the name that was searched for."""
    app = visit(clinic.clinician, PAGE)
    assert "You keep no view yet." in prose(app)
    app.selectbox(key="review-order").set_value(ReviewOrder.NAME).run()
    press(app, "Visit this week")
    search(app, "elm")
    app.text_input(key="review-view-name").set_value("This *week*")
    press(app, "Save this view")
    assert r"Kept as This \*week\*." in prose(app)
    assert app.text_input(key="review-view-name").value == ""

    other = visit(clinic.clinician, PAGE)
    assert names_in(other) == ["Rowan Elm"]
    press(other, "Show this view")
    assert names_in(other) == []
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
    enrol(database, clinic, "Ash Grove")
    with writing(database) as session:
        save_report(session, clinic.own, saving(warning_signs=frozenset({"fever"})))
    app = press(visit(clinic.clinician), SIGN)

    assert app.title[0].value == "Review"
    assert names_in(app) == ["Rowan Elm"]

    app.switch_page("clinician/home.py").run()
    press(app, SIGN)
    assert names_in(app) == ["Rowan Elm"]
