"""Passkeys: whose they are, what their counts tell, and that nobody locks themselves out."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select, update

from db.accounts import reset_password
from db.auth_sessions import resolve, start_session
from db.engine import Database, writing
from db.models import AccountRow, PasskeyRow
from db.passkeys import (
    MAX_PER_ACCOUNT,
    ONLY_WAY_IN,
    NewPasskey,
    PasskeyUse,
    add_passkey,
    find_public_key,
    has_password,
    list_passkeys,
    note_refusal,
    open_by_passkey,
    prove_by_passkey,
    remove_passkey,
)
from db.passwords import no_password, verify_password
from recovery.access import Actor, Role
from recovery.errors import InvalidEntry
from recovery.sign_in import SignInWay
from tests.db.acts import acts, all_at_once, entries
from tests.factories import NOW, PASSWORD
from tests.small_clinic import SmallClinic

LATER = NOW + timedelta(days=1)


def _add(session: Session, actor: Actor, key: str = "key", count: int = 0) -> bool:
    new = NewPasskey(credential_id=key, public_key=b"public", sign_count=count)
    return add_passkey(session, actor.account_id, new, "My phone", NOW)


def _use(actor: Actor, key: str = "key", count: int = 0) -> PasskeyUse:
    return PasskeyUse(credential_id=key, sign_count=count, user_handle=actor.account_id.bytes)


def _without_password(session: Session, actor: Actor) -> None:
    session.get_one(AccountRow, actor.account_id).password_hash = no_password()
    session.flush()


def test_a_passkey_opens_its_owners_account(session: Session, clinic: SmallClinic) -> None:
    """It is listed, its last use is kept, and both are in the audit."""
    assert list_passkeys(session, clinic.patient.account_id) == []
    assert _add(session, clinic.patient)
    assert find_public_key(session, "key") == b"public"

    opened = open_by_passkey(session, _use(clinic.patient), LATER)

    assert opened is not None
    assert (opened.account_id, opened.role) == (clinic.patient.account_id, Role.PATIENT)
    [listed] = list_passkeys(session, clinic.patient.account_id)
    assert (listed.name, listed.created_at, listed.last_used_at) == ("My phone", NOW, LATER)
    assert acts(session) == Counter({"passkey.added": 1, "sign_in.accepted": 1})


def test_a_passkey_that_is_not_known_opens_nothing(session: Session, clinic: SmallClinic) -> None:
    """Nobody is beside it in the audit."""
    assert find_public_key(session, "key") is None
    assert open_by_passkey(session, _use(clinic.patient), NOW) is None

    [entry] = [each for each in entries(session) if each.action == "passkey.refused"]
    assert (entry.actor_id, entry.clinic_id, entry.subject) == (None, None, "")


@pytest.mark.parametrize("handle", [None, b"", "carer"])
def test_a_device_has_to_name_the_owner(
    session: Session, clinic: SmallClinic, handle: bytes | str | None
) -> None:
    """One that names nobody, or somebody else, opens nothing; it is noted beside the owner."""
    _add(session, clinic.patient)
    named = clinic.carer.account_id.bytes if isinstance(handle, str) else handle
    use = PasskeyUse(credential_id="key", sign_count=0, user_handle=named)

    assert open_by_passkey(session, use, NOW) is None
    assert acts(session)["passkey.refused"] == 1
    assert entries(session)[-1].actor_id == clinic.patient.account_id


def test_a_closed_account_stays_closed(session: Session, clinic: SmallClinic) -> None:
    """The passkey stays valid as such, and its count is not touched."""
    _add(session, clinic.carer)
    session.get_one(AccountRow, clinic.carer.account_id).is_active = False

    assert open_by_passkey(session, _use(clinic.carer, count=7), NOW) is None
    assert acts(session)["passkey.refused"] == 1
    assert session.exec(select(PasskeyRow.sign_count)).one() == 0


@pytest.mark.parametrize(
    ("stored", "sent", "is_taken"),
    [(0, 0, True), (0, 1, True), (4, 5, True), (4, 4, False), (4, 3, False), (4, 0, False)],
)
def test_a_count_of_uses_only_rises(
    session: Session, clinic: SmallClinic, stored: int, sent: int, is_taken: bool
) -> None:
    """Devices that do not count send 0 always; one that stops counting is refused as a copy."""
    _add(session, clinic.patient, count=stored)

    assert (open_by_passkey(session, _use(clinic.patient, count=sent), NOW) is not None) is is_taken
    assert session.exec(select(PasskeyRow.sign_count)).one() == (sent if is_taken else stored)
    refused = [each.reason for each in entries(session) if each.action == "passkey.refused"]
    assert refused == ([] if is_taken else ["its count of uses went back"])


def test_of_twenty_uses_with_one_count_one_succeeds(
    database: Database, clinic: SmallClinic
) -> None:
    """A copied device is refused also when it comes at the same time."""
    with writing(database) as session:
        _add(session, clinic.patient)

    def use(_which: int) -> bool:
        with writing(database) as session:
            return open_by_passkey(session, _use(clinic.patient, count=1), NOW) is not None

    assert Counter(all_at_once(use, 20)) == {False: 19, True: 1}


def test_a_passkey_is_one_accounts(session: Session, clinic: SmallClinic) -> None:
    """Whoever sends another's as new gets nothing."""
    assert _add(session, clinic.patient)
    assert not _add(session, clinic.carer)

    assert list_passkeys(session, clinic.carer.account_id) == []
    assert acts(session)["passkey.added"] == 1


