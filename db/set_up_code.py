"""
The code that lets only whoever sees the server's terminal set up an empty database.

It stands in the database, sealed, so that every process that serves it prints and takes the same one.
Its row is one of ``sign_in_flow`` whose id is no hash, so that nothing a browser sends can be it.
"""

import hmac
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.models import SignInFlowRow
from db.sealing import seal, unseal

LASTS = timedelta(days=30)
"""From the first start on the empty database; then the next start makes another one."""

_ROW_ID = "set-up code"
_PURPOSE = "set-up code"
_CLEAR_CHARACTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 10
_LOCK = 7_204_442
"""Any number: two processes that start at once on PostgreSQL make one code."""


def set_up_code(session: Session, now: datetime) -> str:
    """
    Return the code, about 49 bits in two groups, made when there is none; the caller commits.

    Args:
        session: A session of ``db.engine.writing``.
        now: The instant (UTC).

    Raises:
        DatabaseUnavailable: If the secret key is missing, or not the one that sealed it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    found = _found(session, now)
    if found is None:
        forget_set_up_code(session)
        found = "".join(secrets.choice(_CLEAR_CHARACTERS) for _ in range(_LENGTH))
        row = SignInFlowRow(
            id_hash=_ROW_ID,
            purpose=_PURPOSE,
            sealed=seal(found, _PURPOSE),
            expires_at=now + LASTS,
        )
        session.add(row)
        session.flush()
    half = _LENGTH // 2
    return f"{found[:half]}-{found[half:]}"


def is_set_up_code(session: Session, typed: str, now: datetime) -> bool:
    """
    Tell whether *typed* is the code; spaces, dashes and small letters do not matter.

    Raises:
        DatabaseUnavailable: If the secret key is not the one that sealed it.
    """
    found = _found(session, now)
    wanted = typed.upper().replace("-", "").replace(" ", "")
    return found is not None and hmac.compare_digest(wanted.encode(), found.encode())


def forget_set_up_code(session: Session) -> None:
    """Take the code away, once there is a clinic; the caller commits."""
    session.exec(sa.delete(SignInFlowRow).where(col(SignInFlowRow.id_hash) == _ROW_ID))


def _found(session: Session, now: datetime) -> str | None:
    sealed = session.exec(
        select(SignInFlowRow.sealed).where(
            SignInFlowRow.id_hash == _ROW_ID, col(SignInFlowRow.expires_at) > now
        )
    ).first()
    return None if sealed is None else unseal(sealed, _PURPOSE)
