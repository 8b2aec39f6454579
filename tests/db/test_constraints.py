"""What must hold, holds in the database too: bad rows inserted directly are refused."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import Session, SQLModel

from db.models import (
    AccountRow,
    AlertRow,
    AuthSessionRow,
    DailyReportRevisionRow,
    DailyReportRow,
    EpisodeRow,
    EpisodeStatusRow,
    EventRow,
    PatientNameWordRow,
    PatientRow,
    ReportDraftRow,
    VisitNoteRow,
)
from db.patients import current_episode
from recovery.access import Role
from recovery.judgement.reasons import ReasonKind
from recovery.reports import ActivityLevel, EventKind, PainMedicine
from tests.factories import NOW, PROCEDURE_DATE, TODAY
from tests.small_clinic import SmallClinic

ANSWERS: list[dict[str, Any]] = [
    {"worst_pain_nrs": -1, "average_pain_nrs": -1},
    {"worst_pain_nrs": 11},
    {"average_pain_nrs": -1},
    {"worst_pain_nrs": 4, "average_pain_nrs": 5},
    {"brace_hours": -0.5},
    {"brace_hours": 24.5},
    {"walking_minutes": -1},
    {"walking_minutes": 1_441},
    {"medicine_times": -1},
    {"medicine_times": 25},
    {"worst_pain_nrs": None},
    {"average_pain_nrs": None},
]
EDGES: list[dict[str, Any]] = [
    {"worst_pain_nrs": 0, "average_pain_nrs": 0},
    {"worst_pain_nrs": 10, "average_pain_nrs": 10},
    {"brace_hours": 0.0, "walking_minutes": 0, "medicine_times": 0},
    {"brace_hours": 24.0, "walking_minutes": 1_440, "medicine_times": 24},
    {"activity": ActivityLevel.USUAL_DAY, "medicine": PainMedicine.BOTH, "warning_signs": []},
]


def _is_refused(session: Session, *rows: SQLModel) -> bool:
    try:
        with session.begin_nested():
            for row in rows:
                session.add(row)
                session.flush()
    except IntegrityError:
        return True
    return False


def _is_statement_refused(session: Session, statement: str) -> bool:
    try:
        with session.begin_nested():
            # Asked of the session here, so that the savepoint covers it.
            session.connection().exec_driver_sql(statement)
    except IntegrityError:
        return True
    return False


def _report(session: Session, clinic: SmallClinic, **changes: Any) -> DailyReportRow:
    fields: dict[str, Any] = {
        "clinic_id": clinic.clinic_id,
        "episode_id": current_episode(session, clinic.own).id,
        "day": TODAY,
        "worst_pain_nrs": 5,
        "average_pain_nrs": 3,
        "is_late": False,
        "idempotency_key": uuid4(),
        "created_by": clinic.patient.account_id,
        "updated_by": clinic.patient.account_id,
    }
    return DailyReportRow(**fields | changes)


def _revision(report: DailyReportRow, **changes: Any) -> DailyReportRevisionRow:
    fields: dict[str, Any] = {
        "clinic_id": report.clinic_id,
        "episode_id": report.episode_id,
        "day": report.day,
        "version": 1,
        "worst_pain_nrs": 5,
        "average_pain_nrs": 3,
        "idempotency_key": uuid4(),
        "saved_at": NOW,
        "saved_by": report.created_by,
    }
    return DailyReportRevisionRow(**fields | changes)


def _episode(clinic: SmallClinic, **changes: Any) -> EpisodeRow:
    fields: dict[str, Any] = {
        "clinic_id": clinic.clinic_id,
        "patient_id": clinic.own.patient_id,
        "procedure": "kyphoplasty",
        "procedure_date": PROCEDURE_DATE,
        "created_by": clinic.clinician.account_id,
    }
    return EpisodeRow(**fields | changes)


def _event(session: Session, clinic: SmallClinic, **changes: Any) -> EventRow:
    fields: dict[str, Any] = {
        "clinic_id": clinic.clinic_id,
        "episode_id": current_episode(session, clinic.own).id,
        "kind": EventKind.FALL,
        "occurred_at": NOW,
        "idempotency_key": uuid4(),
        "created_by": clinic.patient.account_id,
    }
    return EventRow(**fields | changes)


def _alert(session: Session, clinic: SmallClinic, **changes: Any) -> AlertRow:
    fields: dict[str, Any] = {
        "clinic_id": clinic.clinic_id,
        "episode_id": current_episode(session, clinic.own).id,
        "patient_id": clinic.own.patient_id,
        "kind": ReasonKind.FALL,
        "first_day": TODAY,
        "last_day": TODAY,
        "figures": {},
        "settings_version": 0,
    }
    return AlertRow(**fields | changes)


def _account(clinic: SmallClinic, **changes: Any) -> AccountRow:
    fields: dict[str, Any] = {
        "clinic_id": clinic.clinic_id,
        "username": uuid4().hex,
        "display_name": "Somebody",
        "role": Role.CLINICIAN,
        "password_hash": "!",
    }
    return AccountRow(**fields | changes)


def test_answers_out_of_range_are_refused(session: Session, clinic: SmallClinic) -> None:
    """In current reports and in past versions alike."""
    kept = _report(session, clinic, day=TODAY - timedelta(days=1))
    session.add(kept)
    session.flush()

    for answers in ANSWERS:
        assert _is_refused(session, _report(session, clinic, **answers)), answers
        assert _is_refused(session, _revision(kept, **answers)), answers


def test_answers_at_the_edges_are_taken(session: Session, clinic: SmallClinic) -> None:
    """The constraints refuse nothing that a person may answer."""
    for back, answers in enumerate(EDGES):
        day = TODAY - timedelta(days=back)
        assert not _is_refused(session, _report(session, clinic, day=day, **answers)), answers


def test_words_outside_a_list_are_refused(session: Session, clinic: SmallClinic) -> None:
    """Levels, kinds, roles and reasons are what this version knows."""
    bad = [
        ("daily_report", "activity = 'flying'"),
        ("daily_report", "medicine = 'all'"),
        ("event", "kind = 'birthday'"),
        ("account", "role = 'owner'"),
        ("alert", "kind = 'boredom'"),
        ("alert", "state = 'forgotten'"),
        ("alert", "close_reason = 'tired'"),
    ]
    session.add(_report(session, clinic))
    session.add(_event(session, clinic))
    session.add(_alert(session, clinic))
    session.flush()

    for table, change in bad:
        assert _is_statement_refused(session, f"UPDATE {table} SET {change}"), change


def test_one_day_has_one_report_and_each_version_once(
    session: Session, clinic: SmallClinic
) -> None:
    """A second row for a day or a version is refused, also in another's name."""
    kept = _report(session, clinic)
    session.add(kept)
    session.flush()
    session.add(_revision(kept))
    session.flush()
    past = _revision(kept)
    session.expunge_all()

    assert _is_refused(session, _report(session, clinic))
    assert _is_refused(session, past)


