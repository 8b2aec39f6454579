"""Accounts: who may make, close and reset which, and what passwords are taken."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlmodel import Session

from db.accounts import (
    change_password,
    check_password_rules,
    clean_username,
    count_accounts,
    create_first_clinic,
    create_staff,
    list_staff,
    reset_password,
    set_active,
)
from db.auth_sessions import resolve, start_session
from db.engine import Database, reading, writing
from db.models import AccountRow
from db.new_accounts import STARTING_PASSWORD_LASTS
from db.passwords import generate_password, hash_password, needs_rehash, verify_password
from recovery.access import Role, grant_admin
from recovery.errors import AccessDenied, InvalidEntry
from tests.db.acts import all_at_once, entries
from tests.db.signing_in import try_password
from tests.factories import NOW, PASSWORD, ZONE, make_admin_actor
from tests.small_clinic import SmallClinic

FIRST = {
    "clinic_name": "Elm Clinic",
    "time_zone": ZONE,
    "username": " Ann.Admin ",
    "display_name": "Ann",
    "password": PASSWORD,
}


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "at least 12"),
        ("eleven char", "at least 12"),
        ("x" * 1_025, "at most 1,024"),
        ("password1234", "easy to guess"),
        ("aaaaaaaaaaaaaa", "easy to guess"),
        ("ann.admin says hi", "user name"),
    ],
)
def test_weak_passwords_are_refused(password: str, words: str) -> None:
    """Short, endless, common passwords and ones with the user name are refused."""
    with pytest.raises(InvalidEntry, match=words):
        check_password_rules(password, "ann.admin")


@pytest.mark.parametrize("password", ["exactly12chr", "wrong horse but long", "пароль из слов"])
def test_no_kind_of_character_is_demanded(password: str) -> None:
    """Any twelve characters that are not among the first guesses will do."""
    check_password_rules(password, "ann.admin")


def test_hash_meets_the_recommended_cost() -> None:
    """A password is stored as Argon2id with 46 MiB, and weaker hashes are noticed."""
    stored = hash_password(PASSWORD)

    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert needs_rehash(stored.replace("m=47104", "m=8192"))
    assert not verify_password("quiet lantern eight", stored)
    assert not verify_password(PASSWORD, "not a hash")
    assert verify_password(PASSWORD, stored)


def test_starting_passwords_are_long_and_clear() -> None:
    """A generated password passes the rules and holds no look-alike characters."""
    password = generate_password()

    check_password_rules(password, "somebody")
    assert not set(password) & set("0O1lI")


@pytest.mark.parametrize("name", ["", "ab", "x" * 65, "two words", "semi;colon", "nul\x00name"])
def test_odd_user_names_are_refused(name: str) -> None:
    """A user name is short, and made of letters, digits and a few signs."""
    with pytest.raises(InvalidEntry, match="user name"):
        clean_username(name)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("clinic_name", " "),
        ("time_zone", "Mars/Olympus"),
        ("username", "a"),
        ("display_name", ""),
        ("password", "short"),
    ],
)
def test_a_wrong_entry_sets_nothing_up(database: Database, field: str, value: str) -> None:
    """One refused field leaves the database as it was."""
    with pytest.raises(InvalidEntry), writing(database) as session:
        create_first_clinic(session, **FIRST | {field: value})

    with reading(database) as session:
        assert count_accounts(session) == 0


def test_the_first_clinic_is_made_once(session: Session) -> None:
    """The second try is refused, and the first leaves an administrator and an audit entry."""
    account_id = create_first_clinic(session, **FIRST)

    with pytest.raises(InvalidEntry, match="already set up"):
        create_first_clinic(session, **FIRST | {"username": "second"})
    account = session.get_one(AccountRow, account_id)
    assert (account.username, account.role) == ("ann.admin", Role.ADMINISTRATOR)
    assert [entry.action for entry in entries(session)] == ["clinic.created"]


def test_staff_are_not_made_patients(session: Session, clinic: SmallClinic) -> None:
    """A patient's account needs a patient's record."""
    with pytest.raises(InvalidEntry, match="clinician, assistant or administrator"):
        create_staff(
            session,
            grant_admin(clinic.administrator),
            username="someone",
            display_name="Someone",
            role=Role.PATIENT,
        )


def test_a_taken_user_name_is_refused_and_the_rest_stands(
    database: Database, clinic: SmallClinic
) -> None:
    """The refusal leaves the transaction usable, and compares without capitals."""
    access = grant_admin(clinic.administrator)
    with writing(database) as session:
        with pytest.raises(InvalidEntry, match="taken"):
            create_staff(
                session, access, username="CLINICIAN", display_name="B", role=Role.CLINICIAN
            )
        made = create_staff(
            session, access, username="second", display_name="B", role=Role.CLINICIAN
        )

    with reading(database) as session:
        staff = {person.username: person for person in list_staff(session, access)}
        assert set(staff) == {"clinician", "assistant", "administrator", "second"}
        assert staff["second"].must_change_password
        account = session.get_one(AccountRow, made.account_id)
        assert verify_password(made.password, account.password_hash)


def test_staff_of_another_clinic_are_out_of_reach(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """An administrator neither sees, closes nor resets accounts elsewhere, nor patients'."""
    access = grant_admin(clinic.administrator)
    seen = {person.account_id for person in list_staff(session, access)}
    assert seen == {
        actor.account_id for actor in (clinic.clinician, clinic.assistant, clinic.administrator)
    }

    foreign = (other_clinic.clinician.account_id, clinic.patient.account_id, uuid4())
    for account_id in foreign:
        with pytest.raises(AccessDenied):
            reset_password(session, access, account_id)
        with pytest.raises(AccessDenied):
            set_active(session, access, account_id, is_active=False)


