"""Emergency access: opened by name and birthday, said aloud to the patient, and reviewed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.audit import note_act
from db.models import AccountRow, EmergencyAccessRow, PatientRow
from db.names import words_of
from recovery.access import Actor, AdminAccess, ClinicAccess
from recovery.emergency import EMERGENCY_LASTS, EmergencyReason
from recovery.errors import AccessDenied, InvalidEntry
from recovery.text import require_text

NOBODY = "Nobody of that name and birthday is in follow-up here. Check both."
MAX_WORDS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """
    One opening of a record by somebody who does not look after the patient.

    Attributes:
        words: Why, in the own words of whoever opened it.
        reviewed_at: None until an administrator looked at it.
    """

    emergency_id: UUID
    patient_name: str
    by_name: str
    reason: EmergencyReason
    words: str
    started_at: datetime
    ends_at: datetime
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose record is to be opened, and why."""

    patient_name: str
    date_of_birth: date
    reason: EmergencyReason
    words: str


def open_in_emergency(
    session: Session, access: ClinicAccess, asked: Asked, now: datetime
) -> UUID | None:
    """
    Open the record of one patient for an hour; the caller commits.

    One that the actor opened already is not opened again: a double click is one opening.

    Returns:
        The patient's key; None when nobody fits, which is noted too.

    Raises:
        InvalidEntry: If no reason is given in words, or more than one patient fits.
    """
    words = require_text(asked.words, max_length=MAX_WORDS, what="reason in your own words")
    fitting = [
        row
        for row in session.exec(
            select(PatientRow).where(
                PatientRow.clinic_id == access.clinic_id,
                PatientRow.date_of_birth == asked.date_of_birth,
            )
        )
        if (wanted := sorted(words_of(asked.patient_name))) and sorted(words_of(row.name)) == wanted
    ]
    if not fitting:
        note_act(session, access.actor, "emergency.not_found")
        return None
    if len(fitting) > 1:
        raise InvalidEntry("More than one patient fits. Ask a colleague who looks after them.")
    patient_id = fitting[0].id
    if is_open_in_emergency(session, access.actor, patient_id, now):
        return patient_id
    session.add(
        EmergencyAccessRow(
            clinic_id=access.clinic_id,
            patient_id=patient_id,
            account_id=access.actor.account_id,
            reason=asked.reason,
            words=words,
            started_at=now,
            ends_at=now + EMERGENCY_LASTS,
        )
    )
    # The own words may name the patient, so they stay out of what is never erased.
    note_act(
        session,
        access.actor,
        "emergency.opened",
        patient_id=patient_id,
        reason=asked.reason.value,
    )
    return patient_id


def is_open_in_emergency(session: Session, actor: Actor, patient_id: UUID, now: datetime) -> bool:
    """Tell whether the actor opened the patient's record in an emergency that still lasts."""
    found = session.exec(
        select(EmergencyAccessRow.id).where(
            EmergencyAccessRow.clinic_id == actor.clinic_id,
            EmergencyAccessRow.patient_id == patient_id,
            EmergencyAccessRow.account_id == actor.account_id,
            col(EmergencyAccessRow.ends_at) > now,
        )
    ).first()
    return found is not None


def list_emergencies(session: Session, access: AdminAccess) -> list[Emergency]:
    """Return the clinic's emergency openings: those to review first, then the newest."""
    rows = session.exec(
        select(EmergencyAccessRow, PatientRow, AccountRow)
        .join(
            PatientRow,
            sa.and_(
                col(PatientRow.clinic_id) == col(EmergencyAccessRow.clinic_id),
                col(PatientRow.id) == col(EmergencyAccessRow.patient_id),
            ),
        )
        .join(AccountRow, col(AccountRow.id) == col(EmergencyAccessRow.account_id))
        .where(EmergencyAccessRow.clinic_id == access.clinic_id)
        .order_by(
            col(EmergencyAccessRow.reviewed_at).is_not(None),
            col(EmergencyAccessRow.started_at).desc(),
            col(EmergencyAccessRow.id).desc(),
        )
        .limit(100)
    )
    return [
        Emergency(
            emergency_id=row.id,
            patient_name=patient.name,
            by_name=account.display_name,
            reason=row.reason,
            words=row.words,
            started_at=row.started_at,
            ends_at=row.ends_at,
            reviewed_at=row.reviewed_at,
        )
        for row, patient, account in rows
    ]


def count_unreviewed(session: Session, access: AdminAccess) -> int:
    """Return how many emergency openings nobody reviewed yet."""
    return session.exec(
        select(sa.func.count())
        .select_from(EmergencyAccessRow)
        .where(
            EmergencyAccessRow.clinic_id == access.clinic_id,
            col(EmergencyAccessRow.reviewed_at).is_(None),
        )
    ).one()


def review_emergency(
    session: Session, access: AdminAccess, emergency_id: UUID, now: datetime
) -> None:
    """
    Note that an administrator looked at an emergency opening; the caller commits.

    Raises:
        AccessDenied: If it is another clinic's.
    """
    row = session.get(EmergencyAccessRow, (access.clinic_id, emergency_id), with_for_update=True)
    if row is None:
        raise AccessDenied
    if row.reviewed_at is not None:
        return
    row.reviewed_at, row.reviewed_by = now, access.actor.account_id
    session.add(row)
    note_act(session, access.actor, "emergency.reviewed", patient_id=row.patient_id)
