"""One-time codes: set up once, taken once, and recovery codes for a lost device."""

import os
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest
from sqlmodel import Session, select

from db.auth_sessions import resolve, start_session
from db.engine import Database, writing
from db.models import OneTimeCodeRow, RecoveryCodeRow
from db.one_time_codes import (
    RECOVERY_CODES,
    WRONG_CODE,
    check_key,
    confirm_set_up,
    count_recovery_codes,
    forget_codes_of,
    has_codes,
    renew_recovery_codes,
    start_set_up,
    take_code,
)
from db.secret_key import KEY_VARIABLE, MIN_LENGTH
from recovery.access import Actor, grant_admin
from recovery.errors import AccessDenied, DatabaseUnavailable, InvalidEntry
from tests.db.acts import acts, all_at_once
from tests.factories import NOW
from tests.small_clinic import SmallClinic

STEP = timedelta(seconds=30)


def _set_up(session: Session, actor: Actor) -> tuple[pyotp.TOTP, list[str]]:
    """Set a device up three steps before now, so that all codes around now are fresh."""
    secret = start_set_up(session, actor.account_id, actor.session_id).secret
    device = pyotp.TOTP(secret)
    before = NOW - 3 * STEP
    codes = confirm_set_up(session, actor.account_id, actor.session_id, device.at(before), before)
    return device, codes


@pytest.mark.parametrize("typed", ["", "000000", "letters", "\x00", "१२३४५६", "1" * 1_000])
def test_a_wrong_first_code_sets_nothing_up(
    session: Session, clinic: SmallClinic, typed: str
) -> None:
    """The same key stays to be scanned, and the account has no codes yet."""
    account_id, session_id = clinic.clinician.account_id, clinic.clinician.session_id
    before = start_set_up(session, account_id, session_id)

    with pytest.raises(InvalidEntry, match=WRONG_CODE[:10]):
        confirm_set_up(session, account_id, session_id, typed, NOW)
    assert not has_codes(session, account_id)
    assert not take_code(session, account_id, pyotp.TOTP(before.secret).at(NOW), NOW)
    assert start_set_up(session, account_id, session_id) == before


def test_a_key_that_another_sign_in_was_shown_is_worth_nothing(
    session: Session, clinic: SmallClinic
) -> None:
    """Whoever saw a starting password first learns no key that its owner will use."""
    account_id, first, second = clinic.clinician.account_id, uuid4(), uuid4()
    seen = start_set_up(session, account_id, first).secret
    owners = start_set_up(session, account_id, second).secret

    assert seen != owners
    with pytest.raises(AccessDenied):
        confirm_set_up(session, account_id, first, pyotp.TOTP(seen).at(NOW), NOW)
    confirm_set_up(session, account_id, second, pyotp.TOTP(owners).at(NOW), NOW)


def test_the_old_device_works_until_the_new_one_does(session: Session, clinic: SmallClinic) -> None:
    """Nothing is given up before something takes its place."""
    account_id, session_id = clinic.clinician.account_id, clinic.clinician.session_id
    old, recovery = _set_up(session, clinic.clinician)
    new = pyotp.TOTP(start_set_up(session, account_id, session_id, has_proof=True).secret)
    assert has_codes(session, account_id)
    assert take_code(session, account_id, old.at(NOW - STEP), NOW)

    confirm_set_up(session, account_id, session_id, new.at(NOW), NOW)

    later = NOW + 2 * STEP
    assert not take_code(session, account_id, old.at(later), later)
    assert not take_code(session, account_id, recovery[0], later)
    assert take_code(session, account_id, new.at(later), later)


