"""
One-time codes: the second proof of the clinic's staff.

A code belongs to a step of 30 seconds. The step before and the one after are taken too, for
clocks that are a little off, and each code works once. Ten recovery codes stand in for a lost device.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
import sqlalchemy as sa
from pyotp.exceptions import OTPVerificationError
from sqlmodel import Session, col, select, update

from db.audit import note_bare_act
from db.auth_sessions import revoke_all
from db.models import AccountRow, OneTimeCodeRow, RecoveryCodeRow
from db.passkeys import forget_passkeys
from db.sealing import seal, unseal
from db.sign_in_counters import Counters, forget_tries
from recovery.access import AdminAccess
from recovery.errors import AccessDenied, DatabaseUnavailable, InvalidEntry

RECOVERY_CODES = 10
WRONG_CODE = "The code is not right. Wait for the next one and type that."
_ISSUER = "Mendline"
_PURPOSE = "one-time codes"
_STEPS_AROUND = 1
# Without 0/O, 1/I and other pairs that are misread from paper: 24 of 31 signs are 118 bits.
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH, _GROUP = 24, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSetUp:
    """
    What a person's device needs, until the first code proves that it has it.

    Attributes:
        secret: The key, as it is typed.
        address: The same, as it is scanned.
        is_replacement: Whether another device works until then.
    """

    secret: str
    address: str
    is_replacement: bool


def has_codes(session: Session, account_id: UUID) -> bool:
    """Tell whether the account's device was set up and has proved it."""
    row = session.get(OneTimeCodeRow, account_id)
    return row is not None and row.confirmed_at is not None


def check_key(session: Session) -> None:
    """
    Refuse a secret key with which the newest device's codes cannot be checked.

    Asked when a process starts: one that was given another key than its neighbours, or none,
    would refuse whoever is sent to it.

    Raises:
        DatabaseUnavailable: If the key is not the one of this database.
    """
    sealed = session.exec(
        select(OneTimeCodeRow.sealed_seed)
        .where(OneTimeCodeRow.sealed_seed != "")
        .order_by(col(OneTimeCodeRow.created_at).desc())
        .limit(1)
    ).first()
    if sealed is not None:
        unseal(sealed, _PURPOSE)


def start_set_up(
    session: Session, account_id: UUID, session_id: UUID, *, has_proof: bool = False
) -> CodeSetUp:
    """
    Return what a new device needs; the same again in the same sign-in. The caller commits.

    What another sign-in was shown is worth nothing: whoever saw a starting password before its
    owner cannot know the key that the owner will use.

    Args:
        session: A session of ``db.engine.writing``.
        account_id: Whose device it is.
        session_id: The sign-in that is shown the key, and may confirm it.
        has_proof: Whether password and code were given just now. The old device works until
            the new one is confirmed.

    Raises:
        AccessDenied: If a device is set up already and there is no fresh proof.
    """
    account = session.get_one(AccountRow, account_id, with_for_update=True)
    row = _row(session, account_id)
    secret = None if row is None else _pending(row, session_id)
    if secret is None:
        if row is not None and row.confirmed_at is not None and not has_proof:
            raise AccessDenied
        secret = pyotp.random_base32()
        row = row or OneTimeCodeRow(account_id=account_id)
        row.sealed_pending = seal(f"{session_id} {secret}", _PURPOSE)
        session.add(row)
        session.flush()
    address = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=_ISSUER)
    is_replacement = row is not None and row.confirmed_at is not None
    return CodeSetUp(secret=secret, address=address, is_replacement=is_replacement)


def is_setting_up(session: Session, account_id: UUID, session_id: UUID) -> bool:
    """Tell whether this sign-in was shown a key that is not confirmed yet."""
    row = session.get(OneTimeCodeRow, account_id)
    return row is not None and _pending(row, session_id) is not None


def confirm_set_up(
    session: Session, account_id: UUID, session_id: UUID, typed: str, now: datetime
) -> list[str]:
    """
    Take the first code of a new device, which replaces the old one; the caller commits.

    Returns:
        The recovery codes, the one time they are known.

    Raises:
        InvalidEntry: If the code is not right.
        AccessDenied: If this sign-in has nothing to confirm.
    """
    row = _row(session, account_id)
    secret = None if row is None else _pending(row, session_id)
    if row is None or secret is None:
        raise AccessDenied
    step = _step_of(secret, typed, now)
    if step is None:
        raise InvalidEntry(WRONG_CODE)
    row.sealed_seed, row.sealed_pending = seal(secret, _PURPOSE), ""
    row.last_step, row.confirmed_at = step, now
    session.add(row)
    _note(session, account_id, "codes.set_up")
    return renew_recovery_codes(session, account_id)


