"""What tests need in a database, made by the functions that the app itself uses."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlmodel import Session

from content.consent import CONSENT_VERSION
from db.models import AccountRow, ClinicRow, ConsentRow
from db.passwords import hash_password
from db.patients import enrol
from db.reports import Saving
from recovery.access import Actor, PatientAccess, Role, grant_clinic
from recovery.episodes import BracePlan, Enrolment
from recovery.judgement.rules import ProcedureRules
from recovery.reports import DailyReport
from recovery.settings import ClinicSettings

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
"""The instant of every test with a fixed clock: a Sunday, 10 in the morning in ``ZONE``."""

PASSWORD = "quiet lantern seven"
ZONE = "America/New_York"
TODAY = date(2026, 11, 22)
"""The day of ``NOW`` in ``ZONE``."""

PROCEDURE_DATE = date(2026, 11, 12)
"""Ten days before ``TODAY``."""


RULES = ProcedureRules(first_status_day=3, judging_day=14, milestone_days=(14, 30), silence_days=5)
"""How recoveries from the procedure of ``enrolment`` are judged; without a course."""


def days_ago(count: int) -> date:
    """Return the day *count* days before the real today in ``ZONE``, for a started server."""
    return datetime.now(ZoneInfo(ZONE)).date() - timedelta(days=count)


def make_clinic(session: Session, name: str = "Oak Clinic") -> UUID:
    """Add a clinic and return its key."""
    clinic = ClinicRow(name=name, time_zone=ZONE, phone="555-0100")
    session.add(clinic)
    session.flush()
    return clinic.id


def make_clinician_actor(session: Session, clinic_id: UUID, username: str = "clinician") -> Actor:
    """Add a clinician who can sign in with ``PASSWORD``, and return the actor."""
    return _make_staff(session, clinic_id, Role.CLINICIAN, username)


def make_assistant_actor(session: Session, clinic_id: UUID, username: str = "assistant") -> Actor:
    """Add an assistant who can sign in with ``PASSWORD``, and return the actor."""
    return _make_staff(session, clinic_id, Role.ASSISTANT, username)


def make_admin_actor(session: Session, clinic_id: UUID, username: str = "administrator") -> Actor:
    """Add an administrator who can sign in with ``PASSWORD``, and return the actor."""
    return _make_staff(session, clinic_id, Role.ADMINISTRATOR, username)


def make_patient(session: Session, clinician: Actor, **changes: Any) -> PatientAccess:
    """
    Enrol a person and return the clinician's access.

    Args:
        session: A session of ``db.engine.writing``.
        clinician: Who enrols.
        **changes: Fields of ``Enrolment`` that the test is about.
    """
    return enrol(session, grant_clinic(clinician), enrolment(**changes), datetime.now(UTC))


def make_patient_actor(session: Session, access: PatientAccess, username: str = "patient") -> Actor:
    """Add the account of an enrolled person who agreed to the log, and return the actor."""
    row = _account(access.clinic_id, Role.PATIENT, username, patient_id=access.patient_id)
    session.add(row)
    agreed = ConsentRow(
        clinic_id=access.clinic_id,
        patient_id=access.patient_id,
        text_version=CONSENT_VERSION,
        given_at=NOW - timedelta(days=1),
        given_by=row.id,
    )
    session.add(agreed)
    session.flush()
    return _actor(row)


def make_carer_actor(session: Session, access: PatientAccess, username: str = "carer") -> Actor:
    """Add the account of somebody whom the patient let help, and return the actor."""
    row = _account(access.clinic_id, Role.CARER, username, patient_id=access.patient_id)
    session.add(row)
    session.flush()
    return _actor(row)


def enrolment(**changes: Any) -> Enrolment:
    """Return a kyphoplasty ten days ago with a brace, changed as asked."""
    fields: dict[str, Any] = {
        "patient_id": uuid4(),
        "name": "Rowan Elm",
        "date_of_birth": date(1948, 3, 9),
        "time_zone": ZONE,
        "procedure": "kyphoplasty",
        "procedure_date": PROCEDURE_DATE,
        "treated_levels": ("L1",),
        "baseline_nrs": 8,
        "brace_plan": BracePlan(hours_per_day=8, from_date=PROCEDURE_DATE),
    }
    return Enrolment(**fields | changes)


def new_settings(**changes: Any) -> ClinicSettings:
    """Return the settings of a clinic with a telephone, changed as asked."""
    fields: dict[str, Any] = {
        "clinic_id": uuid4(),
        "name": "Oak Clinic",
        "time_zone": ZONE,
        "phone": "555-0100",
    }
    return ClinicSettings(**fields | changes)


def saving(**changes: Any) -> Saving:
    """Return a first press of Save for ``TODAY``; fields of ``DailyReport`` go to the report."""
    answers: dict[str, Any] = {"day": TODAY, "worst_pain_nrs": 5, "average_pain_nrs": 3}
    frame: dict[str, Any] = {
        "expected_version": 0,
        "idempotency_key": uuid4(),
        "today": TODAY,
        "now": NOW,
        "rules": RULES,
    }
    for name, value in changes.items():
        (frame if name in frame else answers)[name] = value
    return Saving(report=DailyReport(**answers), **frame)


def _make_staff(session: Session, clinic_id: UUID, role: Role, username: str) -> Actor:
    row = _account(clinic_id, role, username)
    session.add(row)
    session.flush()
    return _actor(row)


def _account(
    clinic_id: UUID, role: Role, username: str, *, patient_id: UUID | None = None
) -> AccountRow:
    return AccountRow(
        clinic_id=clinic_id,
        patient_id=patient_id,
        username=username,
        display_name=username.capitalize(),
        role=role,
        password_hash=_password_hash(),
    )


def _actor(row: AccountRow) -> Actor:
    return Actor(
        account_id=row.id,
        clinic_id=row.clinic_id,
        role=row.role,
        display_name=row.display_name,
        patient_id=row.patient_id,
        session_id=uuid4(),
    )


_hashed: list[str] = []


def _password_hash() -> str:
    # Hashing is slow on purpose, so it is done once for all accounts of a run.
    if not _hashed:
        _hashed.append(hash_password(PASSWORD))
    return _hashed[0]
