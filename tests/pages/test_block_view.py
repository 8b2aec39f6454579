"""What stands of a test block on Home, on Progress and before the clinician."""

from datetime import timedelta

import pytest
import time_machine
from streamlit.testing.v1 import AppTest

from db.engine import Database
from tests.factories import NOW
from tests.pages.block import DONE_AT, Enrol, record
from tests.pages.charts import alt_texts, data_of
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, prose
from tests.small_clinic import SmallClinic
from ui.review_list import OPEN_PATIENT

PROGRESS = "patient/progress.py"


def open_chart(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Open the chart of the clinic's patient as its clinician."""
    app = visit(clinic.clinician, "clinician/patient.py")
    app.session_state[OPEN_PATIENT] = str(clinic.treating.patient_id)
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


@on_one_engine
def test_home_tells_of_the_hours_and_thanks_after_two_weeks(
    visit: Visit, enrolled: Enrol, clock: time_machine.Traveller
) -> None:
    """Day 14 is still asked for; day 15 is not, and can be logged all the same."""
    patient = enrolled().patient
    assert "Today you rate your pain by the hour" in prose(visit(patient))
    clock.move_to(NOW + timedelta(days=14))
    assert "two weeks" not in prose(visit(patient))
    clock.move_to(NOW + timedelta(days=15))

    home = visit(patient)

    assert "The two weeks after your block are over. Thank you for your answers." in prose(home)
    assert "Log today" in labels(home)


@on_one_engine
def test_progress_draws_the_hours_and_later_too(
    visit: Visit, enrolled: Enrol, database: Database, clock: time_machine.Traveller
) -> None:
    """With the pain before, a sentence for a screen reader, a table, and no verdict."""
    clinic = enrolled()
    record(database, clinic.own, DONE_AT)
    assert "No rating after the block is on record." in prose(visit(clinic.patient, PROGRESS))
    record(database, clinic.own, DONE_AT + timedelta(minutes=30), 1)
    clock.move_to(NOW + timedelta(days=3))

    progress = visit(clinic.patient, PROGRESS)

    assert alt_texts(progress)[0].startswith("Pain by hours after the block. The lowest pain")
    assert "Before the block: 7" in data_of(progress)
    assert "Extra pain reading" not in data_of(progress, 1)
    assert "%" not in prose(progress)

    progress.session_state["table-block"] = True
    progress.run()

    rows = progress.table[0].value
    assert list(rows["Pain, 0 to 10"][:3]) == ["not rated", "1", "not rated"]
    assert len(rows) == 11
    assert rows["When"].iloc[-1] == "4:00 PM, 8 hours after"


@on_one_engine
def test_progress_without_a_block_time_has_no_hours(visit: Visit, enrolled: Enrol) -> None:
    """Nothing is drawn that nobody entered."""
    progress = visit(enrolled().patient, PROGRESS)

    assert not [each for each in alt_texts(progress) if "after the block" in each]


@on_one_engine
def test_the_clinician_reads_the_most_relief_as_a_share_too(
    visit: Visit, enrolled: Enrol, database: Database
) -> None:
    """In numbers, and whence the pain before is known."""
    clinic = enrolled()
    record(database, clinic.own, DONE_AT)
    record(database, clinic.own, DONE_AT + timedelta(minutes=45), 1)
    chart = open_chart(visit, clinic)

    assert "At best, 86 % less than before. The pain before is from enrolment." in prose(chart)
    assert "Pain by hours after the block" in alt_texts(chart)[0]


@on_one_engine
@pytest.mark.parametrize(
    ("before", "said"),
    [
        (None, "The pain before it is not on record."),
        (0, "Before it, pain was 0 of 10, and no rating was lower."),
        (3, "Before it, pain was 3 of 10, and no rating was lower."),
    ],
)
def test_without_relief_or_a_pain_before_no_share_is_told(
    visit: Visit,
    enrolled: Enrol,
    database: Database,
    before: int | None,
    said: str,
) -> None:
    """What is not known or not lower is said, and no number stands for it."""
    clinic = enrolled(baseline_nrs=before)
    record(database, clinic.own, DONE_AT)
    record(database, clinic.own, DONE_AT + timedelta(minutes=45), 3)
    chart = open_chart(visit, clinic)

    assert said in prose(chart)
    assert "At best" not in prose(chart)


@on_one_engine
def test_the_clinician_is_told_when_the_time_is_missing(visit: Visit, enrolled: Enrol) -> None:
    """So that nobody looks for a chart."""
    chart = open_chart(visit, enrolled())

    assert "The time of the block is not on record" in prose(chart)
