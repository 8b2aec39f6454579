"""Invitations: single use, expiring, for one record, and safe against races."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from db.accounts import find_patient_account, reset_password
from db.auth_sessions import resolve, start_session
from db.carers import end_carer, list_carers
from db.engine import Database, reading, writing
from db.events import add_event, list_events, withdraw_event
from db.invitations import (
    LIFETIME,
    UNUSABLE,
    Invitation,
    NewAccount,
    Offer,
    find_offer,
    invite,
    list_open_invitations,
    redeem,
    revoke_invitations,
)
from db.models import AccountRow, InvitationRow
from recovery.access import Actor, PatientAccess, Role, grant_patient
from recovery.errors import AccessDenied, InvalidEntry
from recovery.reports import Event, EventKind
from tests.db.acts import acts, all_at_once
from tests.factories import NOW, make_patient
from tests.small_clinic import SmallClinic

SECOND = timedelta(seconds=1)


@pytest.fixture
def newcomer(session: Session, clinic: SmallClinic) -> PatientAccess:
    """Return the clinician's access to an enrolled person without an account."""
    return make_patient(session, clinic.clinician, name="Ash Grove")


def _chosen(username: str = "ash-1948", name: str = "") -> NewAccount:
    return NewAccount(username=username, display_name=name, password_hash="hash")


def _invite(session: Session, access: PatientAccess, role: Role = Role.PATIENT) -> Invitation:
    return invite(session, access, role, NOW)


def test_a_code_makes_the_account_of_its_patient(
    session: Session, clinic: SmallClinic, newcomer: PatientAccess
) -> None:
    """Bound to the record it was made for, under the name on record, and noted."""
    made = _invite(session, newcomer)
    assert find_offer(session, made.code, NOW) == Offer(clinic_name="Oak Clinic", role=Role.PATIENT)

    opened = redeem(session, f" {made.code.lower()} ", _chosen("Ash-1948"), NOW)

    row = session.get_one(AccountRow, opened.account_id)
    assert (row.patient_id, row.clinic_id) == (newcomer.patient_id, clinic.clinic_id)
    assert (row.role, row.username, row.display_name) == (Role.PATIENT, "ash-1948", "Ash Grove")
    assert not row.must_change_password
    assert acts(session) == {"invitation.made": 1, "invitation.used": 1}


def test_the_code_is_not_stored(session: Session, newcomer: PatientAccess) -> None:
    """The database alone lets nobody in; what is handed over is long enough not to be guessed."""
    made = _invite(session, newcomer)
    row = session.exec(select(InvitationRow)).one()

    assert made.code.replace("-", "") not in repr(row)
    assert len(made.code.replace("-", "")) == 16


@pytest.mark.parametrize("state", ["wrong", "used", "revoked", "expired", "newer"])
def test_what_opens_nothing_is_refused_in_the_same_words(
    session: Session, newcomer: PatientAccess, state: str
) -> None:
    """Nobody learns from the refusal whether there ever was such a code."""
    made, now = _invite(session, newcomer), NOW
    code = made.code
    if state == "wrong":
        code = "AAAA-BBBB-CCCC-DDDD"
    elif state == "used":
        redeem(session, code, _chosen(), NOW)
    elif state == "revoked":
        revoke_invitations(session, newcomer, Role.PATIENT, NOW)
    elif state == "expired":
        now = made.expires_at
    else:
        _invite(session, newcomer)

    assert find_offer(session, code, now) is None
    with pytest.raises(InvalidEntry) as refusal:
        redeem(session, code, _chosen("other"), now)
    assert str(refusal.value) == UNUSABLE


def test_the_last_second_still_opens(session: Session, newcomer: PatientAccess) -> None:
    """The limit itself does not."""
    made = _invite(session, newcomer)

    assert made.expires_at == NOW + LIFETIME[Role.PATIENT]
    offer = find_offer(session, made.code, made.expires_at - SECOND)
    assert offer == Offer(clinic_name="Oak Clinic", role=Role.PATIENT)


@pytest.mark.parametrize("username", ["", "ab", "a" * 65, "ash grove", "clinician"])
def test_a_refused_name_leaves_the_code_as_it_was(
    database: Database, clinic: SmallClinic, username: str
) -> None:
    """Too short, too long, with a space, or taken: the person chooses another and goes on."""
    with writing(database) as session:
        access = make_patient(session, clinic.clinician)
        made = _invite(session, access)

    with pytest.raises(InvalidEntry), writing(database) as session:
        redeem(session, made.code, _chosen(username), NOW)

    with writing(database) as session:
        assert redeem(session, made.code, _chosen(), NOW).username == "ash-1948"


def test_of_twenty_at_once_one_gets_in(database: Database, clinic: SmallClinic) -> None:
    """The others are refused in the words for a used code, and make no account."""
    with writing(database) as session:
        access = make_patient(session, clinic.clinician)
        made = _invite(session, access)

    def use(which: int) -> str:
        with writing(database) as session:
            return redeem(session, made.code, _chosen(f"person-{which}"), NOW).username

    results = all_at_once(use)

    refused = [result for result in results if isinstance(result, InvalidEntry)]
    assert [str(each) for each in refused] == [UNUSABLE] * 19
    with reading(database) as session:
        found = find_patient_account(session, access)
        assert found is not None
        assert found.username in results