def test_of_twenty_accounts_that_claim_one_passkey_one_gets_it(
    database: Database, clinic: SmallClinic
) -> None:
    """The database holds the rule, so that no race gets by."""
    people = [clinic.patient, clinic.carer, clinic.clinician, clinic.assistant]

    def claim(which: int) -> bool:
        with writing(database) as session:
            return _add(session, people[which % len(people)])

    assert Counter(all_at_once(claim, 20)) == {False: 19, True: 1}


def test_an_account_has_not_endless_passkeys(session: Session, clinic: SmallClinic) -> None:
    """The one too many is refused in one sentence."""
    for number in range(MAX_PER_ACCOUNT):
        _add(session, clinic.patient, f"key {number}")

    with pytest.raises(InvalidEntry, match="Remove one"):
        _add(session, clinic.patient, "one too many")


@pytest.mark.parametrize("name", ["", " \n", "x" * 61, "nul\x00"])
def test_a_name_is_one_that_can_be_read(session: Session, clinic: SmallClinic, name: str) -> None:
    """Empty, endless and unstorable ones are refused."""
    new = NewPasskey(credential_id="key", public_key=b"public", sign_count=0)

    with pytest.raises(InvalidEntry, match="name of the passkey"):
        add_passkey(session, clinic.patient.account_id, new, name, NOW)


def test_removing_one_ends_the_other_sessions(session: Session, clinic: SmallClinic) -> None:
    """The device may be in other hands; the session that acts goes on, other people's too."""
    _add(session, clinic.patient)
    tokens = [
        start_session(session, actor.account_id, actor.role, NOW, way=SignInWay.PASSKEY)
        for actor in (clinic.patient, clinic.patient, clinic.carer)
    ]
    acting = resolve(session, tokens[0], NOW)
    assert acting is not None

    remove_passkey(session, acting.actor, "key", NOW)

    assert list_passkeys(session, clinic.patient.account_id) == []
    assert [resolve(session, token, NOW) is not None for token in tokens] == [True, False, True]
    assert open_by_passkey(session, _use(clinic.patient), NOW) is None
    removed = next(each for each in entries(session) if each.action == "passkey.removed")
    assert (removed.subject, removed.session_id) == ("key", acting.actor.session_id)


@pytest.mark.parametrize("key", ["other", "no such key", ""])
def test_only_an_own_passkey_is_removed(session: Session, clinic: SmallClinic, key: str) -> None:
    """Another's is answered like one that is not there."""
    _add(session, clinic.patient)
    _add(session, clinic.carer, "other")

    with pytest.raises(InvalidEntry, match="removed already"):
        remove_passkey(session, clinic.patient, key, NOW)
    assert len(list_passkeys(session, clinic.carer.account_id)) == 1


