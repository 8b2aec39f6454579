"""Today with a test block: its time, then one rating at a time."""

from datetime import date, time, timedelta

import pytest
import time_machine

import ui.block_log_form
from db.engine import Database
from recovery.errors import DatabaseUnavailable
from recovery.reports import EventKind
from tests.factories import NOW, TODAY
from tests.pages.block import DONE_AT, SAVE, Enrol, rate, record, scale, slots
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals
from tests.pages.pain import choose_pain, shown_pain
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


def test_a_rating_needs_its_number(visit: Visit, enrolled: Enrol, database: Database) -> None:
    """Nothing is preselected and nothing stands for a number."""
    clinic = enrolled()
    record(database, clinic.own, DONE_AT)
    today = visit(clinic.patient, TODAY_PAGE)

    press(today, SAVE)

    assert refusals(today) == ["Choose a number from 0 to 10 for the pain."]
    assert len(events(database, clinic.own)) == 1


def test_pain_is_rated_slot_by_slot(
    visit: Visit, enrolled: Enrol, database: Database, clock: time_machine.Traveller
) -> None:
    """One scale for the open time; once saved it gives way to when the next one is."""
    clock.move_to(NOW, tick=False)
    clinic = enrolled()
    record(database, clinic.own, NOW - timedelta(minutes=14))
    today = visit(clinic.patient, TODAY_PAGE)

    rate(today, 15, 3)

    reading = events(database, clinic.own)[-1]
    assert (reading.kind, reading.pain_nrs, reading.occurred_at) == (
        EventKind.PAIN_READING,
        3,
        NOW,
    )
    assert "Saved: pain 3 of 10 for 10:01 AM." in prose(today)
    assert SAVE not in labels(today)
    assert "Next rating: 10:16 AM, 30 minutes after the block." in prose(today)
    assert slots(today)["10:01 AM"] == "3 of 10"

    clock.shift(timedelta(minutes=15))
    today.run()

    assert SAVE in labels(today)
    assert slots(today)["10:16 AM"] == "now"


def test_a_time_that_passed_can_be_rated_from_memory(
    visit: Visit, enrolled: Enrol, database: Database
) -> None:
    """On the same day, and the record tells that it was entered later."""
    clinic = enrolled()
    record(database, clinic.own, DONE_AT)
    today = visit(clinic.patient, TODAY_PAGE)

    rate(today, 60, 4, "Save the rating for 9:00 AM")

    reading = events(database, clinic.own)[-1]
    assert (reading.occurred_at, reading.pain_nrs) == (DONE_AT + timedelta(hours=1), 4)
    assert reading.recorded_at is not None
    assert reading.recorded_at - reading.occurred_at > timedelta(minutes=59)
    assert slots(today)["9:00 AM"] == "4 of 10"
    assert slots(today)["8:45 AM"] == "not rated"


def test_a_number_that_was_not_saved_stays_with_its_time(
    visit: Visit, enrolled: Enrol, database: Database, clock: time_machine.Traveller
) -> None:
    """When its time passes it is offered among the earlier ones; the next one starts empty."""
    clinic = enrolled()
    record(database, clinic.own, NOW - timedelta(minutes=30))
    today = visit(clinic.patient, TODAY_PAGE)
    key = scale(today, 30)
    assert key is not None
    choose_pain(today, key, 6)
    today.run()

    clock.shift(timedelta(minutes=10))
    today.run()

    later = scale(today, 45)
    assert later is not None
    assert shown_pain(today, later) is None
    assert shown_pain(today, key) == 6
    press(today, "Save the rating for 10:00 AM")
    assert events(database, clinic.own)[-1].pain_nrs == 6


def test_after_eight_hours_the_ratings_are_over(
    visit: Visit, enrolled: Enrol, database: Database, clock: time_machine.Traveller
) -> None:
    """With thanks and what they amount to; what was not rated stays that."""
    clinic = enrolled()
    record(database, clinic.own, DONE_AT)
    record(database, clinic.own, DONE_AT + timedelta(minutes=30), 1)
    clock.move_to(DONE_AT + timedelta(hours=8, minutes=30))

    today = visit(clinic.patient, TODAY_PAGE)

    assert SAVE not in labels(today)
    said = prose(today)
    assert "The planned ratings are over. Thank you." in said
    assert "The lowest pain after the block was 1 of 10, 30 minutes after it." in said
    assert "Before it, pain was 7 of 10: that is 6 points less." in said
    assert "Rated 1 of 11 times." in said
    assert list(slots(today).values()).count("not rated") == 10


@on_one_engine
def test_the_hours_of_an_evening_go_on_after_midnight(
    visit: Visit, enrolled: Enrol, database: Database, clock: time_machine.Traveller
) -> None:
    """Until the last rating closes; then the next day has its own questions alone."""
    clinic = enrolled()
    evening = NOW + timedelta(hours=9)  # 7 in the evening
    record_at = evening
    clock.move_to(evening)
    record(database, clinic.own, record_at)
    clock.move_to(evening + timedelta(hours=7))

    assert SAVE in labels(visit(clinic.patient, TODAY_PAGE))

    clock.move_to(evening + timedelta(hours=8, minutes=31))

    assert "Your test block" not in prose(visit(clinic.patient, TODAY_PAGE))


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


def test_a_rating_taken_back_leaves_its_scale_empty(
    visit: Visit, enrolled: Enrol, database: Database
) -> None:
    """A press by mistake is given anew."""
    clinic = enrolled()
    record(database, clinic.own, DONE_AT)
    today = visit(clinic.patient, TODAY_PAGE)
    rate(today, 120, 9)

    press(today, "Take back the rating")

    assert SAVE in labels(today)
    key = scale(today, 120)
    assert key is not None
    assert shown_pain(today, key) is None
    assert events(database, clinic.own)[-1].is_withdrawn


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


def test_a_carer_rates_and_takes_back_what_is_theirs(
    visit: Visit, enrolled: Enrol, database: Database
) -> None:
    """The time that the patient entered is the patient's to take back."""
    clinic = enrolled()
    record(database, clinic.own, DONE_AT)
    today = visit(clinic.carer, TODAY_PAGE)

    assert "Take back the time" not in labels(today)
    rate(today, 120, 2)

    reading = events(database, clinic.own)[-1]
    assert (reading.is_by_proxy, reading.pain_nrs) == (True, 2)
    assert "Take back the rating" in labels(today)


def test_rating_keeps_what_stands_in_the_report(
    visit: Visit, enrolled: Enrol, database: Database
) -> None:
    """To rate half-way through the questions of the day empties no answer."""
    clinic = enrolled()
    record(database, clinic.own, DONE_AT)
    today = visit(clinic.patient, TODAY_PAGE)
    today.text_area[0].set_value("canary: half-way")

    rate(today, 120, 2)

    assert today.text_area[0].value == "canary: half-way"


@on_one_engine
def test_a_database_that_is_away_is_said_in_its_place(
    visit: Visit, enrolled: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run by the clock has no page around it; the questions of the day stay."""

    def refuse(*_: object) -> None:
        raise DatabaseUnavailable("The database is away. Try again in a minute.")

    clinic = enrolled()
    monkeypatch.setattr(ui.block_log_form, "_read_log", refuse)

    today = visit(clinic.patient, TODAY_PAGE)

    assert refusals(today) == ["The database is away. Try again in a minute."]
    assert "Save" in labels(today)
