"""
Sign-ins between their two steps: what was asked of a browser, until it answers.

What was asked stands here sealed and for a short time. Whoever comes back with its id takes it
away, so that no answer counts twice.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.models import SignInFlowRow
from db.sealing import seal, unseal

LIFETIME = timedelta(minutes=5)
"""As long as it may take to find a phone or a key and to hold it to the machine."""

_SEALED_FOR = "sign-in flow"
_ID_BYTES = 32


def begin_flow(
    session: Session,
    purpose: str,
    contents: Mapping[str, str],
    now: datetime,
    *,
    account_id: UUID | None = None,
) -> str:
    """
    Keep what was asked, and return the id to ask for it again; the caller commits.

    Args:
        session: A session of ``db.engine.writing``.
        purpose: What it is for; nothing else takes it.
        contents: What was asked.
        now: The instant its lifetime begins.
        account_id: Whose it is, when somebody is signed in.

    Raises:
        DatabaseUnavailable: If there is no secret key.
    """
    _purge(session, now)
    flow_id = secrets.token_urlsafe(_ID_BYTES)
    session.add(
        SignInFlowRow(
            id_hash=_hashed(flow_id),
            purpose=purpose,
            account_id=account_id,
            sealed=seal(json.dumps(dict(contents)), _SEALED_FOR),
            expires_at=now + LIFETIME,
        )
    )
    session.flush()
    return flow_id


def take_flow(
    session: Session,
    purpose: str,
    flow_id: str,
    now: datetime,
    *,
    account_id: UUID | None = None,
) -> dict[str, str] | None:
    """
    Take away what was asked under an id; the caller commits whatever comes of it.

    One statement deletes it, so of any number at the same time one gets it. It is gone
    also when it turns out to be another purpose's or account's.

    Returns:
        None alike for an unknown, used, expired or foreign one.
    """
    taken = session.exec(
        sa.delete(SignInFlowRow)
        .where(col(SignInFlowRow.id_hash) == _hashed(flow_id))
        .returning(
            col(SignInFlowRow.purpose),
            col(SignInFlowRow.account_id),
            col(SignInFlowRow.expires_at),
            col(SignInFlowRow.sealed),
        )
    ).first()
    if taken is None or tuple(taken[:2]) != (purpose, account_id) or now >= taken[2]:
        return None
    contents: dict[str, str] = json.loads(unseal(taken[3], _SEALED_FOR))
    return contents


def _purge(session: Session, now: datetime) -> None:
    # Rows that another sign-in deletes just now are left to it, so that none waits for another.
    old = (
        select(SignInFlowRow.id_hash)
        .where(col(SignInFlowRow.expires_at) <= now)
        .with_for_update(skip_locked=True)
    )
    session.exec(sa.delete(SignInFlowRow).where(col(SignInFlowRow.id_hash).in_(old)))


def _hashed(flow_id: str) -> str:
    return hashlib.sha256(flow_id.encode()).hexdigest()
