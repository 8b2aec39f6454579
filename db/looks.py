"""Who looked at a patient's record, told to the patient."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.models import AccountRow, AuditRow
from recovery.access import FOLLOWED_UP, PatientAccess, Role
from recovery.errors import AccessDenied

READ = "chart.read"
READ_IN_EMERGENCY = "chart.read_in_emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One opening of the record by somebody else than the patient."""

    by_name: str
    role: Role
    at: datetime
    in_emergency: bool


def list_looks(session: Session, access: PatientAccess, limit: int | None = 50) -> list[Look]:
    """
    Return who of the staff opened the patient's record, the newest first.

    Args:
        session: A session.
        access: The patient's own.
        limit: At most as many; None for all.

    Raises:
        AccessDenied: If somebody else than the patient asks.
    """
    if not access.is_own:
        raise AccessDenied
    rows = session.exec(
        select(AuditRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == col(AuditRow.actor_id))
        .where(*_looks_at(access.clinic_id, access.patient_id))
        .where(col(AccountRow.role).not_in(FOLLOWED_UP))
        .order_by(col(AuditRow.at).desc(), col(AuditRow.number).desc())
        .limit(limit)
    )
    return [
        Look(
            by_name=account.display_name,
            role=account.role,
            at=entry.at,
            in_emergency=entry.action == READ_IN_EMERGENCY,
        )
        for entry, account in rows
    ]


def _looks_at(clinic_id: UUID, patient_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(AuditRow.clinic_id) == clinic_id,
        col(AuditRow.patient_id) == patient_id,
        col(AuditRow.action).in_([READ, READ_IN_EMERGENCY]),
    )
