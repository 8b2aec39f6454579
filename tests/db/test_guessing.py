"""Guessing from an address that many people share: slow for whoever guesses, no wait for the rest."""

from datetime import timedelta
from itertools import count

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.accounts import reset_password
from db.models import SignInAddressRow
from db.sign_in import AccountSummary, begin_sign_in, finish_sign_in
from db.sign_in_counters import (
    FORGET_AFTER,
    KNOWN_FOR,
    KNOWN_TRIES,
    WIDE,
    Counters,
    count_try,
    forget_name,
)
from recovery.access import grant_admin
from tests.factories import NOW, PASSWORD
from tests.small_clinic import SmallClinic

HOUSE = "198.51.100.1"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
WRONG = "wrong words here"
NAMES = count()


def _try(
    session: Session, username: str = "clinician", *, after: timedelta, is_right: bool
) -> tuple[bool, AccountSummary | None]:
    """Try once from the house; return whether it was taken, and whom it opened."""
    attempt = begin_sign_in(session, username=username, address=HOUSE, now=NOW + after)
    if attempt.locked_until is not None:
        return False, None
    password = PASSWORD if is_right else WRONG
    return True, finish_sign_in(session, attempt, password=password, is_right=is_right)


def _guesses(session: Session, tries: int, *, after: timedelta) -> int:
    """Guess at as many names, each once, and return how many guesses were taken."""
    fresh = [f"guessed{next(NAMES)}" for _ in range(tries)]
    return sum(_try(session, name, after=after, is_right=False)[0] for name in fresh)


def _is_taken(session: Session, *, after: timedelta, username: str = "clinician") -> bool:
    opened = _try(session, username, after=after, is_right=True)[1]
    return opened is not None


def test_a_house_works_on_while_somebody_in_it_guesses(
    session: Session, clinic: SmallClinic
) -> None:
    """After fifty wrong ones, and with one more as often as it is taken, a hundred sign in."""
    assert _is_taken(session, after=-KNOWN_FOR + MINUTE)
    assert _guesses(session, 60, after=timedelta()) == WIDE.free_tries

    taken, guessed = [], 0
    for number in range(1, 101):
        after = number * 6 * SECOND
        guessed += _guesses(session, 3, after=after)
        taken.append(_is_taken(session, after=after))

    assert taken == [True] * 100
    # And what they did bought no guess: one each minute, as alone.
    assert guessed == 10


def test_a_house_that_is_new_waits_a_minute_at_most(session: Session, clinic: SmallClinic) -> None:
    """Patients, and staff whom it does not know, go in one after another once a minute is over."""
    _guesses(session, WIDE.free_tries, after=timedelta())

    assert not _is_taken(session, username="patient", after=59 * SECOND)
    for number in range(60, 160):
        assert _is_taken(session, username="patient", after=number * SECOND)


def test_guessing_stays_slow_for_a_day(session: Session, clinic: SmallClinic) -> None:
    """Fifty, then one a minute, with an own account at hand that signs in between all of them."""
    guessed = 0
    for minute in range(120):
        after = minute * MINUTE
        guessed += _guesses(session, 60 if minute in {0, 60} else 2, after=after)
        _is_taken(session, after=after)
        _is_taken(session, username="patient", after=after)

    assert guessed == WIDE.free_tries + 119


def test_a_pause_gives_back_a_try_a_minute(session: Session, clinic: SmallClinic) -> None:
    """Also while right tries come more often than that, and never more than the fifty."""
    _guesses(session, WIDE.free_tries, after=timedelta())
    for number in range(10, 60):
        _is_taken(session, username="patient", after=number * 10 * SECOND)

    assert _guesses(session, 20, after=10 * MINUTE) == 10
    assert _guesses(session, 60, after=FORGET_AFTER) == WIDE.free_tries


