"""``python -m db create-admin``: an administrator, also when nobody can sign in any more."""

import argparse
import getpass
import os
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from db.accounts import (
    check_password_rules,
    clean_username,
    create_first_clinic,
    hash_password,
)
from db.audit import note_bare_act
from db.cli import ask, choose_clinic, clinics_in, ready, say
from db.engine import Database, writing
from db.models import AccountRow, ClinicRow
from recovery.access import Role
from recovery.days import zone
from recovery.errors import InvalidEntry
from recovery.text import require_text

PASSWORD_VARIABLE = "MENDLINE_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """Who becomes administrator."""

    username: str
    display_name: str
    password: str


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the answers that can be given on the command line; the rest is asked for."""
    parser.add_argument("--clinic", help="name of the clinic")
    parser.add_argument("--time-zone", help="of a new clinic, such as America/New_York")
    parser.add_argument(
        "--new-clinic", action="store_true", help="make the clinic beside those that are there"
    )
    parser.add_argument("--username", help="name to sign in with")
    parser.add_argument("--name", help="name as others see it")


def run(asked: argparse.Namespace) -> None:
    """
    Make an administrator, with a clinic when there is none or another is asked for.

    Raises:
        InvalidEntry: Naming what to change.
        DatabaseUnavailable: If the database cannot be used.
    """
    with ready() as database:
        username = _make(database, asked)
    say(f"{username} can sign in as administrator now.")


def _make(database: Database, asked: argparse.Namespace) -> str:
    clinics = clinics_in(database)
    is_new = asked.new_clinic or not clinics
    clinic_id = None if is_new else choose_clinic(clinics, asked.clinic)
    clinic_name = (asked.clinic or ask("Name of the clinic: ")) if is_new else ""
    time_zone = (asked.time_zone or ask("Time zone (America/New_York): ")) if is_new else ""
    _refuse_namesake(clinics, clinic_name)
    entry = _Entry(
        username=clean_username(asked.username or ask("User name: ")),
        display_name=asked.name or ask("Name as others see it: "),
        password=_password(),
    )
    with writing(database) as session:
        if not clinics:
            _add_first(session, clinic_name, time_zone, entry)
        else:
            _add(session, clinic_id or _add_clinic(session, clinic_name, time_zone), entry)
    return entry.username


def _refuse_namesake(clinics: list[tuple[UUID, str]], name: str) -> None:
    # Here a clinic is named by its name alone.
    if any(name.strip() == taken for _, taken in clinics):
        raise InvalidEntry("There is a clinic of that name already. Choose another name.")


def _password() -> str:
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    try:
        typed = getpass.getpass("Password: ")
        again = getpass.getpass("The same again: ")
    except EOFError as error:
        raise InvalidEntry(
            f"A password is missing. Set {PASSWORD_VARIABLE}, or type it in a terminal."
        ) from error
    if typed != again:
        raise InvalidEntry("The two passwords differ. Type the same one twice.")
    return typed


def _add_first(session: Session, clinic_name: str, time_zone: str, entry: _Entry) -> None:
    create_first_clinic(
        session,
        clinic_name=clinic_name,
        time_zone=time_zone.strip(),
        username=entry.username,
        display_name=entry.display_name,
        password=entry.password,
    )


def _add_clinic(session: Session, name: str, time_zone: str) -> UUID:
    clinic = ClinicRow(
        name=require_text(name, what="name of the clinic"), time_zone=zone(time_zone.strip()).key
    )
    session.add(clinic)
    session.flush()
    note_bare_act(session, "clinic.created", clinic_id=clinic.id)
    return clinic.id


def _add(session: Session, clinic_id: UUID, entry: _Entry) -> None:
    check_password_rules(entry.password, entry.username)
    row = AccountRow(
        clinic_id=clinic_id,
        username=entry.username,
        display_name=require_text(entry.display_name, what="name of the administrator"),
        role=Role.ADMINISTRATOR,
        password_hash=hash_password(entry.password),
    )
    account_id = row.id
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        if "username" not in str(error.orig):
            raise
        raise InvalidEntry("That user name is taken. Choose another.") from error
    # Made at the terminal, so nobody who is signed in stands behind it.
    note_bare_act(session, "account.created", clinic_id=clinic_id, subject=str(account_id))
