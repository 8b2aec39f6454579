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
    return _looks(session, access, limit)


def newest_look(session: Session, access: PatientAccess, since: datetime) -> Look | None:
    """
    Return the newest look of the staff at the patient's record, for the patient and a carer.

    Args:
        session: A session.
        access: The patient's own, or a carer's.
        since: The earliest look that counts (UTC).

    Returns:
        None when nobody looked since then.

    Raises:
        AccessDenied: If the staff asks.
    """
    if access.actor.role not in FOLLOWED_UP:
        raise AccessDenied
    return next(iter(_looks(session, access, 1, col(AuditRow.at) >= since)), None)


def _looks(
    session: Session,
    access: PatientAccess,
    limit: int | None,
    *when: sa.ColumnElement[bool],
) -> list[Look]:
    rows = session.exec(
        select(AuditRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == col(AuditRow.actor_id))
        .where(*_looks_at(access.clinic_id, access.patient_id), *when)
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
