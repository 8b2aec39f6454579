"""Start of the staff: the briefs of a day's visits in one PDF, of those the reader may see."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session

from db.assignments import assign
from db.engine import Database, reading, writing
from db.models import ClinicRow
from recovery.access import Actor
from recovery.errors import AccessDenied, InvalidEntry, RecoveryError
from tests.db.acts import acts
from tests.factories import NOW, TODAY, make_clinic, make_clinician_actor, make_patient
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, sent
from tests.pages.visits import handed_over, pages_of, plan
from tests.small_clinic import SmallClinic
from ui.briefs import ReadBrief, read_brief

pytestmark = on_one_engine

PRESS = "Make the PDF"
LEFT_OUT: dict[type[RecoveryError], str] = {
    AccessDenied: "the record is not open to you any more.",
    InvalidEntry: "the brief could not be made.",
}


def test_tomorrow_is_offered_in_the_clinics_zone(visit: Visit, clinic: SmallClinic) -> None:
    """The day is there to be changed; nothing is made before the press."""
    app = visit(clinic.clinician)

    assert app.date_input[0].value == TODAY + timedelta(days=1)
    assert handed_over(app) == []


def test_a_day_without_visits_says_so(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """And names the place where visits are planned."""
    plan(database, clinic.treating, ahead=2)

    app = press(visit(clinic.clinician), PRESS)

    assert "Nobody you see has a visit on Monday 23 November" in prose(app)
    assert handed_over(app) == []


def test_a_clinic_without_patients_prints_nothing(visit: Visit, database: Database) -> None:
    """There is nothing to press."""
    with writing(database) as session:
        actor = make_clinician_actor(session, make_clinic(session), "alone")

    assert PRESS not in labels(visit(actor))


def test_one_page_for_each_visit_of_the_day(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """By name; each is noted as taken away, and as nobody's look at the chart."""
    with writing(database) as session:
        second = make_patient(session, clinic.clinician, name="Alder Ash")
    for access in (clinic.treating, second):
        plan(database, access)

    app = press(visit(clinic.assistant), PRESS)

    [file] = handed_over(app)
    first_page, second_page = pages_of(file)
    assert "Alder Ash" in first_page
    assert "Rowan Elm" in second_page
    assert file["name"] == "visit-brief-2026-11-23.pdf"
    assert "2 briefs for Mon 23 Nov made" in prose(app)
    with reading(database) as session:
        counted = acts(session)
    assert (counted["brief.exported"], counted["chart.read"]) == (2, 0)


def test_another_day_can_be_chosen(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """As on a Friday for the Monday."""
    plan(database, clinic.treating, ahead=3)
    app = visit(clinic.clinician)
    app.date_input[0].set_value(TODAY + timedelta(days=3))

    press(app, PRESS)

    [file] = handed_over(app)
    assert len(pages_of(file)) == 1


def test_only_those_the_reader_looks_after_are_printed(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Where the clinic shows its staff their own patients alone."""
    with writing(database) as session:
        session.get_one(ClinicRow, clinic.clinic_id).only_assigned = True
        second = make_clinician_actor(session, clinic.clinic_id, "second")
        theirs = make_patient(session, clinic.clinician, name="Alder Ash")
        assign(session, theirs, {second.account_id}, NOW)
    for access in (clinic.treating, theirs):
        plan(database, access)

    app = press(visit(clinic.clinician), PRESS)

    [file] = handed_over(app)
    [page] = pages_of(file)
    assert "Rowan Elm" in page
    assert "Alder Ash" not in sent(app)


@pytest.mark.parametrize("refusal", LEFT_OUT)
def test_one_refusal_leaves_one_patient_out(
    visit: Visit,
    database: Database,
    clinic: SmallClinic,
    monkeypatch: pytest.MonkeyPatch,
    refusal: type[RecoveryError],
) -> None:
    """The others' pages are made, and the count of those left out is said with what to do."""
    with writing(database) as session:
        refused = make_patient(session, clinic.clinician, name="Alder Ash")
    for access in (clinic.treating, refused):
        plan(database, access)

    def read(session: Session, actor: Actor, patient_id: UUID, *, is_exported: bool) -> ReadBrief:
        if patient_id == refused.patient_id:
            raise refusal()
        return read_brief(session, actor, patient_id, is_exported=is_exported)

    monkeypatch.setattr("ui.clinic_day.read_brief", read)
    app = press(visit(clinic.clinician), PRESS)

    [file] = handed_over(app)
    [page] = pages_of(file)
    assert "Rowan Elm" in page
    [said] = [each.value for each in app.warning if "left out" in each.value]
    assert said.startswith(f"1 patient left out: {LEFT_OUT[refusal]}")