def test_recovery_codes_work_without_the_key(
    session: Session, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret key that was lost locks nobody out who kept the paper; a new device can be set up."""
    _, codes = _set_up(session, clinic.clinician)
    start_set_up(session, clinic.assistant.account_id, clinic.assistant.session_id)
    monkeypatch.setenv(KEY_VARIABLE, "z" * MIN_LENGTH)

    assert take_code(session, clinic.clinician.account_id, codes[0], NOW)
    _set_up(session, clinic.assistant)


def test_neither_key_nor_codes_can_be_read_from_the_database(
    session: Session, clinic: SmallClinic
) -> None:
    """The seed is sealed and recovery codes are hashed."""
    device, codes = _set_up(session, clinic.clinician)
    stored = repr(session.exec(select(OneTimeCodeRow)).one())
    stored += repr(session.exec(select(RecoveryCodeRow)).all())

    assert device.secret not in stored
    assert not [code for code in codes if code.replace("-", "") in stored]
    assert len(set(codes)) == RECOVERY_CODES


@pytest.mark.parametrize(
    ("steps_off", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_one_step_off(
    session: Session, clinic: SmallClinic, steps_off: int, is_taken: bool
) -> None:
    """One step of 30 seconds either way, and no more."""
    device, _ = _set_up(session, clinic.clinician)
    code = device.at(NOW + steps_off * STEP)

    assert take_code(session, clinic.clinician.account_id, code, NOW) is is_taken


def test_a_code_works_once(session: Session, clinic: SmallClinic) -> None:
    """Neither again nor an older one after a newer; the next one does."""
    device, _ = _set_up(session, clinic.clinician)
    account_id = clinic.clinician.account_id

    assert take_code(session, account_id, f" {device.at(NOW)[:3]} {device.at(NOW)[3:]} ", NOW)
    assert not take_code(session, account_id, device.at(NOW), NOW)
    assert not take_code(session, account_id, device.at(NOW - STEP), NOW)
    assert take_code(session, account_id, device.at(NOW + STEP), NOW)


def test_of_twenty_uses_of_one_code_at_once_one_succeeds(
    database: Database, clinic: SmallClinic
) -> None:
    """A code that was read over a shoulder is worth nothing beside its owner's."""
    with writing(database) as session:
        device, codes = _set_up(session, clinic.clinician)

    def use(which: int) -> bool:
        typed = codes[0] if which % 2 else device.at(NOW)
        with writing(database) as session:
            return take_code(session, clinic.clinician.account_id, typed, NOW)

    assert Counter(all_at_once(use, 20)) == {False: 18, True: 2}


def test_a_recovery_code_stands_in_once(session: Session, clinic: SmallClinic) -> None:
    """In any spelling; it is counted, noted, and no other person's."""
    _, codes = _set_up(session, clinic.clinician)
    _set_up(session, clinic.assistant)
    account_id = clinic.clinician.account_id

    assert not take_code(session, clinic.assistant.account_id, codes[3], NOW)
    assert take_code(session, account_id, codes[3].lower().replace("-", " "), NOW)
    assert not take_code(session, account_id, codes[3], NOW)
    assert count_recovery_codes(session, account_id) == RECOVERY_CODES - 1
    assert acts(session)["codes.recovery_used"] == 1


def test_new_recovery_codes_end_the_old(session: Session, clinic: SmallClinic) -> None:
    """A list that was lost opens nothing any more."""
    _, old = _set_up(session, clinic.clinician)
    new = renew_recovery_codes(session, clinic.clinician.account_id)

    assert not take_code(session, clinic.clinician.account_id, old[0], NOW)
    assert take_code(session, clinic.clinician.account_id, new[0], NOW)


def test_a_device_is_not_set_up_over_another(session: Session, clinic: SmallClinic) -> None:
    """Whoever only has the password cannot put an own device in its place."""
    _set_up(session, clinic.clinician)

    account_id, session_id = clinic.clinician.account_id, clinic.clinician.session_id
    with pytest.raises(AccessDenied):
        start_set_up(session, account_id, session_id)
    with pytest.raises(AccessDenied):
        confirm_set_up(session, account_id, session_id, "000000", NOW)


def test_an_administrator_lets_staff_set_up_anew(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """For the own clinic's staff, not the own account; sessions end and it is noted."""
    _, codes = _set_up(session, clinic.clinician)
    token = start_session(
        session, clinic.clinician.account_id, clinic.clinician.role, NOW, needs_code=False
    )
    running = grant_admin(clinic.administrator)
    for actor in (other_clinic.clinician, clinic.patient, clinic.administrator):
        with pytest.raises(AccessDenied):
            forget_codes_of(session, running, actor.account_id, NOW)

    forget_codes_of(session, running, clinic.clinician.account_id, NOW)

    assert not has_codes(session, clinic.clinician.account_id)
    assert not take_code(session, clinic.clinician.account_id, codes[0], NOW)
    assert resolve(session, token, NOW) is None
    assert acts(session)["codes.reset"] == 1


def test_a_process_with_another_key_does_not_start(
    session: Session, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would refuse every code of those who are sent to it; the old key may stand second."""
    check_key(session)
    _set_up(session, clinic.clinician)
    check_key(session)
    old, new = os.environ[KEY_VARIABLE], "n" * MIN_LENGTH

    monkeypatch.setenv(KEY_VARIABLE, new)
    with pytest.raises(DatabaseUnavailable, match="does not fit this database"):
        check_key(session)
    monkeypatch.setenv(KEY_VARIABLE, f"{new},{old}")
    check_key(session)
