"""
Passkeys: what proves that somebody holds a device, and has shown it who they are.

Only the public half is stored here. A passkey's count of uses never goes back: two devices
that hold the same private half would be told apart by it, and both would be refused.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from db.audit import note_act, note_bare_act
from db.models import AccountRow, PasskeyRow
from db.once import add_once
from db.open_sessions import end_other_sessions
from db.passwords import is_password_set
from db.sign_in import AccountSummary, summary_of
from recovery.access import Actor
from recovery.errors import InvalidEntry
from recovery.text import require_text
from recovery.wording import marked, tr

MAX_PER_ACCOUNT = 20
MAX_NAME_LENGTH = 60
ONLY_WAY_IN = marked("This passkey is your only way in. Add another one before you remove it.")
_WENT_BACK = "its count of uses went back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """
    A passkey as its owner sees it.

    Attributes:
        credential_id: Its key, as base64url text.
        name: What the owner calls it.
        created_at: When it was added.
        last_used_at: When it last proved something; None if never.
    """

    credential_id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """A passkey that a device has just made; its public key as the device sent it (COSE)."""

    credential_id: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyUse:
    """
    A use whose signature was found right.

    Attributes:
        credential_id: Which passkey it was.
        sign_count: How often the device says it was used; 0 when it does not count.
        user_handle: Whom the device says it belongs to; None when it did not say.
    """

    credential_id: str
    sign_count: int
    user_handle: bytes | None


def list_passkeys(session: Session, account_id: UUID) -> list[Passkey]:
    """Return an account's passkeys, the oldest first."""
    return [
        Passkey(
            credential_id=row.credential_id,
            name=row.name,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
        )
        for row in _rows(session, account_id)
    ]


def has_password(session: Session, account_id: UUID) -> bool:
    """Tell whether the account can be opened by a password too."""
    return is_password_set(session.get_one(AccountRow, account_id).password_hash)


def find_public_key(session: Session, credential_id: str) -> bytes | None:
    """Return what a passkey's signature is checked with; None when it is not known."""
    return session.exec(
        select(PasskeyRow.public_key).where(PasskeyRow.credential_id == credential_id)
    ).one_or_none()


def check_may_add(session: Session, account_id: UUID, name: str) -> str:
    """
    Return *name* as it would be stored.

    Raises:
        InvalidEntry: If it cannot be used, or the account has as many passkeys as it may.
    """
    if len(_rows(session, account_id)) >= MAX_PER_ACCOUNT:
        raise InvalidEntry(
            tr("You have {count} passkeys. Remove one you no longer use.", count=MAX_PER_ACCOUNT)
        )
    return require_text(name, max_length=MAX_NAME_LENGTH, what=marked("name of the passkey"))


def add_passkey(  # noqa: PLR0913 - one argument per column that its maker decides
    session: Session,
    account_id: UUID,
    new: NewPasskey,
    name: str,
    now: datetime,
    *,
    session_id: UUID | None = None,
) -> bool:
    """
    Add a passkey to an account; the caller commits.

    Args:
        session: A session of ``db.engine.writing``.
        account_id: Whose it becomes.
        new: What its device made.
        name: What the owner calls it.
        now: The instant.
        session_id: The sign-in session that acts; None while there is none.

    Returns:
        False if it is some account's already.

    Raises:
        InvalidEntry: As for ``check_may_add``.
    """
    # Held until the end, so that of many added at once none is one too many.
    account = session.get_one(AccountRow, account_id, with_for_update=True)
    row = PasskeyRow(
        credential_id=new.credential_id,
        account_id=account_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        name=check_may_add(session, account_id, name),
        created_at=now,
    )
    if not add_once(session, row, lambda: find_public_key(session, new.credential_id) is not None):
        return False
    note_bare_act(
        session,
        "passkey.added",
        clinic_id=account.clinic_id,
        actor_id=account_id,
        session_id=session_id,
        subject=new.credential_id,
    )
    return True