def take_code(session: Session, account_id: UUID, typed: str, now: datetime) -> bool:
    """
    Use up a code of the device, or a recovery code; the caller commits.

    Returns:
        Whether it was right and not used before.
    """
    row = _row(session, account_id)
    if row is None or row.confirmed_at is None:
        return False
    # First, since these work without the key that opens the seed.
    if _takes_recovery(session, account_id, typed, now):
        _note(session, account_id, "codes.recovery_used")
        return True
    step = _step_of(unseal(row.sealed_seed, _PURPOSE), typed, now)
    if step is None or step <= row.last_step:
        return False
    row.last_step = step
    session.add(row)
    session.flush()
    return True


def renew_recovery_codes(session: Session, account_id: UUID) -> list[str]:
    """Make ten new recovery codes in place of the old ones; the caller commits."""
    _drop_recovery(session, account_id)
    codes = ["".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)) for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCodeRow(account_id=account_id, code_hash=_hashed(code)) for code in codes
    )
    session.flush()
    starts = range(0, _LENGTH, _GROUP)
    return ["-".join(code[start : start + _GROUP] for start in starts) for code in codes]


def count_recovery_codes(session: Session, account_id: UUID) -> int:
    """Return how many recovery codes were not used yet."""
    return session.exec(
        select(sa.func.count())
        .select_from(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.account_id == account_id,
            col(RecoveryCodeRow.used_at).is_(None),
        )
    ).one()


def forget_codes(session: Session, account_id: UUID, now: datetime) -> None:
    """
    Forget an account's device, recovery codes and passkeys, and end its sessions.

    Wrong codes tried before are forgotten too. The caller commits.
    """
    _drop_recovery(session, account_id)
    forget_tries(session, Counters.of_one_time_code(account_id))
    forget_passkeys(session, account_id)
    session.exec(sa.delete(OneTimeCodeRow).where(col(OneTimeCodeRow.account_id) == account_id))
    revoke_all(session, account_id, now)
    _note(session, account_id, "codes.forgotten")


def forget_codes_of(session: Session, access: AdminAccess, account_id: UUID, now: datetime) -> None:
    """
    Let one of the staff set up a new device at the next sign-in; the caller commits.

    Raises:
        AccessDenied: If it is not one of the clinic's staff, or the administrator's own account.
    """
    row = session.get(AccountRow, account_id)
    is_theirs = row is not None and row.clinic_id == access.clinic_id and row.role.is_staff
    if not is_theirs or account_id == access.actor.account_id:
        raise AccessDenied
    forget_codes(session, account_id, now)
    _note(session, account_id, "codes.reset", actor_id=access.actor.account_id)


def _row(session: Session, account_id: UUID) -> OneTimeCodeRow | None:
    # Held until the end, so that of two tries with one code the second finds it used.
    return session.get(OneTimeCodeRow, account_id, with_for_update=True, populate_existing=True)


def _pending(row: OneTimeCodeRow, session_id: UUID) -> str | None:
    """Return the key that this sign-in was shown and has not confirmed; None if there is none."""
    if not row.sealed_pending:
        return None
    try:
        shown_to, secret = unseal(row.sealed_pending, _PURPOSE).split()
    except DatabaseUnavailable:
        # Sealed with a key that is gone: another one is made.
        return None
    return secret if shown_to == str(session_id) else None


def _step_of(secret: str, typed: str, now: datetime) -> int | None:
    """Return the time step of a right code; None for a wrong one."""
    code = "".join(typed.split())
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(
            code, for_time=now, valid_window=_STEPS_AROUND
        )
    except OTPVerificationError:
        return None


def _takes_recovery(session: Session, account_id: UUID, typed: str, now: datetime) -> bool:
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    used = session.exec(
        update(RecoveryCodeRow)
        .where(
            col(RecoveryCodeRow.account_id) == account_id,
            col(RecoveryCodeRow.code_hash) == _hashed(code),
            col(RecoveryCodeRow.used_at).is_(None),
        )
        .values(used_at=now)
        .returning(col(RecoveryCodeRow.code_hash))
    ).first()
    return used is not None


def _drop_recovery(session: Session, account_id: UUID) -> None:
    session.exec(sa.delete(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == account_id))


def _note(session: Session, account_id: UUID, action: str, actor_id: UUID | None = None) -> None:
    account = session.get_one(AccountRow, account_id)
    note_bare_act(
        session,
        action,
        clinic_id=account.clinic_id,
        actor_id=actor_id or account_id,
        subject=str(account_id),
    )


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
