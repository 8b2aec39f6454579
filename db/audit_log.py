"""The audit as an administrator reads it: filtered, a page at a time, or exported."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from db.audit import note_act
from db.models import AccountRow, AuditRow
from recovery.access import AdminAccess

LOG_PAGE = 50
MAX_EXPORT = 100_000
LOOKED_THROUGH = 5_000
"""Newest entries that are looked through for what can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """
    Which entries are asked for.

    Attributes:
        since: First instant; None for the beginning.
        until: First instant after the last; None for no end.
        action: Beginning of the action, as ``sign_in``; empty for all.
        by_name: Beginning of the name of whoever acted; empty for all.
        page: 0 for the newest.
    """

    since: datetime | None = None
    until: datetime | None = None
    action: str = ""
    by_name: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry, with names in place of keys where there still are names."""

    number: int
    at: datetime
    by_name: str
    actor_id: UUID | None
    action: str
    subject: str
    patient_id: UUID | None
    session_id: UUID | None
    old: str
    new: str
    reason: str
    hash: str


def list_entries(
    session: Session, access: AdminAccess, query: LogQuery
) -> tuple[list[LogEntry], bool]:
    """Return one page of the clinic's audit, the newest first, and whether another follows."""
    statement = _matching(access, query).offset(max(0, query.page) * LOG_PAGE).limit(LOG_PAGE + 1)
    rows = session.exec(statement).all()
    return [_to_entry(*row) for row in rows[:LOG_PAGE]], len(rows) > LOG_PAGE


def note_export(session: Session, access: AdminAccess) -> None:
    """Note that the audit was taken away; the caller commits."""
    note_act(session, access.actor, "audit.exported")


def export_entries(session: Session, access: AdminAccess, query: LogQuery) -> list[LogEntry]:
    """
    Return the clinic's audit for taking away, the newest first; ``note_export`` notes it.

    At most one more than ``MAX_EXPORT`` entries, so that the caller can tell that some are left out.
    """
    rows = session.exec(_matching(access, query).limit(MAX_EXPORT + 1))
    return [_to_entry(*row) for row in rows]


def list_actions(session: Session, access: AdminAccess) -> list[str]:
    """
    Return the actions of the clinic's newest ``LOOKED_THROUGH`` entries, in alphabetical order.

    Every report that is saved leaves an entry, so that all of them would be too many to look through.
    """
    newest = (
        select(AuditRow.action)
        .where(AuditRow.clinic_id == access.clinic_id)
        .order_by(col(AuditRow.at).desc())
        .limit(LOOKED_THROUGH)
        .subquery()
    )
    return sorted(session.scalars(sa.select(newest.c.action).distinct()))


def _matching(access: AdminAccess, query: LogQuery) -> Select[AuditRow, str]:
    by = aliased(AccountRow)
    statement = (
        select(AuditRow, by.display_name)
        .outerjoin(by, by.id == col(AuditRow.actor_id))  # type: ignore[arg-type]
        .where(AuditRow.clinic_id == access.clinic_id)
        .order_by(col(AuditRow.at).desc(), col(AuditRow.number).desc())
    )
    if query.since is not None:
        statement = statement.where(col(AuditRow.at) >= query.since)
    if query.until is not None:
        statement = statement.where(col(AuditRow.at) < query.until)
    if query.action:
        statement = statement.where(col(AuditRow.action).startswith(query.action, autoescape=True))
    if query.by_name.strip():
        name = sa.func.lower(by.display_name)
        statement = statement.where(name.startswith(query.by_name.strip().lower(), autoescape=True))
    return statement


def _to_entry(row: AuditRow, by_name: str | None) -> LogEntry:
    return LogEntry(
        number=row.number,
        at=row.at,
        by_name=by_name or "",
        actor_id=row.actor_id,
        action=row.action,
        subject=row.subject,
        patient_id=row.patient_id,
        session_id=row.session_id,
        old=row.old,
        new=row.new,
        reason=row.reason,
        hash=row.hash,
    )
