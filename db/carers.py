"""Carers: whom a patient lets help, and how that ends."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from db.audit import note_patient_act
from db.auth_sessions import revoke_all
from db.models import AccountRow
from recovery.access import PatientAccess, Role
from recovery.errors import AccessDenied


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """Somebody who may read and log for a patient."""

    account_id: UUID
    display_name: str
    since: datetime


def list_carers(session: Session, access: PatientAccess) -> list[Carer]:
    """Return who may help now, longest first."""
    rows = session.exec(
        select(AccountRow)
        .where(*_of(access), col(AccountRow.is_active))
        .order_by(col(AccountRow.created_at), col(AccountRow.id))
    )
    return [
        Carer(account_id=row.id, display_name=row.display_name, since=row.created_at)
        for row in rows
    ]


def end_carer(session: Session, access: PatientAccess, account_id: UUID, now: datetime) -> None:
    """
    Close a carer's account and end its sessions at once; the caller commits.

    What the carer entered stays, with the carer's name.

    Raises:
        AccessDenied: If it is no carer of this patient, or not the patient asks.
    """
    row = session.get(AccountRow, account_id)
    is_theirs = (
        row is not None
        and row.clinic_id == access.clinic_id
        and row.patient_id == access.patient_id
        and row.role is Role.CARER
    )
    if row is None or not is_theirs or not access.is_own:
        raise AccessDenied
    row.is_active = False
    session.add(row)
    revoke_all(session, row.id, now)
    note_patient_act(session, access, "carer.ended", str(row.id))


def _of(access: PatientAccess) -> tuple[bool, bool, bool]:
    return (
        AccountRow.clinic_id == access.clinic_id,
        AccountRow.patient_id == access.patient_id,
        AccountRow.role == Role.CARER,
    )
