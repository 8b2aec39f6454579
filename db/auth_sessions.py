"""Sign-in sessions: begun, looked up, kept alive and ended."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, update

from db.models import AccountRow, AuthSessionRow, utc_now
from recovery.access import Actor, Role
from recovery.sign_in import SignInWay

IDLE_LIMIT = {
    Role.PATIENT: timedelta(minutes=30),
    Role.CARER: timedelta(minutes=30),
    Role.ASSISTANT: timedelta(minutes=15),
    Role.CLINICIAN: timedelta(minutes=15),
    Role.ADMINISTRATOR: timedelta(minutes=15),
}
"""Time without a person's act after which a session ends.

Staff see many people's records on shared machines; a patient fills in a long form on an
own phone.
"""

ABSOLUTE_LIMIT = dict.fromkeys(Role, timedelta(hours=12))
"""A working day with its overtime; after that everybody signs in again."""

TOUCH_INTERVAL = timedelta(minutes=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionInfo:
    """
    A session that is open at the instant it was looked up.

    Attributes:
        actor: Who is signed in.
        username: The name typed at sign-in.
        must_change_password: Whether only a password of the own may be set.
        needs_code: Whether only a one-time code may be given.
        way: How the session began.
        device: The browser and system it began on, in words.
        needs_touch: Whether ``last_seen_at`` is old enough to be written again.
    """

    actor: Actor
    username: str
    must_change_password: bool
    needs_code: bool
    way: SignInWay
    device: str
    needs_touch: bool

    @property
    def is_restricted(self) -> bool:
        """Whether the session opens no page of the app yet."""
        return self.must_change_password or self.needs_code


def start_session(  # noqa: PLR0913 - one argument per column that differs between sign-ins
    session: Session,
    account_id: UUID,
    role: Role,
    now: datetime,
    *,
    way: SignInWay = SignInWay.PASSWORD,
    needs_code: bool = False,
    device: str = "",
) -> str:
    """
    Begin a session and return its token, which is stored only as a hash.

    Args:
        session: A session of ``db.engine.writing``.
        account_id: Who signed in.
        role: Sets how long it lasts.
        now: The instant it begins.
        way: How somebody proved who they are.
        needs_code: Whether a one-time code is still to be given.
        device: The browser and system, in words.

    Returns:
        256 random bits, safe in a cookie.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        AuthSessionRow(
            token_hash=_hash(token),
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE_LIMIT[role],
            way=way,
            needs_code=needs_code,
            device=device,
        )
    )
    session.flush()
    return token


def resolve(session: Session, token: str, now: datetime) -> SessionInfo | None:
    """Return the open session of *token*; None when unknown, ended, idle or expired."""
    return _find(session, _BY_TOKEN, _hash(token), now)


def resolve_id(session: Session, session_id: UUID, now: datetime) -> SessionInfo | None:
    """Return the open session of that key; None as for ``resolve``."""
    return _find(session, _BY_ID, session_id, now)


def actor_of(session: Session, session_id: UUID, now: datetime | None = None) -> Actor | None:
    """
    Return who acts in a session now, read anew from account and session.

    Returns:
        None when the session is not open, or opens no page of the app yet.
    """
    found = resolve_id(session, session_id, now or utc_now())
    return None if found is None or found.is_restricted else found.actor


def touch(session: Session, session_id: UUID, now: datetime) -> None:
    """Note that a person acted; written at most once in ``TOUCH_INTERVAL``."""
    session.exec(
        update(AuthSessionRow)
        .where(col(AuthSessionRow.id) == session_id)
        .where(col(AuthSessionRow.revoked_at).is_(None))
        .where(col(AuthSessionRow.last_seen_at) <= now - TOUCH_INTERVAL)
        .values(last_seen_at=now)
    )


def revoke(session: Session, session_id: UUID, now: datetime | None = None) -> None:
    """End one session; the first ending stands."""
    session.exec(
        update(AuthSessionRow)
        .where(col(AuthSessionRow.id) == session_id, col(AuthSessionRow.revoked_at).is_(None))
        .values(revoked_at=now or utc_now())
    )


def take_over(session: Session, session_id: UUID, now: datetime) -> bool:
    """
    End a session so that another may begin in its place; the caller commits.

    Returns:
        False if it had ended before, as when it was revoked during a slow request.
    """
    ended = session.exec(
        update(AuthSessionRow)
        .where(
            col(AuthSessionRow.id) == session_id,
            col(AuthSessionRow.revoked_at).is_(None),
            col(AuthSessionRow.expires_at) > now,
        )
        .values(revoked_at=now)
        .returning(col(AuthSessionRow.id))
    ).first()
    return ended is not None


def revoke_all(session: Session, account_id: UUID, now: datetime) -> None:
    """End every session of an account."""
    session.exec(
        update(AuthSessionRow)
        .where(
            col(AuthSessionRow.account_id) == account_id,
            col(AuthSessionRow.revoked_at).is_(None),
        )
        .values(revoked_at=now)
    )


# By columns and put together once: a session is looked up three times for each act of a person,
# and to make rows of it took longer than the database.
_LOOKUP = sa.select(
    col(AuthSessionRow.id).label("session_id"),
    *(
        col(getattr(AuthSessionRow, name))
        for name in ("revoked_at", "expires_at", "last_seen_at", "needs_code", "way", "device")
    ),
    col(AccountRow.id).label("account_id"),
    *(
        col(getattr(AccountRow, name))
        for name in (
            "clinic_id",
            "role",
            "display_name",
            "patient_id",
            "language",
            "username",
            "must_change_password",
            "is_active",
        )
    ),
).join_from(AuthSessionRow, AccountRow, col(AccountRow.id) == col(AuthSessionRow.account_id))
_BY_TOKEN = _LOOKUP.where(col(AuthSessionRow.token_hash) == sa.bindparam("key"))
_BY_ID = _LOOKUP.where(col(AuthSessionRow.id) == sa.bindparam("key"))


def _find(
    session: Session, lookup: sa.Select[Any], key: str | UUID, now: datetime
) -> SessionInfo | None:
    found = session.connection().execute(lookup, {"key": key}).one_or_none()
    return _to_info(found, now) if found is not None and _is_open(found, now) else None


def _is_open(found: sa.Row[Any], now: datetime) -> bool:
    return (
        found.is_active
        and found.revoked_at is None
        and now < found.expires_at
        and now - found.last_seen_at < IDLE_LIMIT[found.role]
    )


def _to_info(found: sa.Row[Any], now: datetime) -> SessionInfo:
    return SessionInfo(
        actor=Actor(
            account_id=found.account_id,
            clinic_id=found.clinic_id,
            role=found.role,
            display_name=found.display_name,
            patient_id=found.patient_id,
            session_id=found.session_id,
            language=found.language,
        ),
        username=found.username,
        must_change_password=found.must_change_password,
        needs_code=found.needs_code,
        way=found.way,
        device=found.device,
        needs_touch=now - found.last_seen_at >= TOUCH_INTERVAL,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
