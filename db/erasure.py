"""
Erasure: everything about a patient is deleted when the patient asks for it.

What stays is the audit, which names the patient by a random key alone, and says that and when the
record was erased.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from db.audit import note_act, note_patient_act
from db.engine import Database
from db.models import (
    AccountRow,
    AssignmentRow,
    AuthSessionRow,
    ConsentRow,
    DailyReportRevisionRow,
    DailyReportRow,
    EmergencyAccessRow,
    EpisodeRow,
    EpisodeStatusRow,
    ErasureRequestRow,
    EventRow,
    IdentityRow,
    InvitationRow,
    OneTimeCodeRow,
    PasskeyRow,
    PatientNameWordRow,
    PatientRow,
    RecoveryCodeRow,
    ReportDraftRow,
    SignInFlowRow,
    VisitNoteRow,
)
from db.sign_in_counters import forget_name
from recovery.access import AdminAccess, PatientAccess
from recovery.errors import AccessDenied

# Each before what it refers to.
_OF_EPISODE: tuple[type[SQLModel], ...] = (
    ReportDraftRow,
    DailyReportRevisionRow,
    DailyReportRow,
    EventRow,
    VisitNoteRow,
    EpisodeStatusRow,
)
_OF_ACCOUNT: tuple[type[SQLModel], ...] = (
    AuthSessionRow,
    PasskeyRow,
    OneTimeCodeRow,
    RecoveryCodeRow,
    SignInFlowRow,
    IdentityRow,
)
_OF_PATIENT: tuple[type[SQLModel], ...] = (
    EpisodeRow,
    InvitationRow,
    ConsentRow,
    AssignmentRow,
    EmergencyAccessRow,
    ErasureRequestRow,
    AccountRow,
    PatientNameWordRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRequest:
    """A patient's open wish to be erased."""

    patient_id: UUID
    patient_name: str
    requested_at: datetime


def request_erasure(session: Session, access: PatientAccess, now: datetime) -> None:
    """
    Store the patient's wish, said here or told to the clinic's staff; the caller commits.

    Raises:
        AccessDenied: If a carer asks.
    """
    if access.is_proxy:
        raise AccessDenied
    if find_erasure_request(session, access) is not None:
        return
    session.add(
        ErasureRequestRow(
            clinic_id=access.clinic_id,
            patient_id=access.patient_id,
            requested_at=now,
            requested_by=access.actor.account_id,
        )
    )
    note_patient_act(session, access, "erasure.requested")


def withdraw_erasure_request(session: Session, access: PatientAccess) -> None:
    """
    Take the wish back; the caller commits.

    Raises:
        AccessDenied: If a carer asks.
    """
    if access.is_proxy:
        raise AccessDenied
    row = session.get(ErasureRequestRow, (access.clinic_id, access.patient_id))
    if row is not None:
        session.delete(row)
        note_patient_act(session, access, "erasure.request_withdrawn")


def find_erasure_request(session: Session, access: PatientAccess) -> datetime | None:
    """Return since when the patient wants to be erased; None without such a wish."""
    row = session.get(ErasureRequestRow, (access.clinic_id, access.patient_id))
    return None if row is None else row.requested_at


def list_erasure_requests(session: Session, access: AdminAccess) -> list[ErasureRequest]:
    """Return the clinic's open wishes, the oldest first."""
    rows = session.exec(
        select(ErasureRequestRow, PatientRow)
        .join(
            PatientRow,
            sa.and_(
                col(PatientRow.clinic_id) == col(ErasureRequestRow.clinic_id),
                col(PatientRow.id) == col(ErasureRequestRow.patient_id),
            ),
        )
        .where(ErasureRequestRow.clinic_id == access.clinic_id)
        .order_by(col(ErasureRequestRow.requested_at), col(ErasureRequestRow.patient_id))
    )
    return [
        ErasureRequest(
            patient_id=patient.id, patient_name=patient.name, requested_at=row.requested_at
        )
        for row, patient in rows
    ]


def erase_patient(session: Session, access: AdminAccess, patient_id: UUID) -> None:
    """
    Delete everything about a patient who asked for it; the caller commits, then calls ``scrub``.

    Raises:
        AccessDenied: If nobody of the clinic with that key asked.
    """
    key = (access.clinic_id, patient_id)
    if session.get(ErasureRequestRow, key, with_for_update=True) is None:
        raise AccessDenied
    accounts = session.exec(
        select(AccountRow.id, AccountRow.username).where(
            AccountRow.clinic_id == access.clinic_id, AccountRow.patient_id == patient_id
        )
    ).all()
    for _, username in accounts:
        forget_name(session, username)
    for episode_id in session.exec(
        select(EpisodeRow.id).where(
            EpisodeRow.clinic_id == access.clinic_id, EpisodeRow.patient_id == patient_id
        )
    ).all():
        for table in _OF_EPISODE:
            _delete(session, table, clinic_id=access.clinic_id, episode_id=episode_id)
    for account_id, _ in accounts:
        for table in _OF_ACCOUNT:
            _delete(session, table, account_id=account_id)
    for table in _OF_PATIENT:
        _delete(session, table, clinic_id=access.clinic_id, patient_id=patient_id)
    _delete(session, PatientRow, clinic_id=access.clinic_id, id=patient_id)
    session.expire_all()
    note_act(session, access.actor, "patient.erased", patient_id=patient_id)


def scrub(database: Database) -> bool:
    """
    Write the files anew without what was deleted.

    Returns:
        False when others held the database; what was deleted is overwritten all the same, and
        leaves the journal when that is next emptied.
    """
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in (*_OF_EPISODE, *_OF_ACCOUNT, *_OF_PATIENT, PatientRow):
                plain.exec_driver_sql(f"VACUUM {sa.inspect(table).local_table}")
        return True
    # The driver's own connection, since neither statement can stand inside a transaction.
    pooled = database.engine.raw_connection()
    try:
        cursor = pooled.cursor()
        cursor.execute("VACUUM")
        [busy, *_] = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        pooled.close()
    return not busy


def _delete(session: Session, table: type[SQLModel], **where: UUID) -> None:
    columns: Any = table
    session.exec(
        sa.delete(table).where(*(getattr(columns, name) == key for name, key in where.items()))
    )
