"""Open sign-ins: a person's own, and those of a clinic, each with a way to end it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from db.audit import note_act
from db.auth_sessions import IDLE_LIMIT, revoke
from db.models import AccountRow, AuthSessionRow
from recovery.access import Actor, AdminAccess, Role
from recovery.errors import AccessDenied
from recovery.sign_in import SignInWay


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """
    A sign-in that opens something now.

    Attributes:
        device: The browser and system, in words; empty when it is not known.
        is_present: Whether it is the one that asks.
    """

    session_id: UUID
    account_id: UUID
    display_name: str
    role: Role
    device: str
    way: SignInWay
    began_at: datetime
    last_seen_at: datetime
    is_present: bool


def list_own_sessions(session: Session, actor: Actor, now: datetime) -> list[OpenSession]:
    """Return the actor's open sign-ins, the newest first."""
    return _list(session, actor, now, col(AccountRow.id) == actor.account_id)


def end_own_session(session: Session, actor: Actor, session_id: UUID, now: datetime) -> None:
    """
    End one of the actor's sign-ins; the caller commits.

    Raises:
        AccessDenied: If it is somebody else's.
    """
    row = session.get(AuthSessionRow, session_id)
    if row is None or row.account_id != actor.account_id:
        raise AccessDenied
    revoke(session, session_id, now)
    note_act(session, actor, "session.ended", subject=str(session_id))


def end_other_sessions(session: Session, actor: Actor, now: datetime) -> None:
    """End all of the actor's sign-ins but the one that acts; the caller commits."""
    session.exec(
        update(AuthSessionRow)
        .where(
            col(AuthSessionRow.account_id) == actor.account_id,
            col(AuthSessionRow.id) != actor.session_id,
            col(AuthSessionRow.revoked_at).is_(None),
        )
        .values(revoked_at=now)
    )
    note_act(session, actor, "session.others_ended")


def list_clinic_sessions(session: Session, access: AdminAccess, now: datetime) -> list[OpenSession]:
    """Return the open sign-ins of the clinic's staff and patients, the newest first."""
    return _list(session, access.actor, now, col(AccountRow.clinic_id) == access.clinic_id)


def end_clinic_session(
    session: Session, access: AdminAccess, session_id: UUID, now: datetime
) -> None:
    """
    End a sign-in of somebody of the clinic; the caller commits.

    Raises:
        AccessDenied: If it is of another clinic.
    """
    found = session.exec(
        select(AccountRow)
        .join(AuthSessionRow, col(AuthSessionRow.account_id) == col(AccountRow.id))
        .where(AuthSessionRow.id == session_id, AccountRow.clinic_id == access.clinic_id)
    ).one_or_none()
    if found is None:
        raise AccessDenied
    revoke(session, session_id, now)
    note_act(
        session,
        access.actor,
        "session.ended",
        patient_id=found.patient_id,
        subject=str(session_id),
    )


def _list(
    session: Session, actor: Actor, now: datetime, whose: sa.ColumnElement[bool]
) -> list[OpenSession]:
    rows = session.exec(
        select(AuthSessionRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == col(AuthSessionRow.account_id))
        .where(
            whose,
            col(AccountRow.is_active),
            col(AuthSessionRow.revoked_at).is_(None),
            ~col(AuthSessionRow.needs_code),
            col(AuthSessionRow.expires_at) > now,
        )
        .order_by(col(AuthSessionRow.last_seen_at).desc(), col(AuthSessionRow.id).desc())
    )
    return [
        OpenSession(
            session_id=row.id,
            account_id=account.id,
            display_name=account.display_name,
            role=account.role,
            device=row.device,
            way=row.way,
            began_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_present=row.id == actor.session_id,
        )
        for row, account in rows
        if now - row.last_seen_at < IDLE_LIMIT[account.role]
    ]
