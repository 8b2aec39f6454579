"""
Counters of tries to sign in, and the locks that grow from them.

All are rows of ``sign_in_address``, told apart by their hashed key: so an unknown name is
counted like a known one, and no name or address can be read from the table.

Whoever shares an address with many shares its counter too. So it forgets a try each minute, and a
member of staff whom the address knows goes past it (``let_past``): one person's wrong tries do not
keep a whole house from its work.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from db.models import SignInAddressRow

FORGET_AFTER = timedelta(hours=24)
KNOWN_FOR = timedelta(days=30)
"""How long after a right try an address knows a name: longer than anybody's holidays."""

KNOWN_TRIES = 2
"""Wrong tries of a known name that its address does not hold up: one slip, and one more."""

_key_column = col(SignInAddressRow.address_hash)


@dataclass(frozen=True, slots=True)
class Rule:
    """
    How many wrong tries in a row are free, and how the lock grows after them.

    Attributes:
        free_tries: The last of these closes the door for ``first_lock``.
        first_lock: Doubled by each further try.
        longest_lock: Where the doubling ends.
        forgets_each: One try is forgotten after each such time; None if all are, after
            ``FORGET_AFTER`` without one.
    """

    free_tries: int
    first_lock: timedelta
    longest_lock: timedelta
    forgets_each: timedelta | None = None

    def lock_after(self, failures: int) -> timedelta | None:
        """Return how long *failures* in a row close the door; None while tries are free."""
        if failures < self.free_tries:
            return None
        # Doubling is capped before it is computed: a counter may grow large.
        doublings = min(failures - self.free_tries, 10)
        return min(self.first_lock * (1 << doublings), self.longest_lock)


PAIR = Rule(5, timedelta(seconds=30), timedelta(minutes=15))
"""For one name from one address: it can only keep out whoever shares that address."""

WIDE = Rule(50, timedelta(minutes=1), timedelta(minutes=1), forgets_each=timedelta(minutes=1))
"""For a name or an address alone: what others can fill has to empty by itself, and soon."""


@dataclass(frozen=True, slots=True)
class Counters:
    """
    The keys of the counters of one try.

    Attributes:
        pair: Of a name from an address.
        name: Of the name alone.
        address: Of the address alone; None where that one is not asked.
        known: Where it stands that the address knows the name; None if no address does.
    """

    pair: str
    name: str
    address: str | None
    known: str | None = None

    @classmethod
    def of(cls, name: str, address: str) -> "Counters":
        """Return the counters of a cleaned *name*, known or not, and a network address."""
        # A pair begins with its name, so that all pairs of a name can be found.
        of_name = _hashed("name", name)
        pair = f"{of_name}.{_hashed('pair', name, address)}"
        known = f"{of_name}:{_hashed('known', name, address)}"
        return cls(pair, of_name, _hashed("address", address), known)

    @classmethod
    def of_code(cls, address: str) -> "Counters":
        """Return the counters of codes tried from an address; no user name can be one of them."""
        return cls(
            _hashed("code pair", address), _hashed("code", address), _hashed("address", address)
        )

    @classmethod
    def of_passkey(cls, address: str) -> "Counters":
        """Return the counters of passkeys tried from an address; each is one of too many to guess."""
        return cls(
            _hashed("passkey pair", address),
            _hashed("passkey", address),
            _hashed("address", address),
        )

    @classmethod
    def of_one_time_code(cls, account_id: UUID) -> "Counters":
        """
        Return the counters of one-time codes tried for an account whose password was right.

        The address is not asked: after a right password, what others do there tells nothing.
        """
        name = _hashed("one-time code", str(account_id))
        return cls(f"{name}.{_hashed('one-time code pair', str(account_id))}", name, None)

    @classmethod
    def of_choice(cls, code: str, address: str) -> "Counters":
        """Return the counters of user names that the holder of a code tries."""
        name = _hashed("choice", code)
        return cls(f"{name}.{_hashed('choice pair', code)}", name, _hashed("address", address))

    @classmethod
    def of_set_up(cls, address: str) -> "Counters":
        """Return the counters of set-up codes tried from an address, and of all that are tried."""
        name = _hashed("set-up code")
        pair = f"{name}.{_hashed('set-up code pair', address)}"
        return cls(pair, name, _hashed("address", address))

    def rules(self) -> dict[str, Rule]:
        """Return the rule of each key, in the one order in which rows are taken."""
        wide = (self.name,) if self.address is None else (self.name, self.address)
        return {self.pair: PAIR} | dict.fromkeys(wide, WIDE)


def let_past(session: Session, counters: Counters, now: datetime) -> Counters:
    """
    Return the counters without the address's when it knows the name, else as they are.

    It holds for ``KNOWN_TRIES`` wrong ones, then the address counts again. So guessing at every
    name that an address knows gains that many tries for each, and no more until its owner comes.
    """
    pair = session.get(SignInAddressRow, counters.pair)
    slips = 0 if pair is None or _is_old(pair, now) else pair.failed_sign_ins
    known = None if counters.known is None else session.get(SignInAddressRow, counters.known)
    if known is None or known.locked_until is None or slips >= KNOWN_TRIES:
        return counters
    return replace(counters, address=None) if known.locked_until > now else counters


