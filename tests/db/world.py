"""Two clinics with something of every kind beside everybody, for tests of who gets what and how."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlmodel import Session, select

from db.auth_sessions import start_session
from db.emergencies import Asked, open_in_emergency
from db.engine import Database, writing
from db.erasure import request_erasure
from db.events import add_event
from db.invitations import invite
from db.learning import note_opening
from db.models import (
    AlertRow,
    AuthSessionRow,
    EmergencyAccessRow,
    EventRow,
    InvitationRow,
    PatientRow,
    VisitQuestionRow,
)
from db.reports import save_report
from db.visit_questions import add_question
from recovery.access import Actor, PatientAccess, Role, grant_clinic, grant_patient
from recovery.emergency import EmergencyReason
from recovery.reports import Event, EventKind
from tests.db.access_table import Rows, Target
from tests.factories import (
    NOW,
    make_assistant_actor,
    make_carer_actor,
    make_clinician_actor,
    make_patient,
    make_patient_actor,
    saving,
)
from tests.small_clinic import SmallClinic

CANARIES = {target: f"canary {target.value.replace(' ', '-')}" for target in Target}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Two clinics, two patients in the first, and rows beside each patient."""

    clinic: SmallClinic
    rows: dict[Target, Rows]

    def actor(self, role: Role) -> Actor:
        """Return the first clinic's person of a role."""
        clinic = self.clinic
        people = (clinic.patient, clinic.carer, clinic.assistant, clinic.clinician)
        return {each.role: each for each in people}.get(role, clinic.administrator)


def make_world(database: Database, clinic: SmallClinic, other_clinic: SmallClinic) -> World:
    """Add people and rows to two clinics, and return the first with what is beside whom."""
    with writing(database) as session:
        neighbour = make_patient(session, clinic.clinician)
        theirs = make_patient_actor(session, neighbour, "neighbour")
        helper = make_carer_actor(session, neighbour, "neighbours-carer")
        own = _own(theirs)
        second = make_clinician_actor(session, clinic.clinic_id, "second")
        third = make_assistant_actor(session, other_clinic.clinic_id, "third")
        rows = {
            Target.OWN: _fill(session, Target.OWN, clinic.own, clinic.carer, second),
            Target.SAME_CLINIC: _fill(session, Target.SAME_CLINIC, own, helper, second),
            Target.OTHER_CLINIC: _fill(
                session, Target.OTHER_CLINIC, other_clinic.own, other_clinic.carer, third
            ),
            Target.UNKNOWN: Rows.unknown(),
        }
    return World(clinic=clinic, rows=rows)


def _own(actor: Actor) -> PatientAccess:
    assert actor.patient_id is not None
    return grant_patient(actor, patient_id=actor.patient_id, clinic_id=actor.clinic_id)


def _fill(session: Session, target: Target, own: PatientAccess, carer: Actor, staff: Actor) -> Rows:
    """Store something of every kind about one patient, with the words of its canary."""
    words = CANARIES[target]
    born = date(1930 + list(Target).index(target), 1, 2)
    patient = session.get_one(PatientRow, (own.clinic_id, own.patient_id))
    patient.name, patient.date_of_birth = words, born
    session.flush()
    save_report(session, own, saving(note=words))
    fall = Event(kind=EventKind.FALL, occurred_at=NOW, note=words)
    add_event(session, own, fall, idempotency_key=uuid4(), now=NOW)
    note_opening(session, own, words, NOW)
    add_question(session, own, words, NOW)
    invite(session, own, Role.CARER, NOW)
    request_erasure(session, own, NOW)
    start_session(session, staff.account_id, staff.role, NOW, device=words)
    asked = Asked(patient_name=words, date_of_birth=born, reason=EmergencyReason.OTHER, words=words)
    opened = open_in_emergency(session, grant_clinic(staff), asked, NOW)
    assert opened == own.patient_id
    return Rows(
        patient_id=own.patient_id,
        carer_id=carer.account_id,
        staff_id=staff.account_id,
        question_id=session.exec(
            select(VisitQuestionRow.id).where(VisitQuestionRow.text == words)
        ).one(),
        event_id=session.exec(select(EventRow.id).where(EventRow.note == words)).one(),
        alert_id=session.exec(
            select(AlertRow.id).where(AlertRow.patient_id == own.patient_id)
        ).one(),
        invitation_id=session.exec(
            select(InvitationRow.id).where(InvitationRow.patient_id == own.patient_id)
        ).one(),
        emergency_id=session.exec(
            select(EmergencyAccessRow.id).where(EmergencyAccessRow.patient_id == own.patient_id)
        ).one(),
        session_id=session.exec(
            select(AuthSessionRow.id).where(AuthSessionRow.device == words)
        ).one(),
    )