def test_brace_plans_are_whole(session: Session, clinic: SmallClinic) -> None:
    """Hours have a first day, lie within a day, and end after they begin."""
    start = {"brace_from": PROCEDURE_DATE}
    eve = PROCEDURE_DATE - timedelta(days=1)

    assert _is_refused(session, _episode(clinic, brace_hours_per_day=8.0))
    assert _is_refused(session, _episode(clinic, **start))
    assert _is_refused(session, _episode(clinic, **start, brace_hours_per_day=0.0))
    assert _is_refused(session, _episode(clinic, **start, brace_hours_per_day=24.5))
    assert _is_refused(session, _episode(clinic, **start, brace_hours_per_day=8.0, brace_to=eve))
    assert not _is_refused(session, _episode(clinic, **start, brace_hours_per_day=24.0))
    assert not _is_refused(session, _episode(clinic))


def test_pain_before_the_procedure_has_its_range(session: Session, clinic: SmallClinic) -> None:
    """Unknown is allowed, eleven is not."""
    assert _is_refused(session, _episode(clinic, baseline_nrs=11))
    assert _is_refused(session, _episode(clinic, baseline_nrs=-1))
    assert not _is_refused(session, _episode(clinic, baseline_nrs=None))


def test_events_are_whole_and_stored_once(session: Session, clinic: SmallClinic) -> None:
    """A reading has pain, pain has its range, and a press its one event."""
    reading_without = _event(session, clinic, kind=EventKind.PAIN_READING)
    first = _event(session, clinic)
    session.add(first)
    session.flush()

    assert _is_refused(session, reading_without)
    assert _is_refused(session, _event(session, clinic, pain_nrs=11))
    assert _is_refused(session, _event(session, clinic, idempotency_key=first.idempotency_key))
    assert not _is_refused(session, _event(session, clinic, pain_nrs=0))