def test_the_only_way_in_stays(session: Session, clinic: SmallClinic) -> None:
    """Without a password the last passkey is kept; with a second one, or a password, it goes."""
    _add(session, clinic.patient)
    _without_password(session, clinic.patient)
    assert not has_password(session, clinic.patient.account_id)

    with pytest.raises(InvalidEntry) as refused:
        remove_passkey(session, clinic.patient, "key", NOW)
    assert str(refused.value) == ONLY_WAY_IN
    _add(session, clinic.patient, "second")
    remove_passkey(session, clinic.patient, "key", NOW)
    assert [each.credential_id for each in list_passkeys(session, clinic.patient.account_id)] == [
        "second"
    ]
    assert has_password(session, clinic.carer.account_id)
    _add(session, clinic.carer, "with password")
    remove_passkey(session, clinic.carer, "with password", NOW)


def test_a_new_first_password_ends_the_passkeys(session: Session, clinic: SmallClinic) -> None:
    """Whoever lost the phone asks for one; what the phone holds must open nothing then."""
    _add(session, clinic.patient)

    reset_password(session, clinic.treating, clinic.patient.account_id)

    assert list_passkeys(session, clinic.patient.account_id) == []
    assert open_by_passkey(session, _use(clinic.patient), LATER) is None


def test_two_passkeys_are_not_removed_at_once(database: Database, clinic: SmallClinic) -> None:
    """Each sees that the other would be the last; one of them stays."""
    with writing(database) as session:
        _without_password(session, clinic.patient)
        for key in ("0", "1"):
            _add(session, clinic.patient, key)

    def remove(which: int) -> None:
        with writing(database) as session:
            remove_passkey(session, clinic.patient, str(which % 2), NOW)

    refused = [each for each in all_at_once(remove, 8) if each is not None]
    assert len(refused) == 7
    with writing(database) as session:
        assert len(list_passkeys(session, clinic.patient.account_id)) == 1


def test_a_passkey_proves_that_its_owner_is_still_here(
    session: Session, clinic: SmallClinic
) -> None:
    """With or without naming the owner; another's proves nothing, and neither does a copy."""
    _add(session, clinic.patient)
    _add(session, clinic.carer, "other", count=3)
    silent = PasskeyUse(credential_id="key", sign_count=0, user_handle=None)

    assert prove_by_passkey(session, clinic.patient, _use(clinic.patient), NOW)
    assert prove_by_passkey(session, clinic.patient, silent, NOW)
    assert not prove_by_passkey(session, clinic.patient, _use(clinic.carer), NOW)
    assert not prove_by_passkey(session, clinic.patient, _use(clinic.carer, "other", 4), NOW)
    assert not prove_by_passkey(session, clinic.patient, _use(clinic.patient, "none"), NOW)
    assert not prove_by_passkey(session, clinic.carer, _use(clinic.carer, "other", 3), NOW)
    assert acts(session)["passkey.refused"] == 4


def test_a_refusal_is_noted_with_or_without_an_owner(session: Session, clinic: SmallClinic) -> None:
    """What somebody made up is not copied into the audit."""
    _add(session, clinic.patient)
    note_refusal(session, "key")
    note_refusal(session, "made up")

    noted = [each for each in entries(session) if each.action == "passkey.refused"]
    assert {(each.actor_id, each.subject) for each in noted} == {
        (clinic.patient.account_id, "key"),
        (None, ""),
    }


def test_no_password_is_behind_no_password(session: Session, clinic: SmallClinic) -> None:
    """Every account has one of its own, which opens by nothing and is no hash of something."""
    stored = [no_password(), no_password()]

    assert stored[0] != stored[1]
    assert not any(verify_password(guess, each) for each in stored for guess in ("", "!", PASSWORD))
    session.exec(
        update(AccountRow)
        .where(col(AccountRow.id) == clinic.patient.account_id)
        .values(
            password_hash="!" + session.get_one(AccountRow, clinic.carer.account_id).password_hash
        )
    )
    changed = session.get_one(AccountRow, clinic.patient.account_id, populate_existing=True)
    assert not verify_password(PASSWORD, changed.password_hash)
