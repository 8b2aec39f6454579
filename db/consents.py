"""
Consent: what a patient agreed to, in which words, and its withdrawal.

Without it nothing is logged. What was logged before a withdrawal stays, as part of the clinic's
record, until the patient asks for it to be erased.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from db.audit import note_patient_act
from db.models import NEVER, ConsentRow, EpisodeStatusRow
from recovery.access import PatientAccess
from recovery.days import earliest_today
from recovery.errors import AccessDenied, ConsentMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """
    One agreement.

    Attributes:
        text_version: Which words were agreed to.
        withdrawn_at: None while it stands.
    """

    text_version: str
    given_at: datetime
    withdrawn_at: datetime | None


def list_consents(session: Session, access: PatientAccess) -> list[Consent]:
    """Return what the patient agreed to, the newest first."""
    rows = session.exec(
        select(ConsentRow)
        .where(*_of(access))
        .order_by(col(ConsentRow.given_at).desc(), col(ConsentRow.id).desc())
    )
    return [
        Consent(text_version=row.text_version, given_at=row.given_at, withdrawn_at=row.withdrawn_at)
        for row in rows
    ]


def give_consent(session: Session, access: PatientAccess, text_version: str, now: datetime) -> None:
    """
    Store that the patient agrees, in place of what was agreed to before; the caller commits.

    The same press sent twice is stored once.

    Raises:
        AccessDenied: If somebody else than the patient would agree.
    """
    if not access.is_own:
        raise AccessDenied
    standing = _standing(session, access)
    if standing is not None and standing.text_version == text_version:
        return
    if standing is not None:
        _end(session, standing, access, now)
    row = ConsentRow(
        clinic_id=access.clinic_id,
        patient_id=access.patient_id,
        text_version=text_version,
        given_at=now,
        given_by=access.actor.account_id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # The same press, faster: the database keeps one that stands.
        return
    _look_anew(session, access, now)
    note_patient_act(session, access, "consent.given", text_version)


def withdraw_consent(session: Session, access: PatientAccess, now: datetime) -> None:
    """
    End what the patient agreed to; nothing more is logged. The caller commits.

    Raises:
        AccessDenied: If somebody else than the patient would end it.
    """
    if not access.is_own:
        raise AccessDenied
    standing = _standing(session, access)
    if standing is None:
        return
    _end(session, standing, access, now)
    _look_anew(session, access, now)
    note_patient_act(session, access, "consent.withdrawn", standing.text_version)


def require_consent(session: Session, access: PatientAccess) -> None:
    """
    Let the patient or a carer log only while the patient agrees.

    Raises:
        ConsentMissing: In one plain sentence.
    """
    # Shared until the end, so that a withdrawal waits for what was begun before it.
    if not access.is_by_staff and _standing(session, access, shared=True) is None:
        raise ConsentMissing


def _look_anew(session: Session, access: PatientAccess, now: datetime) -> None:
    """Let silence be looked for anew: whether reports are expected has changed."""
    session.exec(
        sa.update(EpisodeStatusRow)
        .where(
            col(EpisodeStatusRow.clinic_id) == access.clinic_id,
            col(EpisodeStatusRow.patient_id) == access.patient_id,
            col(EpisodeStatusRow.judge_on) != NEVER,
        )
        .values(judge_on=earliest_today(now))
    )


def _end(session: Session, row: ConsentRow, access: PatientAccess, now: datetime) -> None:
    row.withdrawn_at, row.withdrawn_by = now, access.actor.account_id
    session.add(row)
    session.flush()


def _standing(
    session: Session, access: PatientAccess, *, shared: bool = False
) -> ConsentRow | None:
    return session.exec(
        select(ConsentRow)
        .where(*_of(access), col(ConsentRow.withdrawn_at).is_(None))
        .with_for_update(read=shared)
    ).first()


def _of(access: PatientAccess) -> tuple[bool, bool]:
    return ConsentRow.clinic_id == access.clinic_id, ConsentRow.patient_id == access.patient_id
