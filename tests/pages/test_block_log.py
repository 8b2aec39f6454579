"""Today with a test block: one rating at a time, from the block to the last hour."""

from datetime import timedelta

import pytest
import time_machine

import ui.block_log_form
from db.engine import Database
from recovery.errors import DatabaseUnavailable
from recovery.reports import EventKind
from tests.factories import NOW
from tests.pages.block import DONE_AT, SAVE, Enrol, rate, record, scale, slots
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals
from tests.pages.pain import choose_pain, shown_pain
from tests.pages.report import TODAY_PAGE, events


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
