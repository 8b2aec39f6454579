"""Sessions: what opens them, what ends them, and what is stored of them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from db.auth_sessions import (
    ABSOLUTE_LIMIT,
    IDLE_LIMIT,
    actor_of,
    resolve,
    resolve_id,
    revoke,
    revoke_all,
    start_session,
    touch,
)
from db.models import AccountRow, AuthSessionRow
from recovery.access import Actor, Role
from tests.factories import NOW
from tests.small_clinic import SmallClinic

SECOND = timedelta(seconds=1)


def _start(session: Session, actor: Actor) -> str:
    return start_session(session, actor.account_id, actor.role, NOW)


@pytest.mark.parametrize("token", ["", "unknown", "nul\x00", "x" * 10_000])
def test_an_unknown_token_opens_nothing(session: Session, clinic: SmallClinic, token: str) -> None:
    """A guess is no session, whatever it holds."""
    assert resolve(session, token, NOW) is None
    assert resolve_id(session, uuid4(), NOW) is None


def test_the_token_is_not_stored(session: Session, clinic: SmallClinic) -> None:
    """The database alone lets nobody sign in."""
    token = _start(session, clinic.patient)

    row = session.exec(select(AuthSessionRow)).one()
    assert len(token) >= 43
    assert token not in repr(row)


@pytest.mark.parametrize("role", list(Role))
def test_a_session_ends_after_its_idle_time(
    session: Session, clinic: SmallClinic, role: Role
) -> None:
    """One second less is open; the limit itself is not."""
    people = (clinic.patient, clinic.carer, clinic.assistant, clinic.clinician)
    actor = {person.role: person for person in people}.get(role, clinic.administrator)
    token = _start(session, actor)

    assert resolve(session, token, NOW + IDLE_LIMIT[role]) is None
    assert resolve(session, token, NOW + IDLE_LIMIT[role] - SECOND) is not None


def test_a_session_ends_however_busy(session: Session, clinic: SmallClinic) -> None:
    """Acting keeps it open, but never past the absolute limit."""
    token = _start(session, clinic.patient)
    session_id = session.exec(select(AuthSessionRow.id)).one()
    last = NOW + ABSOLUTE_LIMIT[Role.PATIENT] - SECOND

    touch(session, session_id, last)

    assert resolve(session, token, last) is not None
    assert resolve(session, token, last + SECOND) is None


def test_touches_are_written_once_a_minute(session: Session, clinic: SmallClinic) -> None:
    """Pressing many buttons does not write many rows."""
    token = _start(session, clinic.patient)
    row = session.exec(select(AuthSessionRow)).one()

    touch(session, row.id, NOW + timedelta(seconds=59))
    session.refresh(row)
    assert row.last_seen_at == NOW
    info = resolve(session, token, NOW + timedelta(seconds=60))
    assert info is not None
    assert info.needs_touch

    touch(session, row.id, NOW + timedelta(seconds=60))
    session.refresh(row)
    assert row.last_seen_at == NOW + timedelta(seconds=60)


def test_ending_one_session_leaves_the_other(session: Session, clinic: SmallClinic) -> None:
    """Signing out on the phone does not sign out the desk; ending all does."""
    first, second = _start(session, clinic.clinician), _start(session, clinic.clinician)
    found = resolve(session, first, NOW)
    assert found is not None

    revoke(session, found.actor.session_id, NOW)
    assert resolve(session, first, NOW) is None
    assert resolve(session, second, NOW) is not None

    revoke_all(session, clinic.clinician.account_id, NOW)
    assert resolve(session, second, NOW) is None


def test_an_ended_session_is_not_touched_back(session: Session, clinic: SmallClinic) -> None:
    """A late act does not revive it."""
    token = _start(session, clinic.patient)
    session_id = session.exec(select(AuthSessionRow.id)).one()

    revoke(session, session_id)
    touch(session, session_id, NOW + timedelta(minutes=2))

    assert resolve(session, token, NOW + timedelta(minutes=2)) is None


def test_a_closed_account_has_no_actor(session: Session, clinic: SmallClinic) -> None:
    """Access ends with the account, at the next look."""
    _start(session, clinic.patient)
    session_id = session.exec(select(AuthSessionRow.id)).one()
    session.get_one(AccountRow, clinic.patient.account_id).is_active = False
    session.flush()

    assert actor_of(session, session_id, NOW) is None


def test_a_starting_password_gives_no_actor(session: Session, clinic: SmallClinic) -> None:
    """Until the own password is set, the session is known but acts for nobody."""
    token = _start(session, clinic.patient)
    session.get_one(AccountRow, clinic.patient.account_id).must_change_password = True
    session.flush()

    info = resolve(session, token, NOW)
    assert info is not None
    assert info.must_change_password
    assert actor_of(session, info.actor.session_id, NOW) is None


def test_the_actor_is_read_anew(session: Session, clinic: SmallClinic) -> None:
    """A new name shows at the next look, and the session is the one that acts."""
    _start(session, clinic.patient)
    session_id = session.exec(select(AuthSessionRow.id)).one()
    session.get_one(AccountRow, clinic.patient.account_id).display_name = "New Name"
    session.flush()

    actor = actor_of(session, session_id, NOW)

    assert actor is not None
    assert (actor.display_name, actor.session_id) == ("New Name", session_id)
    assert (actor.patient_id, actor.clinic_id) == (clinic.patient.patient_id, clinic.clinic_id)