def test_an_address_that_knows_a_name_still_counts_its_slips(
    session: Session, clinic: SmallClinic
) -> None:
    """Two wrong tries are let past a full counter, the third waits, and so does the right one then."""
    assert _is_taken(session, after=timedelta())
    _guesses(session, WIDE.free_tries, after=timedelta())

    slips = [_try(session, after=timedelta(), is_right=False)[0] for _ in range(KNOWN_TRIES + 1)]

    assert slips == [True, True, False]
    assert not _is_taken(session, after=timedelta())
    assert _is_taken(session, after=MINUTE)
    # The right one begins anew.
    assert _guesses(session, 1, after=MINUTE) == 1
    assert _is_taken(session, after=MINUTE)


def test_whom_an_address_does_not_know(session: Session, clinic: SmallClinic) -> None:
    """Nobody is let past for a right try by a patient, long ago, elsewhere, or before a reset."""

    def is_let_past(name: str, *, seen: timedelta, at: str = HOUSE) -> bool:
        # Also lifts the lock, which lies ahead of the earlier try.
        session.exec(
            sa.delete(SignInAddressRow).where(
                col(SignInAddressRow.address_hash) == _full(HOUSE).address_hash
            )
        )
        attempt = begin_sign_in(session, username=name, address=at, now=NOW - seen)
        assert finish_sign_in(session, attempt, password=PASSWORD, is_right=True) is not None
        _fill(session)
        return _try(session, name, after=timedelta(), is_right=False)[0]

    _fill(session)
    assert not _is_taken(session, after=timedelta())
    assert not is_let_past("patient", seen=MINUTE * 2)
    assert not is_let_past("clinician", seen=KNOWN_FOR)
    assert not is_let_past("clinician", seen=MINUTE * 2, at="198.51.100.2")
    assert is_let_past("clinician", seen=KNOWN_FOR - SECOND)
    reset_password(session, grant_admin(clinic.administrator), clinic.clinician.account_id)
    assert not _try(session, after=timedelta(), is_right=False)[0]


def _full(address: str) -> SignInAddressRow:
    return SignInAddressRow(
        address_hash=Counters.of("", address).address or "",
        failed_sign_ins=WIDE.free_tries,
        last_failed_at=NOW,
        locked_until=NOW + MINUTE,
    )


def _fill(session: Session) -> None:
    session.merge(_full(HOUSE))
    session.flush()


def test_a_code_after_a_right_password_waits_for_no_stranger(
    session: Session, clinic: SmallClinic
) -> None:
    """A full address holds up no code; the account's own five wrong ones do."""
    _fill(session)
    counters = Counters.of_one_time_code(clinic.clinician.account_id)

    locks = [count_try(session, counters, NOW) for _ in range(6)]

    assert locks == [None] * 5 + [NOW + 30 * SECOND]


def test_what_an_address_knows_is_kept_a_month_and_erased_with_the_name(
    session: Session, clinic: SmallClinic
) -> None:
    """The sweep of old counters leaves it until it ends; an erased person leaves nothing."""
    known = Counters.of("clinician", HOUSE).known

    def stands(after: timedelta) -> bool:
        _try(session, f"someone{next(NAMES)}", after=after, is_right=False)
        return known in session.exec(select(SignInAddressRow.address_hash)).all()

    assert _is_taken(session, after=timedelta())
    assert [stands(after) for after in (KNOWN_FOR - SECOND, KNOWN_FOR + SECOND)] == [True, False]
    assert _is_taken(session, after=KNOWN_FOR)
    forget_name(session, "clinician")
    assert not stands(KNOWN_FOR)


def test_what_an_older_version_counted_empties_in_time(
    session: Session, clinic: SmallClinic
) -> None:
    """A counter that grew to thousands lets in after the minute that its lock lasts."""
    grown = _full(HOUSE)
    grown.failed_sign_ins = 9_000
    session.add(grown)

    assert _guesses(session, 3, after=MINUTE) == 1
    assert _guesses(session, 60, after=51 * MINUTE) == WIDE.free_tries
