"""A clinic's open invitations, as its administrator sees them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.audit import note_act
from db.models import InvitationRow, PatientRow
from recovery.access import AdminAccess, Role
from recovery.errors import AccessDenied


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicInvitation:
    """An invitation that still opens something; its code is known to nobody here."""

    invitation_id: UUID
    patient_name: str
    role: Role
    created_at: datetime
    expires_at: datetime


def list_clinic_invitations(
    session: Session, access: AdminAccess, now: datetime
) -> list[ClinicInvitation]:
    """Return the clinic's open invitations, the newest first."""
    rows = session.exec(
        select(InvitationRow, PatientRow)
        .join(
            PatientRow,
            sa.and_(
                col(PatientRow.clinic_id) == col(InvitationRow.clinic_id),
                col(PatientRow.id) == col(InvitationRow.patient_id),
            ),
        )
        .where(
            InvitationRow.clinic_id == access.clinic_id,
            col(InvitationRow.used_at).is_(None),
            col(InvitationRow.revoked_at).is_(None),
            col(InvitationRow.expires_at) > now,
        )
        .order_by(col(InvitationRow.created_at).desc(), col(InvitationRow.id).desc())
    )
    return [
        ClinicInvitation(
            invitation_id=row.id,
            patient_name=patient.name,
            role=row.role,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row, patient in rows
    ]


def revoke_clinic_invitation(
    session: Session, access: AdminAccess, invitation_id: UUID, now: datetime
) -> None:
    """
    Take one of the clinic's invitations back; the caller commits.

    Raises:
        AccessDenied: If it is another clinic's.
    """
    row = session.get(InvitationRow, (access.clinic_id, invitation_id), with_for_update=True)
    if row is None:
        raise AccessDenied
    if row.used_at is not None or row.revoked_at is not None:
        return
    row.revoked_at, row.revoked_by = now, access.actor.account_id
    session.add(row)
    note_act(
        session,
        access.actor,
        "invitation.revoked",
        patient_id=row.patient_id,
        subject=row.role.value,
    )
