"""Today with a test block: when it was, asked once, refused where it cannot be, and corrected."""

from datetime import date, time, timedelta

import pytest
import time_machine

import ui.block_log_form
from db.engine import Database
from recovery.reports import EventKind
from tests.factories import NOW, TODAY
from tests.pages.block import DONE_AT, SAVE, Enrol, record, slots
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals
from tests.pages.report import TODAY_PAGE, events
from tests.small_clinic import make_small_clinic

DONE_NOW = "It is done now"


@on_one_engine
@pytest.mark.parametrize("procedure_day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_on_other_days_nothing_is_asked_by_the_hour(
    visit: Visit, enrolled: Enrol, procedure_day: date
) -> None:
    """The day before and the day after have the ordinary questions, or none."""
    today = visit(enrolled(procedure_day).patient, TODAY_PAGE)

    assert DONE_NOW not in labels(today)


@on_one_engine
def test_other_procedures_are_not_asked_by_the_hour(visit: Visit, database: Database) -> None:
    """A kyphoplasty of today has its daily questions alone."""
    other = make_small_clinic(database, procedure_date=TODAY, brace_plan=None)

    today = visit(other.patient, TODAY_PAGE)

    assert DONE_NOW not in labels(today)
    assert "test block" not in prose(today)


@on_one_engine
def test_before_the_block_only_its_time_is_asked(visit: Visit, enrolled: Enrol) -> None:
    """Above the questions of the day, which stand there too."""
    today = visit(enrolled().patient, TODAY_PAGE)

    assert DONE_NOW in labels(today)
    assert SAVE not in labels(today)
    assert [each.value for each in today.header][:2] == ["Your test block", "Your whole day"]
    assert "Save" in labels(today)
    assert "Pain coming back is what is expected" in prose(today)


@on_one_engine
def test_pain_medicine_is_the_clinics_to_decide(
    visit: Visit, enrolled: Enrol, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside what leaflets say; where a procedure has nothing about it, the clinic is asked."""
    clinic = enrolled()
    record(database, clinic.own, DONE_AT)

    said = prose(visit(clinic.patient, TODAY_PAGE))
    assert "Ask your clinic how long to wait with pain medicine." in said
    assert "Leaflets say 4 to 8 hours." in said
    assert "Call [555-0100](tel:5550100) and ask." in said

    monkeypatch.setattr(ui.block_log_form, "PAIN_MEDICINE", "not_there")
    said = prose(visit(clinic.patient, TODAY_PAGE))
    assert "Ask your clinic when you may take pain medicine." in said


@on_one_engine
def test_a_time_has_to_be_chosen(visit: Visit, enrolled: Enrol, database: Database) -> None:
    """Nothing stands for a time that was not given."""
    clinic = enrolled()
    today = visit(clinic.patient, TODAY_PAGE)

    press(today, "Save this time")

    assert refusals(today) == ["Choose the time of your block."]
    assert events(database, clinic.own) == []


@on_one_engine
def test_a_block_in_the_future_is_refused(
    visit: Visit, enrolled: Enrol, database: Database
) -> None:
    """In one sentence, and the time stays as it was typed."""
    clinic = enrolled()
    today = visit(clinic.patient, TODAY_PAGE)
    today.time_input(key="block-time").set_value(time(23, 30))

    press(today, "Save this time")

    assert refusals(today) == ["That time has not come yet. Choose the time it happened."]
    assert today.time_input(key="block-time").value == time(23, 30)
    assert events(database, clinic.own) == []


def test_one_press_records_the_block(
    visit: Visit, enrolled: Enrol, database: Database, clock: time_machine.Traveller
) -> None:
    """At once, and a second press of a double click records nothing more."""
    clock.move_to(NOW, tick=False)
    clinic = enrolled()
    today = visit(clinic.patient, TODAY_PAGE)

    press(today, DONE_NOW)

    [event] = events(database, clinic.own)
    assert (event.kind, event.occurred_at) == (EventKind.PROCEDURE_DONE, NOW)
    assert "Saved: the block was at 10:00 AM." in prose(today)
    assert "Next rating: 10:15 AM, 15 minutes after the block." in prose(today)
    assert SAVE not in labels(today)
    assert set(slots(today).values()) == {"not yet"}


def test_an_earlier_time_is_stored_as_the_instant_it_was(
    visit: Visit, enrolled: Enrol, database: Database
) -> None:
    """The person's own clock, kept in UTC."""
    clinic = enrolled()
    today = visit(clinic.patient, TODAY_PAGE)
    today.time_input(key="block-time").set_value(time(8, 0))

    press(today, "Save this time")

    [event] = events(database, clinic.own)
    assert event.occurred_at == DONE_AT
    assert slots(today)["8:15 AM"] == "not rated"
    assert slots(today)["10:00 AM"] == "now"
    assert slots(today)["4:00 PM"] == "not yet"


def test_the_time_of_the_block_is_corrected_by_taking_it_back(
    visit: Visit, enrolled: Enrol, database: Database
) -> None:
    """It stays on record, the ratings stay, and the time is asked for anew."""
    clinic = enrolled()
    record(database, clinic.own, DONE_AT)
    record(database, clinic.own, DONE_AT + timedelta(minutes=30), 1)
    today = visit(clinic.patient, TODAY_PAGE)

    press(today, "Take back the time")

    assert "Taken back. It stays on record as a mistake." in prose(today)
    assert DONE_NOW in labels(today)
    today.time_input(key="block-time").set_value(time(8, 15))
    press(today, "Save this time")
    assert slots(today)["8:30 AM"] == "1 of 10"
    assert [each.is_withdrawn for each in events(database, clinic.own)] == [True, False, False]


def test_what_was_taken_back_is_entered_again_at_once(
    visit: Visit, enrolled: Enrol, database: Database
) -> None:
    """The same press again within seconds is stored, and not taken for a double click."""
    clinic = enrolled()
    today = visit(clinic.patient, TODAY_PAGE)

    for _ in range(2):
        press(today, DONE_NOW)
        press(today, "Take back the time")
    press(today, DONE_NOW)

    assert [each.is_withdrawn for each in events(database, clinic.own)] == [True, True, False]
    assert DONE_NOW not in labels(today)
