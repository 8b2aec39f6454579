"""Accounts: how they are found, kept up and closed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.assignments import end_assignments
from db.audit import note_act, note_bare_act
from db.auth_sessions import revoke_all
from db.identities import forget_identities_of
from db.models import AccountRow, ClinicRow, utc_now
from db.new_accounts import (
    STARTING_PASSWORD_LASTS,
    StartingPassword,
    clean_username,
    create_first_clinic,
    create_staff,
    find_patient_account,
    free_username,
    has_accounts,
)
from db.passkeys import forget_passkeys
from db.passwords import check_password_rules, generate_password, hash_password, verify_password
from db.sign_in import AccountSummary, summary_of, unlock
from recovery.access import STAFF, AdminAccess, PatientAccess, Role
from recovery.errors import AccessDenied, InvalidEntry
from recovery.wording import tr

# One place to ask for anything about accounts; db.new_accounts holds how they are made.
__all__ = [
    "StaffAccount",
    "StartingPassword",
    "change_password",
    "check_password_rules",
    "clean_username",
    "count_accounts",
    "create_first_clinic",
    "create_staff",
    "find_patient_account",
    "free_username",
    "has_accounts",
    "hash_password",
    "list_staff",
    "reset_password",
    "set_active",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAccount:
    """An account of a clinic's staff, as its administrator sees it."""

    account_id: UUID
    username: str
    display_name: str
    role: Role
    is_active: bool
    must_change_password: bool
    locked_until: datetime | None


def count_accounts(session: Session) -> int:
    """Return how many accounts there are, open or closed."""
    return session.exec(select(sa.func.count()).select_from(AccountRow)).one()


def list_staff(session: Session, access: AdminAccess) -> list[StaffAccount]:
    """Return the clinic's staff by name."""
    rows = session.exec(
        select(AccountRow)
        .where(AccountRow.clinic_id == access.clinic_id, col(AccountRow.role).in_(STAFF))
        .order_by(col(AccountRow.display_name), col(AccountRow.id))
    )
    return [
        StaffAccount(
            account_id=row.id,
            username=row.username,
            display_name=row.display_name,
            role=row.role,
            is_active=row.is_active,
            must_change_password=row.must_change_password,
            locked_until=row.locked_until,
        )
        for row in rows
    ]


def reset_password(
    session: Session, access: AdminAccess | PatientAccess, account_id: UUID
) -> StartingPassword:
    """
    Give an account a new starting password, unlock it, and end its sessions and passkeys.

    Whoever needs a new password may have lost the device that holds the passkeys.

    An administrator does this for staff, clinicians and assistants for a patient.

    Raises:
        AccessDenied: If the account is none of these.
        InvalidEntry: If it is the own one, whose session would end before it could be read.
    """
    row = _reachable_account(session, access, account_id)
    if row.id == access.actor.account_id:
        raise InvalidEntry("Change your own password under Your account.")
    password = generate_password()
    # The counters first, as sign-in takes them, so that neither waits for the other.
    unlock(session, row)
    row.password_hash, row.must_change_password = hash_password(password), True
    row.starting_password_ends_at = utc_now() + STARTING_PASSWORD_LASTS
    forget_passkeys(session, row.id)
    forget_identities_of(session, row.id)
    revoke_all(session, row.id, utc_now())
    note_act(
        session, access.actor, "password.reset", patient_id=row.patient_id, subject=str(row.id)
    )
    session.flush()
    return StartingPassword(account_id=row.id, username=row.username, password=password)


def set_active(session: Session, access: AdminAccess, account_id: UUID, *, is_active: bool) -> None:
    """
    Open or close an account of the clinic's staff; closing ends its sessions.

    Raises:
        AccessDenied: If it is not one of the clinic's staff.
        InvalidEntry: If the administrator would close the own account, or the last one's.
    """
    row = _reachable_account(session, access, account_id)
    if row.id == access.actor.account_id and not is_active:
        raise InvalidEntry("You cannot close your own account. Ask another administrator.")
    if row.role is Role.ADMINISTRATOR and not is_active:
        _keep_an_administrator(session, row)
    row.is_active = is_active
    if not is_active:
        revoke_all(session, row.id, utc_now())
        end_assignments(session, row.clinic_id, row.id)
    action = "account.opened" if is_active else "account.closed"
    note_act(session, access.actor, action, subject=str(row.id))
    session.flush()


def change_password(
    session: Session, actor_account_id: UUID, *, current: str, new: str
) -> AccountSummary:
    """
    Set an own password and end every session of the account, this one included.

    The caller begins a new session, so the token changes with the password.

    Raises:
        InvalidEntry: If the present password is wrong or the new one cannot be used.
    """
    row = session.get(AccountRow, actor_account_id)
    if row is None or not verify_password(current, row.password_hash):
        raise InvalidEntry(tr("The present password is not right. Type it again."))
    check_password_rules(new, row.username)
    if new == current:
        raise InvalidEntry(tr("Choose a password that is not the present one."))
    new_hash = hash_password(new)
    unlock(session, row)
    row.password_hash, row.must_change_password = new_hash, False
    row.starting_password_ends_at = None
    revoke_all(session, row.id, utc_now())
    note_bare_act(session, "password.changed", clinic_id=row.clinic_id, actor_id=row.id)
    session.flush()
    return summary_of(row)


def _keep_an_administrator(session: Session, closing: AccountRow) -> None:
    # Held until the end, so that two administrators cannot close each other at once.
    session.get_one(ClinicRow, closing.clinic_id, with_for_update=True)
    others = session.exec(
        select(AccountRow.id).where(
            AccountRow.clinic_id == closing.clinic_id,
            AccountRow.role == Role.ADMINISTRATOR,
            col(AccountRow.is_active),
            AccountRow.id != closing.id,
        )
    ).first()
    if others is None:
        raise InvalidEntry("A clinic keeps one administrator. Add another one first.")


def _reachable_account(
    session: Session, access: AdminAccess | PatientAccess, account_id: UUID
) -> AccountRow:
    row = session.get(AccountRow, account_id)
    if row is None or row.clinic_id != access.clinic_id:
        raise AccessDenied
    if isinstance(access, AdminAccess):
        is_reachable = row.role.is_staff
    else:
        is_theirs = row.role is Role.PATIENT and row.patient_id == access.patient_id
        is_reachable = access.is_by_staff and not access.is_emergency and is_theirs
    if not is_reachable:
        raise AccessDenied
    return row