def make_known(session: Session, counters: Counters, now: datetime) -> None:
    """
    Let the address know the name, whose try was right. The caller commits.

    Only for names that need a second proof: it makes a few more guesses at the first one free.
    """
    if counters.known is not None:
        # Taken last, as in forget_name, so that no two wait for each other.
        row = _taken(session, counters.known, now)
        row.last_failed_at, row.locked_until = now, now + KNOWN_FOR
        session.flush()


def find_lock(session: Session, counters: Counters, now: datetime) -> datetime | None:
    """Return when the last lock on a try ends, without writing; None while it may go on."""
    return session.exec(
        select(sa.func.max(SignInAddressRow.locked_until)).where(
            _key_column.in_(counters.rules()), col(SignInAddressRow.locked_until) > now
        )
    ).one()


def count_try(session: Session, counters: Counters, now: datetime) -> datetime | None:
    """
    Count one try on all of its counters, unless one of them is locked.

    Returns:
        When the lock ends that refused it; None when it was counted.
    """
    rows = [_taken(session, key, now) for key in counters.rules()]
    locks = [row.locked_until for row in rows if row.locked_until and row.locked_until > now]
    if locks:
        return max(locks)
    for row, rule in zip(rows, counters.rules().values(), strict=True):
        _count_on(row, rule, now)
    session.flush()
    return None


def _count_on(row: SignInAddressRow, rule: Rule, now: datetime) -> None:
    if rule.forgets_each is None:
        kept, since = 0 if _is_old(row, now) else row.failed_sign_ins, now
    else:
        # More than this never counts, so that what was filled empties in a known time.
        kept = min(row.failed_sign_ins, rule.free_tries)
        forgotten = max((now - row.last_failed_at) // rule.forgets_each, 0)
        # The rest of a minute goes on counting, else one right try a minute would stop the forgetting.
        since = now if forgotten >= kept else row.last_failed_at + forgotten * rule.forgets_each
        kept = max(kept - forgotten, 0)
    row.failed_sign_ins, row.last_failed_at = kept + 1, since
    lock = rule.lock_after(row.failed_sign_ins)
    row.locked_until = None if lock is None else since + lock


def _is_old(row: SignInAddressRow, now: datetime) -> bool:
    return now - row.last_failed_at > FORGET_AFTER


def give_back(session: Session, counters: Counters) -> None:
    """
    Close a right try: clear what counts its name, and take it alone off the address.

    The address is not cleared, else an own account would buy new tries on others.
    """
    # Pair before name before address, as everywhere, so that no two wait for each other.
    for key in (counters.pair, counters.name):
        session.exec(sa.delete(SignInAddressRow).where(_key_column == key))
    if counters.address is None:
        return
    row = session.get(
        SignInAddressRow, counters.address, with_for_update=True, populate_existing=True
    )
    if row is not None and row.failed_sign_ins > 0:
        row.failed_sign_ins -= 1
        if WIDE.lock_after(row.failed_sign_ins) is None:
            row.locked_until = None


def forget_name(session: Session, name: str) -> None:
    """Clear every counter of a name, whatever addresses it was tried from, and which know it."""
    of_name = _hashed("name", name)
    pairs, known = (_key_column.startswith(f"{of_name}{sign}") for sign in ".:")
    for those in (pairs, _key_column.in_([of_name]), known):
        session.exec(sa.delete(SignInAddressRow).where(those))


def forget_tries(session: Session, counters: Counters) -> None:
    """Clear what counts a name, or stands for one, from every address."""
    session.exec(sa.delete(SignInAddressRow).where(_key_column.in_([counters.pair, counters.name])))


def purge(session: Session, now: datetime) -> None:
    """Delete counters that no longer count, when a try has just begun new ones."""
    ends = col(SignInAddressRow.locked_until)
    is_old = (col(SignInAddressRow.last_failed_at) < now - FORGET_AFTER) & (
        ends.is_(None) | (ends < now)
    )
    # Rows that another try holds are left for the next time, so that none waits for another.
    old = select(SignInAddressRow.address_hash).where(is_old).with_for_update(skip_locked=True)
    session.exec(sa.delete(SignInAddressRow).where(_key_column.in_(old)))


def are_known(session: Session, counters: Counters) -> bool:
    """Tell whether all counters of a try stand in the table already."""
    keys = counters.rules()
    found = session.exec(select(SignInAddressRow.address_hash).where(_key_column.in_(keys))).all()
    return len(found) == len(keys)


def _taken(session: Session, key: str, now: datetime) -> SignInAddressRow:
    # One statement makes the row or locks it, so no other process finds or deletes it between.
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(SignInAddressRow).values(
        address_hash=key, failed_sign_ins=0, last_failed_at=now
    )
    session.exec(
        statement.on_conflict_do_update(
            index_elements=[_key_column], set_={"address_hash": statement.excluded.address_hash}
        )
    )
    return session.get_one(SignInAddressRow, key, populate_existing=True)


def _hashed(kind: str, *values: str) -> str:
    return hashlib.sha256(json.dumps([kind, *values]).encode()).hexdigest()
