"""Today: what happened beside the report, recorded by one press at any hour."""

from datetime import time, timedelta

import pytest
import time_machine
from streamlit.testing.v1 import AppTest

from db.engine import Database
from recovery.reports import EventKind
from tests.factories import NOW
from tests.pages.conftest import Visit
from tests.pages.opening import labels, press, prose, refusals
from tests.pages.pain import choose_pain
from tests.pages.report import TODAY_PAGE, events
from tests.small_clinic import SmallClinic, make_small_clinic

PAIN, READING, FALL, SUDDEN = "event-pain", "Record this reading", "A fall", "Sudden new pain"


@pytest.fixture
def today(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page of the clinic's patient, nothing recorded."""
    return visit(clinic.patient, TODAY_PAGE)


def test_a_reading_needs_its_number(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """A pain reading without a pain is refused, since nothing stands for a number."""
    press(today, READING)

    assert refusals(today) == ["Choose a number from 0 to 10 for the pain."]
    assert events(database, clinic.own) == []


def test_a_reading_in_the_future_is_refused(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """A time of today that has not come yet is refused, and the number stays."""
    choose_pain(today, PAIN, 7)
    today.time_input[0].set_value(time(23, 30))

    press(today, READING)

    assert refusals(today) == ["That time has not come yet. Choose the time it happened."]
    assert events(database, clinic.own) == []


def test_an_event_before_the_procedure_is_refused(visit: Visit, database: Database) -> None:
    """Before day 0 there is no recovery to record for, and nowhere to press."""
    coming = make_small_clinic(
        database, procedure_date=NOW.date() + timedelta(days=2), brace_plan=None
    )

    assert FALL not in labels(visit(coming.patient, TODAY_PAGE))


@pytest.mark.parametrize(("label", "kind"), [(SUDDEN, "sudden_pain"), (FALL, "fall")])
def test_one_press_records_an_event(
    today: AppTest, database: Database, clinic: SmallClinic, label: str, kind: str
) -> None:
    """The press itself is the record, with its time, and the page says whom to call."""
    press(today, label)

    [event] = events(database, clinic.own)
    assert event.kind == kind
    assert abs(event.occurred_at - NOW) < timedelta(minutes=2)
    assert today.success[0].value.startswith("Recorded at 10:0")
    assert "tel:5550100" in today.warning[0].value


def test_a_double_press_records_once(
    visit: Visit, database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """Two presses within a moment are one; a later one is another event."""
    clock.move_to(NOW, tick=False)
    today = visit(clinic.patient, TODAY_PAGE)

    press(today, FALL)
    press(today, FALL)

    assert len(events(database, clinic.own)) == 1


def test_a_later_press_is_another_event(
    today: AppTest, database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """Any number of events a day can be recorded."""
    press(today, FALL)
    clock.shift(timedelta(minutes=3))

    press(today, FALL)

    assert len(events(database, clinic.own)) == 2


def test_a_reading_is_kept_with_its_time(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """A time of the person's own clock is stored as the instant it was."""
    choose_pain(today, PAIN, 7)
    today.time_input[0].set_value(time(8, 15))

    press(today, READING)

    [event] = events(database, clinic.own)
    assert (event.kind, event.pain_nrs) == (EventKind.PAIN_READING, 7)
    assert event.occurred_at == NOW - timedelta(hours=1, minutes=45)
    assert "8:15 AM: Pain reading, pain 7 of 10" in prose(today)
    assert not today.warning


def test_an_event_taken_back_stays_on_record(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """A press by mistake leaves the page, and the record says that it was taken back."""
    press(today, FALL)

    press(today, "Take back")

    [event] = events(database, clinic.own)
    assert event.is_withdrawn
    assert "Take back" not in labels(today)


def test_an_event_keeps_what_stands_in_the_report(today: AppTest) -> None:
    """To record a fall half-way through the report empties no answer."""
    today.text_area[0].set_value("canary: half-way")

    press(today, FALL)

    assert today.text_area[0].value == "canary: half-way"
