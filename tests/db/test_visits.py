"""Planned visits: by the treating staff, for a day that comes, once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from db.assignments import assign
from db.engine import Database, reading, writing
from db.models import ClinicRow
from db.visit_notes import NotePress, add_visit_note
from db.visits import (
    last_visit_day,
    list_planned_visits,
    plan_visit,
    unplan_visit,
    visits_on,
)
from recovery.access import PatientAccess, grant_clinic
from recovery.errors import AccessDenied, InvalidEntry
from tests.db.acts import acts, all_at_once, entries
from tests.factories import NOW, PROCEDURE_DATE, TODAY, make_clinician_actor, make_patient
from tests.small_clinic import SmallClinic

TOMORROW = TODAY + timedelta(days=1)


def _plan(session: Session, access: PatientAccess, ahead: int = 1) -> None:
    plan_visit(session, access, TODAY + timedelta(days=ahead), today=TODAY, now=NOW)


def test_a_day_that_cannot_be_planned_is_refused(session: Session, clinic: SmallClinic) -> None:
    """Neither yesterday nor more than a year ahead; nothing is stored and nothing noted."""
    for ahead, words in ((-1, "has passed"), (367, "a year ahead"), (3_000, "a year ahead")):
        with pytest.raises(InvalidEntry, match=words):
            _plan(session, clinic.treating, ahead)

    assert list_planned_visits(session, clinic.treating) == []
    assert not acts(session)


def test_the_first_and_the_last_day_can_be_planned(session: Session, clinic: SmallClinic) -> None:
    """Today and the same day of next year; the patient sees both, with who planned them."""
    for ahead in (366, 0):
        _plan(session, clinic.treating, ahead)

    planned = list_planned_visits(session, clinic.own)
    assert [(each.day - TODAY).days for each in planned] == [0, 366]
    assert {each.planned_by_name for each in planned} == {"Clinician"}
    assert acts(session) == {"visit.planned": 2}


def test_twenty_equal_presses_at_once_plan_one_visit(
    database: Database, clinic: SmallClinic
) -> None:
    """A second press adds nothing and is not refused."""

    def plan(_which: int) -> None:
        with writing(database) as session:
            _plan(session, clinic.treating)

    assert all_at_once(plan) == [None] * 20
    with reading(database) as session:
        assert len(list_planned_visits(session, clinic.treating)) == 1
        assert acts(session) == {"visit.planned": 1}


def test_a_visit_is_taken_off_once(session: Session, clinic: SmallClinic) -> None:
    """A second press, and one for a day without a visit, change and note nothing."""
    _plan(session, clinic.treating)
    for _ in range(2):
        unplan_visit(session, clinic.treating, TOMORROW)
    unplan_visit(session, clinic.treating, TODAY)

    assert list_planned_visits(session, clinic.treating) == []
    assert acts(session) == {"visit.planned": 1, "visit.unplanned": 1}


def test_a_patient_plans_no_visit(session: Session, clinic: SmallClinic) -> None:
    """Nor takes one off: the clinic's calendar is the clinic's."""
    _plan(session, clinic.treating)

    with pytest.raises(AccessDenied):
        _plan(session, clinic.own, ahead=2)
    with pytest.raises(AccessDenied):
        unplan_visit(session, clinic.own, TOMORROW)

    assert [each.day for each in list_planned_visits(session, clinic.own)] == [TOMORROW]


def test_nobody_is_expected_where_nothing_is_planned(session: Session, clinic: SmallClinic) -> None:
    """The day before and the day after are other days; looking is noted, without a patient."""
    _plan(session, clinic.treating, ahead=2)

    assert visits_on(session, grant_clinic(clinic.clinician), TOMORROW) == []
    [entry] = [each for each in entries(session) if each.action == "visits.listed"]
    assert (entry.patient_id, entry.subject) == (None, TOMORROW.isoformat())


def test_who_is_expected_is_listed_by_name(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Of the own clinic alone, each person once."""
    for name in ("Zelkova Ash", "Alder Ash"):
        _plan(session, make_patient(session, clinic.clinician, name=name))
    _plan(session, clinic.treating)
    _plan(session, other_clinic.treating)

    expected = visits_on(session, grant_clinic(clinic.assistant), TOMORROW)

    assert [each.name for each in expected] == ["Alder Ash", "Rowan Elm", "Zelkova Ash"]


def test_where_staff_see_their_own_the_others_are_not_listed(
    session: Session, clinic: SmallClinic
) -> None:
    """The rule of the review list holds for the day's visits too."""
    session.get_one(ClinicRow, clinic.clinic_id).only_assigned = True
    second = make_clinician_actor(session, clinic.clinic_id, "second")
    theirs = make_patient(session, clinic.clinician, name="Alder Ash")
    assign(session, theirs, {second.account_id}, NOW)
    for access in (clinic.treating, theirs):
        _plan(session, access)

    first_sees, second_sees = (
        [each.name for each in visits_on(session, grant_clinic(actor), TOMORROW)]
        for actor in (clinic.clinician, second)
    )

    assert first_sees == ["Rowan Elm"]
    assert second_sees == ["Alder Ash"]


def test_the_last_visit_is_the_newest_of_notes_and_plans_before_today(
    session: Session, clinic: SmallClinic
) -> None:
    """None at first; neither a visit of today nor one before the procedure counts."""
    assert last_visit_day(session, clinic.own, TODAY) is None
    _note(session, clinic, 0)
    _note(session, clinic, (TODAY - PROCEDURE_DATE).days)
    _note(session, clinic, (TODAY - PROCEDURE_DATE).days + 5)
    assert last_visit_day(session, clinic.own, TODAY) is None

    _note(session, clinic, 4)
    assert last_visit_day(session, clinic.own, TODAY) == TODAY - timedelta(days=4)
    plan_visit(
        session,
        clinic.treating,
        TODAY - timedelta(days=2),
        today=TODAY - timedelta(days=3),
        now=NOW - timedelta(days=3),
    )

    assert last_visit_day(session, clinic.own, TODAY) == TODAY - timedelta(days=2)


def _note(session: Session, clinic: SmallClinic, days_ago: int) -> None:
    press = NotePress(
        visit_date=TODAY - timedelta(days=days_ago),
        text="seen",
        today=TODAY,
        idempotency_key=uuid4(),
        now=NOW,
    )
    add_visit_note(session, clinic.treating, press)
