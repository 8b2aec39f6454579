"""New accounts of the first clinic's administrator and of staff; patients are invited."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from db.audit import note_act, note_bare_act
from db.models import AccountRow, ClinicRow, utc_now
from db.passwords import check_password_rules, generate_password, hash_password
from db.sign_in import AccountSummary, summary_of
from recovery.access import AdminAccess, PatientAccess, Role
from recovery.days import zone
from recovery.errors import InvalidEntry
from recovery.text import require_text
from recovery.wording import marked, tr

MIN_USERNAME_LENGTH = 3
MAX_USERNAME_LENGTH = 64
USERNAME_TAKEN = marked("That user name is taken. Choose another.")
STARTING_PASSWORD_LASTS = timedelta(days=3)
"""Handed over on paper on a Friday, it is used on Monday; then it opens nothing any more."""

_USERNAME_SIGNS = set(".-_@+")


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingPassword:
    """A generated password to hand over; shown once, and changed at the first sign-in."""

    account_id: UUID
    username: str
    password: str


def clean_username(username: str) -> str:
    """
    Return *username* as it is stored: without space around it, in small letters.

    Raises:
        InvalidEntry: If it is too short or long, or holds other signs.
    """
    name = username.strip().casefold()
    is_long_enough = MIN_USERNAME_LENGTH <= len(name) <= MAX_USERNAME_LENGTH
    if not is_long_enough or not all(sign.isalnum() or sign in _USERNAME_SIGNS for sign in name):
        raise InvalidEntry(
            tr(
                "Use {fewest} to {most} letters, digits, dots, dashes or underscores for the "
                "user name.",
                fewest=MIN_USERNAME_LENGTH,
                most=MAX_USERNAME_LENGTH,
            )
        )
    return name


def free_username(session: Session, username: str) -> str:
    """
    Return *username* as it would be stored.

    Raises:
        InvalidEntry: As for ``clean_username``, and if it is taken now.
    """
    name = clean_username(username)
    if session.exec(select(AccountRow.id).where(AccountRow.username == name)).first() is not None:
        raise InvalidEntry(tr(USERNAME_TAKEN))
    return name


def has_accounts(session: Session) -> bool:
    """Tell whether anybody could ever sign in; costs the same at any size."""
    return session.exec(select(AccountRow.id).limit(1)).first() is not None


def create_first_clinic(  # noqa: PLR0913 - one argument per field of the set-up page
    session: Session,
    *,
    clinic_name: str,
    time_zone: str,
    username: str,
    display_name: str,
    password: str,
) -> UUID:
    """
    Make the first clinic and its administrator.

    Returns:
        The key of the administrator's account.

    Raises:
        InvalidEntry: If an entry cannot be used, or somebody was faster.
    """
    name = clean_username(username)
    check_password_rules(password, name)
    clinic = ClinicRow(
        name=require_text(clinic_name, what="name of the clinic"), time_zone=zone(time_zone).key
    )
    account = AccountRow(
        clinic_id=clinic.id,
        username=name,
        display_name=require_text(display_name, what="name of the administrator"),
        role=Role.ADMINISTRATOR,
        password_hash=hash_password(password),
    )
    _lock_accounts(session)
    if has_accounts(session):
        raise InvalidEntry("Mendline is already set up. Go to the sign-in page.")
    session.add(clinic)
    session.flush()
    session.add(account)
    note_bare_act(session, "clinic.created", clinic_id=clinic.id, actor_id=account.id)
    session.flush()
    return account.id


def create_staff(
    session: Session, access: AdminAccess, *, username: str, display_name: str, role: Role
) -> StartingPassword:
    """
    Make an account for a clinician or administrator of the own clinic.

    Raises:
        InvalidEntry: If an entry cannot be used or the user name is taken.
    """
    if not role.is_staff:
        raise InvalidEntry("Choose clinician, assistant or administrator.")
    row = AccountRow(
        clinic_id=access.clinic_id,
        username=clean_username(username),
        display_name=require_text(display_name, what="name"),
        role=role,
        password_hash="",
        must_change_password=True,
        created_by=access.actor.account_id,
    )
    return _add_account(session, access, row)


def find_patient_account(session: Session, access: PatientAccess) -> AccountSummary | None:
    """Return the account of the patient, or None while there is none."""
    row = session.exec(
        select(AccountRow).where(
            AccountRow.clinic_id == access.clinic_id,
            AccountRow.patient_id == access.patient_id,
            AccountRow.role == Role.PATIENT,
        )
    ).first()
    return None if row is None else summary_of(row)


def _add_account(session: Session, access: AdminAccess, row: AccountRow) -> StartingPassword:
    password = generate_password()
    row.password_hash = hash_password(password)
    row.starting_password_ends_at = utc_now() + STARTING_PASSWORD_LASTS
    # Taken beforehand: a refused insert expires the row.
    account_id, username = row.id, row.username
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        if "username" not in str(error.orig):
            raise
        raise InvalidEntry(tr(USERNAME_TAKEN)) from error
    note_act(session, access.actor, "account.created", subject=str(account_id))
    return StartingPassword(account_id=account_id, username=username, password=password)


def _lock_accounts(session: Session) -> None:
    # On SQLite the transaction of a write excludes every other one already.
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(sa.text("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE"))
