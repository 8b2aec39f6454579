"""``python -m db demo``: a demo clinic in the configured database."""

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from sqlmodel import Session

from db.accounts import StartingPassword, reset_password
from db.cli import ready, say
from db.demo import fill_demo, find_demo_account
from db.demo_people import DEMO_ZONE
from db.engine import writing
from db.models import AccountRow
from db.patients import authorize
from recovery.access import Actor, Role, grant_admin
from recovery.days import today_in
from recovery.errors import AccessDenied


def run(_asked: argparse.Namespace) -> None:
    """
    Fill the database with the demo clinic as of today, and say how to sign in.

    Raises:
        InvalidEntry: If it holds a demo clinic already.
        DatabaseUnavailable: If it cannot be used.
    """
    with ready() as database:
        clinic = fill_demo(database, today_in(DEMO_ZONE, datetime.now(UTC)))
        with writing(database) as session:
            passwords = _starting_passwords(session)
    say(f"A demo clinic with {clinic.patients} made-up patients was added.")
    say("Sign in with one of these names; each asks for a password of your own first.")
    for made in passwords:
        say(f"  {made.username:<20} {made.password}")
    say("To look around without signing in, stop here and run: uv run app.py --demo")


def _starting_passwords(session: Session) -> list[StartingPassword]:
    people = {role: _actor(session, role) for role in Role}
    patient_id = people[Role.PATIENT].patient_id
    if patient_id is None:
        raise AccessDenied
    # Made at the terminal: nobody of the clinic stands behind it, who could not reset themselves.
    running = grant_admin(replace(people[Role.ADMINISTRATOR], account_id=uuid4()))
    treating = authorize(session, people[Role.CLINICIAN], patient_id)
    return [
        reset_password(session, running if role.is_staff else treating, actor.account_id)
        for role, actor in people.items()
        if role is not Role.CARER  # let in by the patient alone
    ]


def _actor(session: Session, role: Role) -> Actor:
    row = session.get(AccountRow, find_demo_account(session, role))
    if row is None:
        raise AccessDenied
    return Actor(
        account_id=row.id,
        clinic_id=row.clinic_id,
        role=row.role,
        display_name=row.display_name,
        patient_id=row.patient_id,
        session_id=uuid4(),
    )