def test_two_administrators_cannot_close_each_other(
    database: Database, clinic: SmallClinic
) -> None:
    """At the same time: one is closed, the other stays, and the clinic keeps one."""
    with writing(database) as session:
        second = make_admin_actor(session, clinic.clinic_id, "second")
    pair = (clinic.administrator, second)

    def close(which: int) -> None:
        with writing(database) as session:
            set_active(
                session, grant_admin(pair[which]), pair[1 - which].account_id, is_active=False
            )

    refused = [each for each in all_at_once(close, 2) if each is not None]

    assert [str(each) for each in refused] == [
        "A clinic keeps one administrator. Add another one first."
    ]


def test_a_starting_password_ends_unused(
    session: Session, clinic: SmallClinic, frozen_clock: time_machine.Traveller
) -> None:
    """The last second opens, three days do not; a password of the own has no end."""
    made = reset_password(session, clinic.treating, clinic.patient.account_id)
    frozen_clock.move_to(NOW + STARTING_PASSWORD_LASTS - timedelta(seconds=1))
    assert try_password(session, made.password, username="patient")[1] is not None
    frozen_clock.move_to(NOW + STARTING_PASSWORD_LASTS)
    assert try_password(session, made.password, username="patient")[1] is None

    made = reset_password(session, clinic.treating, clinic.patient.account_id)
    change_password(
        session, clinic.patient.account_id, current=made.password, new="calm river nine stones"
    )
    frozen_clock.move_to(NOW + 10 * STARTING_PASSWORD_LASTS)

    assert try_password(session, "calm river nine stones", username="patient")[1] is not None


def test_nobody_resets_the_own_password(session: Session, clinic: SmallClinic) -> None:
    """The session would end before the new one could be read; there is another way."""
    with pytest.raises(InvalidEntry, match="Your account"):
        reset_password(session, grant_admin(clinic.administrator), clinic.administrator.account_id)


def test_nobody_closes_the_own_account(session: Session, clinic: SmallClinic) -> None:
    """So a clinic keeps an administrator."""
    access = grant_admin(clinic.administrator)

    with pytest.raises(InvalidEntry, match="own account"):
        set_active(session, access, clinic.administrator.account_id, is_active=False)


def test_closing_an_account_ends_its_sessions(session: Session, clinic: SmallClinic) -> None:
    """What is open closes at once, and stays closed when the account opens again."""
    clinician, access = clinic.clinician, grant_admin(clinic.administrator)
    token = start_session(session, clinician.account_id, clinician.role, NOW)

    set_active(session, access, clinician.account_id, is_active=False)
    assert resolve(session, token, NOW) is None
    assert try_password(session, PASSWORD)[1] is None
    set_active(session, access, clinician.account_id, is_active=True)

    assert resolve(session, token, NOW) is None
    assert try_password(session, PASSWORD)[1] is not None


def test_a_clinician_resets_only_the_own_patient(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """The reset ends sessions, demands a new password, and is noted with the patient."""
    patient = clinic.patient
    token = start_session(session, patient.account_id, patient.role, NOW)
    for account_id in (other_clinic.patient.account_id, clinic.administrator.account_id):
        with pytest.raises(AccessDenied):
            reset_password(session, clinic.treating, account_id)
    with pytest.raises(AccessDenied):
        reset_password(session, clinic.own, patient.account_id)

    made = reset_password(session, clinic.treating, patient.account_id)

    assert resolve(session, token, NOW) is None
    opened = try_password(session, made.password, "patient")[1]
    assert opened is not None
    assert opened.must_change_password
    [noted] = [entry for entry in entries(session) if entry.action == "password.reset"]
    assert noted.patient_id == patient.patient_id


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("not the password", "brand new words", "present password"),
        (PASSWORD, "short", "at least 12"),
        (PASSWORD, PASSWORD, "not the present"),
    ],
)
def test_a_refused_password_change_changes_nothing(
    session: Session, clinic: SmallClinic, current: str, new: str, words: str
) -> None:
    """The old password goes on working."""
    with pytest.raises(InvalidEntry, match=words):
        change_password(session, clinic.clinician.account_id, current=current, new=new)

    assert try_password(session, PASSWORD)[1] is not None


def test_a_new_password_ends_every_session(session: Session, clinic: SmallClinic) -> None:
    """Whoever knew the old one is out."""
    clinician = clinic.clinician
    token = start_session(session, clinician.account_id, clinician.role, NOW)

    change_password(session, clinician.account_id, current=PASSWORD, new="brand new words")

    assert resolve(session, token, NOW) is None
    assert try_password(session, PASSWORD)[1] is None
    assert try_password(session, "brand new words")[1] is not None
