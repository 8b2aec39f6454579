"""Tries to sign in: how wrong ones are counted and lock, and what a right one gives back and renews."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from db.accounts import (
    list_staff,
    reset_password,
)
from db.models import AccountRow, SignInAddressRow
from db.passwords import needs_rehash
from db.sign_in import begin_sign_in
from db.sign_in_counters import PAIR, WIDE, Counters, Rule
from recovery.access import grant_admin
from tests.db.acts import entries
from tests.db.signing_in import try_password
from tests.factories import NOW, PASSWORD
from tests.small_clinic import SmallClinic


@pytest.mark.parametrize(
    ("rule", "failures", "seconds"),
    [
        (PAIR, 0, None),
        (PAIR, 4, None),
        (PAIR, 5, 30),
        (PAIR, 6, 60),
        (PAIR, 9, 480),
        (PAIR, 10, 900),
        (PAIR, 10_000, 900),
        (WIDE, 49, None),
        (WIDE, 50, 60),
        (WIDE, 10_000, 60),
    ],
)
def test_locks_grow_to_their_bound(rule: Rule, failures: int, seconds: int | None) -> None:
    """From one address 30 s, doubling to 15 minutes; a lock that others can cause is a minute."""
    lock = rule.lock_after(failures)

    assert lock == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize("username", ["clinician", "nobody", "nul\x00", "\ud800"])
def test_five_wrong_tries_lock_known_and_unknown_names_alike(
    session: Session, clinic: SmallClinic, username: str
) -> None:
    """A lock does not tell whether there is such an account, and holds for the right password."""
    for _ in range(5):
        attempt, opened = try_password(session, "wrong words here", username)
        assert (attempt.locked_until, opened) == (None, None)

    attempt, opened = try_password(session, PASSWORD, username)

    assert attempt.locked_until == NOW + timedelta(seconds=30)
    assert opened is None


def test_a_stranger_locks_nobody_out(session: Session, clinic: SmallClinic) -> None:
    """The right person at another address, or another person at the same one, goes on."""
    for _ in range(6):
        try_password(session, "wrong words here", address="10.9.9.9")

    assert try_password(session, PASSWORD)[1] is not None
    assert try_password(session, PASSWORD, "administrator", "10.9.9.9")[1] is not None
    assert try_password(session, PASSWORD, address="10.9.9.9")[0].locked_until is not None


@pytest.mark.parametrize(
    ("name", "address"),
    [("name{}", "10.0.0.1"), ("clinician", "10.0.1.{}")],
    ids=["many names", "many addresses"],
)
def test_many_names_or_many_addresses_wait_a_minute(
    session: Session, clinic: SmallClinic, name: str, address: str
) -> None:
    """One password tried on many names, or one name from many addresses, is slowed down."""
    for number in range(50):
        begun = begin_sign_in(
            session, username=name.format(number), address=address.format(number), now=NOW
        )
        assert begun.locked_until is None

    fresh = {"username": name.format("new"), "address": address.format("new")}
    assert begin_sign_in(session, **fresh, now=NOW).locked_until == NOW + timedelta(minutes=1)
    later = begin_sign_in(session, **fresh, now=NOW + timedelta(minutes=1))
    assert later.locked_until is None


def test_an_own_account_buys_no_tries_on_others(session: Session, clinic: SmallClinic) -> None:
    """A right password takes back its own count of the address, and no other."""
    counter = Counters.of("clinician", "10.0.0.1").address
    for number in range(4):
        try_password(session, "wrong words here", f"name{number}")

    assert try_password(session, PASSWORD)[1] is not None

    assert session.get_one(SignInAddressRow, counter).failed_sign_ins == 4


def test_a_clinic_behind_one_address_is_never_locked_by_right_passwords(
    session: Session, clinic: SmallClinic
) -> None:
    """The try that reaches the bound is given back with its lock."""
    for number in range(49):
        begin_sign_in(session, username=f"name{number}", address="10.0.0.1", now=NOW)

    assert try_password(session, PASSWORD)[1] is not None
    assert try_password(session, PASSWORD)[1] is not None


def test_an_administrator_sees_and_lifts_a_lock(session: Session, clinic: SmallClinic) -> None:
    """A reset clears the counters of the name from every address, and of no other name."""
    for address in ("10.0.0.1", "10.0.0.2"):
        for name in ("clinician", "clinician2"):
            for _ in range(5):
                try_password(session, "wrong words here", name, address)
    access = grant_admin(clinic.administrator)
    shown = {person.username: person.locked_until for person in list_staff(session, access)}
    assert shown == {
        "clinician": NOW + timedelta(seconds=30),
        "assistant": None,
        "administrator": None,
    }

    made = reset_password(session, access, clinic.clinician.account_id)

    for address in ("10.0.0.1", "10.0.0.2"):
        assert try_password(session, made.password, address=address)[1] is not None
        assert try_password(session, PASSWORD, "clinician2", address)[0].locked_until is not None


def test_a_locked_try_writes_nothing(session: Session, clinic: SmallClinic) -> None:
    """Tries during a lock leave counters, accounts and audit as they are."""
    for _ in range(5):
        try_password(session, "wrong words here")
    session.flush()
    statements: list[str] = []
    bind = session.connection()
    sa.event.listen(bind, "before_cursor_execute", lambda *given: statements.append(given[2]))

    assert try_password(session, "wrong words here")[0].locked_until is not None
    session.flush()

    assert statements
    assert all(statement.startswith("SELECT") for statement in statements)


def test_counters_of_yesterday_are_deleted(session: Session, clinic: SmallClinic) -> None:
    """A new name or address sweeps out what no longer counts."""
    try_password(session, "wrong words here", "nobody", "10.9.9.9")
    later = NOW + timedelta(hours=24, seconds=1)

    begin_sign_in(session, username="clinician", address="10.0.0.1", now=later)

    kept = set(session.exec(select(SignInAddressRow.address_hash)))
    assert kept == set(Counters.of("clinician", "10.0.0.1").rules())


def test_a_right_password_gives_the_tries_back(session: Session, clinic: SmallClinic) -> None:
    """Four slips before each sign-in never add up."""
    for _ in range(2):
        for _ in range(4):
            try_password(session, "wrong words here")
        assert try_password(session, PASSWORD)[1] is not None


def test_a_lock_heals_by_itself(session: Session, clinic: SmallClinic) -> None:
    """Tries during a lock do not lengthen it, and after a day all is forgotten."""
    for _ in range(20):
        try_password(session, "wrong words here")

    for later in (timedelta(seconds=30), timedelta(hours=25)):
        attempt = begin_sign_in(session, username="clinician", address="10.0.0.1", now=NOW + later)
        assert attempt.locked_until is None


def test_tries_side_by_side_are_all_counted(session: Session, clinic: SmallClinic) -> None:
    """Each is counted before its password is checked, so guessing in parallel gains nothing."""
    begun = [
        begin_sign_in(session, username="clinician", address="10.0.0.1", now=NOW) for _ in range(8)
    ]

    assert [attempt.locked_until is None for attempt in begun] == [True] * 5 + [False] * 3


def test_old_hashes_are_renewed_at_sign_in(session: Session, clinic: SmallClinic) -> None:
    """A hash of lower cost is replaced when its password is at hand."""
    import argon2  # noqa: PLC0415 - only here, to make an old hash

    account = session.get_one(AccountRow, clinic.clinician.account_id)
    account.password_hash = argon2.PasswordHasher(1, 8_192, 1).hash(PASSWORD)

    assert try_password(session, PASSWORD)[1] is not None

    assert not needs_rehash(account.password_hash)


def test_audit_of_sign_in_holds_no_name(session: Session, clinic: SmallClinic) -> None:
    """A person who types the password into the name field leaves no trace of it."""
    try_password(session, "wrong words here", "my secret words")
    try_password(session, PASSWORD)

    rows = [entry for entry in entries(session) if entry.action.startswith("sign_in")]
    assert [(row.action, row.actor_id, row.subject) for row in rows] == [
        ("sign_in.refused", None, ""),
        ("sign_in.accepted", clinic.clinician.account_id, ""),
    ]