def test_accounts_and_records_fit_together(session: Session, clinic: SmallClinic) -> None:
    """A patient has a record, staff have none, and a user name is one person's."""
    assert _is_refused(session, _account(clinic, role=Role.PATIENT))
    assert _is_refused(session, _account(clinic, patient_id=clinic.own.patient_id))
    assert _is_refused(session, _account(clinic, username="clinician"))
    assert not _is_refused(session, _account(clinic))


def test_nothing_belongs_to_another_clinic(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """A row of one clinic cannot point at a patient or episode of another, nor at none."""
    elsewhere: dict[str, Any] = {"clinic_id": other_clinic.clinic_id}
    by: dict[str, Any] = {"created_by": clinic.clinician.account_id}
    patient_id, episode_id = clinic.own.patient_id, current_episode(session, clinic.own).id
    strays: list[SQLModel] = [
        _episode(clinic, **elsewhere),
        _report(session, clinic, **elsewhere),
        _event(session, clinic, **elsewhere),
        _account(clinic, **elsewhere, role=Role.PATIENT, patient_id=patient_id),
        _account(clinic, clinic_id=uuid4()),
        PatientNameWordRow(**elsewhere, word="elm", patient_id=patient_id),
        VisitNoteRow(
            **elsewhere, **by, episode_id=episode_id, visit_date=TODAY, text="x",
            idempotency_key=uuid4(),
        ),
        ReportDraftRow(
            **elsewhere, episode_id=episode_id, account_id=clinic.patient.account_id, day=TODAY,
            answers={},
        ),
        EpisodeStatusRow(
            **elsewhere, episode_id=episode_id, patient_id=patient_id, name="", sort_name="",
            time_zone="UTC", procedure="", procedure_date=TODAY,
        ),
        _revision(_report(session, clinic), day=date(2020, 1, 1)),
        AuthSessionRow(token_hash="0", account_id=uuid4(), expires_at=NOW),
        PatientRow(
            clinic_id=uuid4(), name="x", date_of_birth=TODAY, time_zone="UTC", **by
        ),
    ]  # fmt: skip
    session.expunge_all()

    accepted = [type(row).__name__ for row in strays if not _is_refused(session, row)]
    assert accepted == []


def test_what_others_refer_to_is_not_removed(session: Session, clinic: SmallClinic) -> None:
    """A clinic with people in it stays."""
    for table in ("clinic", "patient", "episode"):
        assert _is_statement_refused(session, f"DELETE FROM {table}")


def test_refusals_of_the_database_quote_no_values(session: Session, clinic: SmallClinic) -> None:
    """What a person wrote is not in the text of the error, which may reach a log."""
    secret = "a very private note"
    session.add(_report(session, clinic, worst_pain_nrs=11, note=secret))

    with pytest.raises(IntegrityError) as refused:
        session.flush()

    session.rollback()
    told = f"{refused.value} {refused.value.orig!r} {refused.value.__cause__!r}"
    assert "worst_pain_nrs_range" in told
    assert secret not in told
    assert str(clinic.own.patient_id) not in told


def test_a_value_of_the_wrong_form_is_not_quoted_either(
    session: Session, clinic: SmallClinic
) -> None:
    """PostgreSQL names the text that it could not read as a date; SQLite stores any text."""
    if session.get_bind().dialect.name == "sqlite":
        assert _is_statement_refused(session, "UPDATE episode SET procedure_date = NULL")
        return
    with pytest.raises(DataError) as refused, session.begin_nested():
        session.connection().exec_driver_sql("UPDATE episode SET procedure_date = 'secret'")

    assert "secret" not in f"{refused.value.orig} {refused.value.args}"