def check_may_remove(session: Session, account_id: UUID, credential_id: str) -> None:
    """
    Refuse what would leave an account without a way in, or is not there.

    Raises:
        InvalidEntry: Saying what to do.
    """
    account = session.get_one(AccountRow, account_id, with_for_update=True, populate_existing=True)
    own = [row.credential_id for row in _rows(session, account_id)]
    if credential_id not in own:
        raise InvalidEntry(tr("This passkey was removed already. Load the page again."))
    if len(own) == 1 and not is_password_set(account.password_hash):
        raise InvalidEntry(tr(ONLY_WAY_IN))


def remove_passkey(session: Session, actor: Actor, credential_id: str, now: datetime) -> None:
    """
    Remove an own passkey, and end every other session of the account; the caller commits.

    Whoever removes one may have lost the device, on which a session may still be open.

    Raises:
        InvalidEntry: As for ``check_may_remove``.
    """
    # It holds the account's row until the end, so that the last two are not removed at once.
    check_may_remove(session, actor.account_id, credential_id)
    session.exec(sa.delete(PasskeyRow).where(col(PasskeyRow.credential_id) == credential_id))
    note_act(session, actor, "passkey.removed", subject=credential_id)
    end_other_sessions(session, actor, now)


def forget_passkeys(session: Session, account_id: UUID) -> None:
    """Remove every passkey of an account, when its way in is made anew; the caller commits."""
    session.exec(sa.delete(PasskeyRow).where(col(PasskeyRow.account_id) == account_id))


def open_by_passkey(session: Session, use: PasskeyUse, now: datetime) -> AccountSummary | None:
    """
    Return whom a use opens, and note it in the audit; the caller commits.

    Returns:
        None, noted too, unless the device names the owner, whose account is open, and its
        count has not gone back.
    """
    account = _owner(session, use.credential_id)
    if account is None or use.user_handle != account.id.bytes or not account.is_active:
        note_refusal(session, use.credential_id)
        return None
    if not _take_use(session, use, now):
        return None
    note_bare_act(session, "sign_in.accepted", clinic_id=account.clinic_id, actor_id=account.id)
    return summary_of(account)


def prove_by_passkey(session: Session, actor: Actor, use: PasskeyUse, now: datetime) -> bool:
    """
    Tell whether a use proves that *actor* is still here; one that does not is noted.

    A device that was asked for one of certain passkeys need not say whose it is.
    """
    account = _owner(session, use.credential_id)
    is_own = account is not None and account.id == actor.account_id
    if not is_own or use.user_handle not in {None, actor.account_id.bytes}:
        note_act(session, actor, "passkey.refused", subject=use.credential_id)
        return False
    return _take_use(session, use, now)


def note_refusal(session: Session, credential_id: str, reason: str = "") -> None:
    """Note that a passkey was not accepted, beside its owner if it has one."""
    owner = _owner(session, credential_id)
    note_bare_act(
        session,
        "passkey.refused",
        clinic_id=None if owner is None else owner.clinic_id,
        actor_id=None if owner is None else owner.id,
        subject="" if owner is None else credential_id,
        reason=reason,
    )


def _take_use(session: Session, use: PasskeyUse, now: datetime) -> bool:
    """Raise the count of a passkey, unless it would go back or stand still; 0 is no count."""
    stored = col(PasskeyRow.sign_count)
    is_newer = stored < use.sign_count if use.sign_count > 0 else stored == 0
    # One statement compares and raises, so of two devices with one count only one gets by.
    taken = session.exec(
        update(PasskeyRow)
        .where(col(PasskeyRow.credential_id) == use.credential_id, is_newer)
        .values(sign_count=use.sign_count, last_used_at=now)
        .returning(col(PasskeyRow.account_id))
    ).first()
    if taken is None:
        note_refusal(session, use.credential_id, _WENT_BACK)
    return taken is not None


def _owner(session: Session, credential_id: str) -> AccountRow | None:
    return session.exec(
        select(AccountRow)
        .join(PasskeyRow, col(PasskeyRow.account_id) == col(AccountRow.id))
        .where(PasskeyRow.credential_id == credential_id)
    ).one_or_none()


def _rows(session: Session, account_id: UUID) -> list[PasskeyRow]:
    return list(
        session.exec(
            select(PasskeyRow)
            .where(PasskeyRow.account_id == account_id)
            .order_by(col(PasskeyRow.created_at), col(PasskeyRow.credential_id))
        )
    )