def test_who_has_an_account_is_not_invited_again(session: Session, clinic: SmallClinic) -> None:
    """Such a person gets a new password instead."""
    with pytest.raises(InvalidEntry, match="already has an account"):
        _invite(session, clinic.treating)


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("own", Role.PATIENT),
        ("carer", Role.PATIENT),
        ("carer", Role.CARER),
        ("treating", Role.CARER),
        ("treating", Role.CLINICIAN),
        ("own", Role.ADMINISTRATOR),
    ],
)
def test_who_may_not_invite_is_refused(
    session: Session, clinic: SmallClinic, who: str, role: Role
) -> None:
    """Staff invite patients, patients invite carers, and nobody anybody else."""
    carer = grant_patient(
        clinic.carer, patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id
    )
    access = {"own": clinic.own, "treating": clinic.treating, "carer": carer}[who]

    with pytest.raises(AccessDenied):
        _invite(session, access, role)
    with pytest.raises(AccessDenied):
        revoke_invitations(session, access, role, NOW)
    assert list_open_invitations(session, access, NOW) == []


def test_nobody_is_invited_for_a_record_that_is_not_there(
    session: Session, clinic: SmallClinic
) -> None:
    """An access to another clinic's or no patient's record makes no code."""
    nobody = grant_patient(clinic.clinician, patient_id=uuid4(), clinic_id=clinic.clinic_id)

    with pytest.raises(AccessDenied):
        _invite(session, nobody)


def _carer(session: Session, clinic: SmallClinic, name: str = "Fir Grove") -> Actor:
    made = _invite(session, clinic.own, Role.CARER)
    opened = redeem(session, made.code, _chosen("fir", name), NOW)
    row = session.get_one(AccountRow, opened.account_id)
    return Actor(
        account_id=row.id,
        clinic_id=row.clinic_id,
        role=row.role,
        display_name=row.display_name,
        patient_id=row.patient_id,
        session_id=uuid4(),
    )


def test_a_carer_reaches_the_record_of_whoever_asked(session: Session, clinic: SmallClinic) -> None:
    """Under an own name, beside the patient's own account."""
    carer = _carer(session, clinic)

    assert carer.role is Role.CARER
    assert carer.patient_id == clinic.own.patient_id
    assert "Fir Grove" in [each.display_name for each in list_carers(session, clinic.own)]
    found = find_patient_account(session, clinic.treating)
    assert found is not None
    assert found.username == "patient"


def test_a_carer_needs_a_name(session: Session, clinic: SmallClinic) -> None:
    """Every entry says who made it."""
    with pytest.raises(InvalidEntry, match="Enter the name"):
        _carer(session, clinic, name="  ")


def test_ending_help_ends_it_at_once(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Open sessions too; only the patient may, and only for own carers."""
    token = start_session(session, clinic.carer.account_id, Role.CARER, NOW)
    for access in (clinic.treating, other_clinic.own):
        with pytest.raises(AccessDenied):
            end_carer(session, access, clinic.carer.account_id, NOW)
    with pytest.raises(AccessDenied):
        end_carer(session, clinic.own, clinic.patient.account_id, NOW)
    assert resolve(session, token, NOW) is not None

    end_carer(session, clinic.own, clinic.carer.account_id, NOW)

    assert resolve(session, token, NOW) is None
    assert list_carers(session, clinic.own) == []
    assert acts(session) == {"carer.ended": 1}


def test_of_letters_made_at_once_one_opens(database: Database, clinic: SmallClinic) -> None:
    """A double click leaves one open code, and the record never gets a second account."""
    with writing(database) as session:
        access = make_patient(session, clinic.clinician)

    def make(_which: int) -> str:
        with writing(database) as session:
            return _invite(session, access).code

    codes = all_at_once(make, 8)
    with reading(database) as session:
        assert len(list_open_invitations(session, access, NOW)) == 1

    def use(which: int) -> str:
        with writing(database) as session:
            return redeem(session, str(codes[which]), _chosen(f"person-{which}"), NOW).username

    used = [each for each in all_at_once(use, 8) if isinstance(each, str)]
    assert len(used) == 1


def test_the_database_keeps_a_patient_to_one_account(session: Session, clinic: SmallClinic) -> None:
    """However a second one would come about; carers are no such account."""
    row = session.get_one(AccountRow, clinic.patient.account_id)
    second = AccountRow(**row.model_dump(exclude={"id", "username"}), username="second")

    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(second)


def test_a_carer_takes_back_only_what_the_carer_recorded(
    session: Session, clinic: SmallClinic
) -> None:
    """A fall that the patient told of stays for the clinician to see."""
    carer = grant_patient(
        clinic.carer, patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id
    )
    for access in (clinic.own, carer):
        fall = Event(kind=EventKind.FALL, occurred_at=NOW)
        add_event(session, access, fall, idempotency_key=uuid4(), now=NOW)
    by = {each.recorded_by: each.event_id for each in list_events(session, clinic.own)}
    theirs, own = by[clinic.patient.account_id], by[clinic.carer.account_id]
    assert theirs is not None
    assert own is not None

    with pytest.raises(AccessDenied):
        withdraw_event(session, carer, theirs, NOW)
    withdraw_event(session, carer, own, NOW)

    withdrawn = {each.event_id for each in list_events(session, clinic.own) if each.is_withdrawn}
    assert withdrawn == {own}


def test_staff_make_no_password_for_a_carer(session: Session, clinic: SmallClinic) -> None:
    """Else somebody at the clinic could enter as the carer."""
    with pytest.raises(AccessDenied):
        reset_password(session, clinic.treating, clinic.carer.account_id)
