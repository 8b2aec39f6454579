"""
Attempts to sign in, counted so that guessing gets slow.

An attempt is counted before its password is checked and given back when the password was
right, so that tries sent side by side are counted too. The check itself takes long and
stands between two short transactions, not inside one.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from db.audit import note_bare_act
from db.models import AccountRow, utc_now
from db.passwords import dummy_hash, hash_password, needs_rehash, verify_password
from db.sign_in_counters import (
    Counters,
    are_known,
    count_try,
    find_lock,
    forget_name,
    give_back,
    let_past,
    make_known,
    purge,
)
from recovery.access import Role


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
        counters: The counters that were raised for it.
        locked_until: When the next try is taken; None when this one is.
        begun_at: When it was counted (UTC).
    """

    account_id: UUID | None
    password_hash: str
    counters: Counters
    locked_until: datetime | None
    begun_at: datetime

    def verify(self, password: str) -> bool:
        """Check the password; costs the same for an unknown name. Call it off the event loop."""
        is_right = verify_password(password, self.password_hash)
        return is_right and self.account_id is not None


def find_sign_in_lock(
    session: Session, *, username: str, address: str, now: datetime
) -> datetime | None:
    """Return until when such a try is refused, without writing; None while it is taken."""
    return find_lock(session, _counters(session, _name(username), address, now), now)


def begin_sign_in(session: Session, *, username: str, address: str, now: datetime) -> Attempt:
    """
    Count one try against the name from this address, the name alone and the address alone.

    A locked try is refused without being counted or written, so it lengthens no lock. A
    name tried from one address is locked for that address. Tries from many addresses can
    keep a name waiting everywhere, and tries of many names an address, a minute at a time;
    not a member of staff who signed in from there lately.
    """
    name = _name(username)
    account = _open_account(session, name)
    counters = _counters(session, name, address, now)
    locked_until = find_lock(session, counters, now)
    if locked_until is None:
        is_known = are_known(session, counters)
        locked_until = count_try(session, counters, now)
        if not is_known:
            purge(session, now)
        _mirror(session, account, counters, now)
    return Attempt(
        account_id=None if account is None else account.id,
        password_hash=dummy_hash() if account is None else account.password_hash,
        counters=counters,
        locked_until=locked_until,
        begun_at=now,
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
    if account is None or not account.is_active or not is_right or _is_over(account):
        _note(session, account, "sign_in.refused")
        return None
    give_back(session, attempt.counters)
    if account.role.is_staff:
        make_known(session, attempt.counters, attempt.begun_at)
    account.failed_sign_ins, account.locked_until = 0, None
    if needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
    _note(session, account, "sign_in.accepted")
    return summary_of(account)


def unlock(session: Session, account: AccountRow) -> None:
    """Forget the tries of an account, from every address."""
    forget_name(session, account.username)
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


def _is_over(account: AccountRow) -> bool:
    """Tell whether the account still waits for its owner with a starting password that has ended."""
    ends_at = account.starting_password_ends_at
    return account.must_change_password and ends_at is not None and ends_at <= utc_now()


def _counters(session: Session, name: str, address: str, now: datetime) -> Counters:
    return let_past(session, Counters.of(name, address), now)


def _name(username: str) -> str:
    return username.strip().casefold()


def _open_account(session: Session, name: str) -> AccountRow | None:
    if not name.isprintable():
        # One of the databases refuses to be asked for such a name.
        return None
    return session.exec(
        select(AccountRow).where(AccountRow.username == name, col(AccountRow.is_active))
    ).one_or_none()


def _mirror(
    session: Session, account: AccountRow | None, counters: Counters, now: datetime
) -> None:
    """Show the latest lock of an account on its row, where an administrator reads it."""
    if account is not None:
        account.failed_sign_ins += 1
        account.locked_until = find_lock(session, counters, now) or account.locked_until


def _note(session: Session, account: AccountRow | None, action: str) -> None:
    note_bare_act(
        session,
        action,
        clinic_id=None if account is None else account.clinic_id,
        actor_id=None if account is None else account.id,
    )
