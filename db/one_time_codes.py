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
from db.sealing import seal, unseal
from recovery.access import AdminAccess
from recovery.errors import AccessDenied, InvalidEntry

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
    """What a person's device needs, until the first code proves that it has it."""

    secret: str
    address: str


def has_codes(session: Session, account_id: UUID) -> bool:
    """Tell whether the account's device was set up and has proved it."""
    row = session.get(OneTimeCodeRow, account_id)
    return row is not None and row.confirmed_at is not None


def start_set_up(session: Session, account_id: UUID, now: datetime) -> CodeSetUp:
    """
    Return what the device needs; the same again until it is confirmed. The caller commits.

    Raises:
        AccessDenied: If a device is set up already.
    """
    account = session.get_one(AccountRow, account_id, with_for_update=True)
    row = session.get(OneTimeCodeRow, account_id)
    if row is not None and row.confirmed_at is not None:
        raise AccessDenied
    if row is None:
        sealed = seal(pyotp.random_base32(), _PURPOSE)
        row = OneTimeCodeRow(account_id=account_id, sealed_seed=sealed, created_at=now)
        session.add(row)
        session.flush()
    secret = unseal(row.sealed_seed, _PURPOSE)
    address = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=_ISSUER)
    return CodeSetUp(secret=secret, address=address)


def confirm_set_up(session: Session, account_id: UUID, typed: str, now: datetime) -> list[str]:
    """
    Take the first code of a new device; the caller commits.

    Returns:
        The recovery codes, the one time they are known.

    Raises:
        InvalidEntry: If the code is not right.
        AccessDenied: If there is nothing to confirm.
    """
    row = _row(session, account_id)
    if row is None or row.confirmed_at is not None:
        raise AccessDenied
    if not _takes(row, typed, now):
        raise InvalidEntry(WRONG_CODE)
    row.confirmed_at = now
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
    if _takes(row, typed, now):
        session.add(row)
        session.flush()
        return True
    if not _takes_recovery(session, account_id, typed, now):
        return False
    _note(session, account_id, "codes.recovery_used")
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
    """Forget an account's device and recovery codes, and end its sessions; the caller commits."""
    _drop_recovery(session, account_id)
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


def _takes(row: OneTimeCodeRow, typed: str, now: datetime) -> bool:
    """Note the step of a right code that is newer than the last one taken."""
    made = pyotp.TOTP(unseal(row.sealed_seed, _PURPOSE))
    code = "".join(typed.split())
    try:
        step = made.verify_and_get_timecode(code, for_time=now, valid_window=_STEPS_AROUND)
    except OTPVerificationError:
        return False
    if step <= row.last_step:
        return False
    row.last_step = step
    return True


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
