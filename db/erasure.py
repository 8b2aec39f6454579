"""
Erasure: everything about a patient is deleted when the patient asks for it.

What stays is the audit, which names the patient by a random key alone, and says that and when the
record was erased.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from db.audit import note_act, note_patient_act
from db.counting import forget_outcome
from db.engine import Database
from db.models import (
    AccountRow,
    AlertActRow,
    AlertRow,
    AssignmentRow,
    AuthSessionRow,
    CohortCountRow,
    ConsentRow,
    DailyReportRevisionRow,
    DailyReportRow,
    EmergencyAccessRow,
    EpisodeOutcomeRow,
    EpisodeReasonRow,
    EpisodeRow,
    EpisodeStatusRow,
    ErasureRequestRow,
    EventRow,
    IdentityRow,
    InvitationRow,
    OneTimeCodeRow,
    OutcomeCountRow,
    PageOpeningRow,
    PasskeyRow,
    PatientNameWordRow,
    PatientRow,
    PlannedVisitRow,
    QuestionnaireResponseRow,
    RecoveryCodeRow,
    ReportDraftRow,
    SignInFlowRow,
    TeachBackAnswerRow,
    VisitNoteRow,
    VisitQuestionRow,
)
from db.once import add_once
from db.sign_in_counters import forget_name
from recovery.access import AdminAccess, PatientAccess, Role
from recovery.errors import AccessDenied, InvalidEntry

# Each before what it refers to.
_OF_EPISODE: tuple[type[SQLModel], ...] = (
    ReportDraftRow,
    DailyReportRevisionRow,
    DailyReportRow,
    EventRow,
    VisitNoteRow,
    AlertActRow,
    AlertRow,
    PlannedVisitRow,
    VisitQuestionRow,
    EpisodeReasonRow,
    EpisodeStatusRow,
    EpisodeOutcomeRow,
    PageOpeningRow,
    TeachBackAnswerRow,
    QuestionnaireResponseRow,
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
    if access.is_proxy or access.is_emergency:
        raise AccessDenied
    row = ErasureRequestRow(
        clinic_id=access.clinic_id,
        patient_id=access.patient_id,
        requested_at=now,
        requested_by=access.actor.account_id,
    )
    if add_once(session, row, lambda: find_erasure_request(session, access) is not None):
        note_patient_act(session, access, "erasure.requested")


def withdraw_erasure_request(session: Session, access: PatientAccess) -> None:
    """
    Take the wish back; the caller commits. Staff take back only what staff passed on.

    Raises:
        AccessDenied: If a carer asks.
        InvalidEntry: If staff would take back what the patient asked for.
    """
    if access.is_proxy or access.is_emergency:
        raise AccessDenied
    row = session.get(ErasureRequestRow, (access.clinic_id, access.patient_id))
    if row is None:
        return
    account = session.get(AccountRow, row.requested_by)
    if access.is_by_staff and account is not None and account.role is Role.PATIENT:
        raise InvalidEntry("The patient asked for this, so only the patient can take it back.")
    session.delete(row)
    session.flush()
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
    episodes, accounts = _held(session, access.clinic_id, patient_id)
    for _, username in accounts:
        forget_name(session, username)
    for episode_id in episodes:
        forget_outcome(session, access.clinic_id, episode_id)
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


def _held(
    session: Session, clinic_id: UUID, patient_id: UUID
) -> tuple[list[UUID], list[tuple[UUID, str]]]:
    """
    Return the keys of the patient's episodes, and keys and names of the accounts.

    Each is held until the end, after whatever is saving or signing in now, so that nothing comes in
    between while their rows go.
    """
    session.get(PatientRow, (clinic_id, patient_id), with_for_update=True)
    consents = select(ConsentRow).where(
        ConsentRow.clinic_id == clinic_id, ConsentRow.patient_id == patient_id
    )
    session.exec(consents.with_for_update()).all()
    # Before the episodes, as in judging and when somebody acts on an alert.
    statuses = select(EpisodeStatusRow).where(
        EpisodeStatusRow.clinic_id == clinic_id, EpisodeStatusRow.patient_id == patient_id
    )
    session.exec(statuses.with_for_update()).all()
    episodes = select(EpisodeRow).where(
        EpisodeRow.clinic_id == clinic_id, EpisodeRow.patient_id == patient_id
    )
    accounts = select(AccountRow).where(
        AccountRow.clinic_id == clinic_id, AccountRow.patient_id == patient_id
    )
    return (
        [row.id for row in session.exec(episodes.with_for_update())],
        [(row.id, row.username) for row in session.exec(accounts.with_for_update())],
    )


def scrub(database: Database) -> bool:
    """
    Clear from the files what was deleted.

    SQLite's are written anew. PostgreSQL frees the rows and forgets its statistics of them; the
    bytes go when their pages are next written.

    Returns:
        False when others held the database; what was deleted is overwritten all the same, and
        leaves the journal when that is next emptied.
    """
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            counts = (CohortCountRow, OutcomeCountRow)
            for table in (*_OF_EPISODE, *_OF_ACCOUNT, *_OF_PATIENT, PatientRow, *counts):
                plain.exec_driver_sql(f"VACUUM (ANALYZE) {sa.inspect(table).local_table}")
        return True
    # The driver's own connection, since neither statement can stand inside a transaction.
    pooled = database.engine.raw_connection()
    try:
        cursor = pooled.cursor()
        cursor.execute("VACUUM")
        [busy, *_] = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        pooled.close()
    return not busy


def _delete(session: Session, table: type[SQLModel], **where: UUID) -> None:
    columns: Any = table
    session.exec(
        sa.delete(table).where(*(getattr(columns, name) == key for name, key in where.items()))
    )
