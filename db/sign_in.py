"""
Attempts to sign in, counted so that guessing gets slow.

An attempt is counted before its password is checked and given back when the password was
right, so that tries sent side by side are counted too. The check itself takes long and
stands between two short transactions, not inside one.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from db.models import AccountRow, AuditRow, SignInAddressRow
from db.passwords import dummy_hash, hash_password, needs_rehash, verify_password
from recovery.access import Role

FREE_TRIES = 5
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSummary:
    """Whom a sign-in opened."""

    account_id: UUID
    clinic_id: UUID
    role: Role
    username: str
    display_name: str
    must_change_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """
    One counted try, between its two transactions.

    Attributes:
        account_id: None when there is no open account of that name.
        password_hash: What to check against; a dummy for an unknown name.
        buckets: The counters that were raised for it.
        locked_until: When the next try is taken; None when this one is.
    """

    account_id: UUID | None
    password_hash: str
    buckets: tuple[str, ...]
    locked_until: datetime | None

    def verify(self, password: str) -> bool:
        """Check the password; costs the same for an unknown name. Call it off the event loop."""
        is_right = verify_password(password, self.password_hash)
        return is_right and self.account_id is not None


def begin_sign_in(session: Session, *, username: str, address: str, now: datetime) -> Attempt:
    """
    Count one try against the name and the network address.

    A try while either is locked is refused without being counted, so nobody can keep
    somebody else's account locked for good.
    """
    name = username.strip().casefold()
    account = _open_account(session, name)
    buckets = (_bucket("address", address), _bucket("name", name))
    rows = [_counter(session, bucket, now) for bucket in buckets]
    locks = [row.locked_until for row in rows if row.locked_until and row.locked_until > now]
    if not locks:
        for row in rows:
            _count(row, now)
        _mirror(account, rows[-1])
    return Attempt(
        account_id=None if account is None else account.id,
        password_hash=dummy_hash() if account is None else account.password_hash,
        buckets=buckets,
        locked_until=max(locks, default=None),
    )


def finish_sign_in(
    session: Session, attempt: Attempt, *, password: str, is_right: bool
) -> AccountSummary | None:
    """
    Close a try: give the count back when it was right, and note it in the audit.

    Returns:
        Whom it opened; None when the password was wrong.
    """
    account = session.get(AccountRow, attempt.account_id) if attempt.account_id else None
    if account is None or not account.is_active or not is_right:
        _note(session, account, "sign_in.refused")
        return None
    for bucket in attempt.buckets:
        session.exec(
            sa.delete(SignInAddressRow).where(col(SignInAddressRow.address_hash) == bucket)
        )
    account.failed_sign_ins, account.locked_until = 0, None
    if needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
    _note(session, account, "sign_in.accepted")
    return summary_of(account)


def unlock(session: Session, account: AccountRow) -> None:
    """Forget the failed tries of an account."""
    bucket = _bucket("name", account.username)
    session.exec(sa.delete(SignInAddressRow).where(col(SignInAddressRow.address_hash) == bucket))
    account.failed_sign_ins, account.locked_until = 0, None


def summary_of(account: AccountRow) -> AccountSummary:
    """Return what the rest of the app may know of an account."""
    return AccountSummary(
        account_id=account.id,
        clinic_id=account.clinic_id,
        role=account.role,
        username=account.username,
        display_name=account.display_name,
        must_change_password=account.must_change_password,
    )


def lock_after(failures: int) -> timedelta | None:
    """Return how long *failures* in a row close the door; None while tries are free."""
    if failures < FREE_TRIES:
        return None
    # Doubling is capped before it is computed: a counter may grow large.
    doublings = min(failures - FREE_TRIES, 10)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def _open_account(session: Session, name: str) -> AccountRow | None:
    if not name.isprintable():
        # One of the databases refuses to be asked for such a name.
        return None
    return session.exec(
        select(AccountRow).where(AccountRow.username == name, col(AccountRow.is_active))
    ).one_or_none()


def _bucket(kind: str, key: str) -> str:
    # Names are counted whether or not they exist, so that a lock does not tell which do.
    return hashlib.sha256(f"{kind}:{key}".encode(errors="replace")).hexdigest()


def _counter(session: Session, bucket: str, now: datetime) -> SignInAddressRow:
    # Inserted first, so that two processes never both find the counter missing.
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.exec(
        dialect.insert(SignInAddressRow)
        .values(address_hash=bucket, failed_sign_ins=0, last_failed_at=now)
        .on_conflict_do_nothing()
    )
    row = session.get_one(SignInAddressRow, bucket, with_for_update=True)
    if now - row.last_failed_at > FORGET_AFTER:
        row.failed_sign_ins = 0
    return row


def _count(row: SignInAddressRow, now: datetime) -> None:
    row.failed_sign_ins += 1
    row.last_failed_at = now
    lock = lock_after(row.failed_sign_ins)
    row.locked_until = None if lock is None else now + lock


def _mirror(account: AccountRow | None, counter: SignInAddressRow) -> None:
    """Show an account's own counter on its row, where an administrator reads it."""
    if account is not None:
        account.failed_sign_ins = counter.failed_sign_ins
        account.locked_until = counter.locked_until


def _note(session: Session, account: AccountRow | None, action: str) -> None:
    session.add(
        AuditRow(
            clinic_id=None if account is None else account.clinic_id,
            actor_id=None if account is None else account.id,
            action=action,
        )
    )
