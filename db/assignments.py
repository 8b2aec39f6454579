"""Who of the staff looks after a patient; decides who sees whom where the clinic says so."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db.audit import note_bare_act, note_patient_act
from db.models import AccountRow, AssignmentRow, ClinicRow
from db.once import add_once
from recovery.access import TREATING, Actor, PatientAccess, Role
from recovery.errors import AccessDenied, InvalidEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """One of the clinic's clinicians and assistants."""

    account_id: UUID
    display_name: str
    role: Role
    is_assigned: bool


def sees_all(session: Session, clinic_id: UUID) -> bool:
    """Tell whether the clinic's treating staff sees every patient, assigned or not."""
    row = session.get(ClinicRow, clinic_id)
    return row is not None and not row.only_assigned


def is_assigned(session: Session, actor: Actor, patient_id: UUID) -> bool:
    """Tell whether the actor looks after the patient; nobody's patient is everybody's."""
    assigned = session.exec(
        _by_active(select(AssignmentRow.account_id)).where(
            AssignmentRow.clinic_id == actor.clinic_id, AssignmentRow.patient_id == patient_id
        )
    ).all()
    return not assigned or actor.account_id in assigned


def seen_by(actor: Actor, patient_id: Any) -> sa.ColumnElement[bool]:
    """Return the condition that *actor* looks after the patient of the column *patient_id*."""
    theirs = select(AssignmentRow.patient_id).where(
        AssignmentRow.clinic_id == actor.clinic_id, AssignmentRow.account_id == actor.account_id
    )
    anybody = _by_active(select(AssignmentRow.patient_id)).where(
        AssignmentRow.clinic_id == actor.clinic_id, AssignmentRow.patient_id == patient_id
    )
    return sa.or_(patient_id.in_(theirs), ~anybody.exists())


def list_colleagues(session: Session, access: PatientAccess) -> list[Colleague]:
    """
    Return the clinic's treating staff by name, each with whether they look after the patient.

    Raises:
        AccessDenied: If not one of them asks.
    """
    _check_is_treating(access)
    assigned = set(
        session.exec(
            select(AssignmentRow.account_id).where(
                AssignmentRow.clinic_id == access.clinic_id,
                AssignmentRow.patient_id == access.patient_id,
            )
        )
    )
    rows = session.exec(
        select(AccountRow)
        .where(
            AccountRow.clinic_id == access.clinic_id,
            col(AccountRow.role).in_(TREATING),
            col(AccountRow.is_active),
        )
        .order_by(col(AccountRow.display_name), col(AccountRow.id))
    )
    return [
        Colleague(
            account_id=row.id,
            display_name=row.display_name,
            role=row.role,
            is_assigned=row.id in assigned,
        )
        for row in rows
    ]


def assign(session: Session, access: PatientAccess, account_ids: set[UUID], now: datetime) -> None:
    """
    Let exactly these of the staff look after the patient; the caller commits.

    Raises:
        AccessDenied: If not one who looks after the patient asks, or one of them is not treating here.
        InvalidEntry: If nobody would be left.
    """
    _check_is_treating(access)
    if access.is_emergency:
        raise AccessDenied
    if not account_ids:
        raise InvalidEntry("Somebody has to look after this patient. Choose at least one.")
    known = {each.account_id: each.is_assigned for each in list_colleagues(session, access)}
    if not account_ids <= set(known):
        raise AccessDenied
    before = {account_id for account_id, assigned in known.items() if assigned}
    for account_id in sorted(account_ids - before):
        row = assignment(access, account_id, now)
        key = (access.clinic_id, access.patient_id, account_id)
        if add_once(session, row, partial(_is_stored, session, key)):
            note_patient_act(session, access, "assignment.made", str(account_id))
    for account_id in sorted(before - account_ids):
        row = session.get_one(AssignmentRow, (access.clinic_id, access.patient_id, account_id))
        session.delete(row)
        note_patient_act(session, access, "assignment.ended", str(account_id))


def assignment(access: PatientAccess, account_id: UUID, now: datetime) -> AssignmentRow:
    """Return the row of one who looks after the patient, not yet added."""
    return AssignmentRow(
        clinic_id=access.clinic_id,
        patient_id=access.patient_id,
        account_id=account_id,
        created_at=now,
        created_by=access.actor.account_id,
    )


def let_see(session: Session, patient: tuple[UUID, UUID], account_id: UUID, now: datetime) -> None:
    """
    Let one more of the staff see a patient to whom an alert was passed on; for use inside ``db``.

    Nobody's patient is everybody's and stays so; only where others look after the patient is
    this one added to them.

    Args:
        session: A session of ``db.engine.writing``.
        patient: The clinic's key and the patient's.
        account_id: Who has to see the patient.
        now: The instant (UTC).
    """
    clinic_id, patient_id = patient
    assigned = session.exec(
        _by_active(select(AssignmentRow.account_id)).where(
            AssignmentRow.clinic_id == clinic_id, AssignmentRow.patient_id == patient_id
        )
    ).all()
    if not assigned or account_id in assigned:
        return
    row = AssignmentRow(
        clinic_id=clinic_id,
        patient_id=patient_id,
        account_id=account_id,
        created_at=now,
        created_by=account_id,
    )
    session.merge(row)
    session.flush()
    note_bare_act(
        session,
        "assignment.made",
        clinic_id=clinic_id,
        patient_id=patient_id,
        subject=str(account_id),
    )


def end_assignments(session: Session, clinic_id: UUID, account_id: UUID) -> None:
    """Let somebody who leaves a clinic look after nobody there any more; the caller commits."""
    session.exec(
        sa.delete(AssignmentRow).where(
            col(AssignmentRow.clinic_id) == clinic_id,
            col(AssignmentRow.account_id) == account_id,
        )
    )


def _by_active(statement: SelectOfScalar[UUID]) -> SelectOfScalar[UUID]:
    """Leave out assignments of closed accounts, so that nobody's patient is everybody's."""
    return statement.join(AccountRow, col(AccountRow.id) == col(AssignmentRow.account_id)).where(
        col(AccountRow.is_active)
    )


def _is_stored(session: Session, key: tuple[UUID, UUID, UUID]) -> bool:
    return session.get(AssignmentRow, key) is not None


def _check_is_treating(access: PatientAccess) -> None:
    if access.actor.role not in TREATING:
        raise AccessDenied
