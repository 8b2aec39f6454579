"""A clinic's own provider, and whom its accounts open."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, col, select, update

from db.auth_sessions import resolve, start_session
from db.engine import Database, writing
from db.identities import (
    Identity,
    link_identity,
    list_identities,
    open_by_identity,
    unlink_identity,
)
from db.models import AccountRow, AuditRow, IdentityProviderRow, IdentityRow
from db.providers import (
    Provider,
    ProviderChoice,
    clean_issuer,
    find_provider,
    list_providers,
    remove_provider,
    set_provider,
)
from recovery.access import Actor
from recovery.errors import AccessDenied, InvalidEntry
from recovery.sign_in import SignInWay
from tests.db.acts import acts, all_at_once, entries
from tests.factories import NOW
from tests.small_clinic import SmallClinic

ISSUER = "https://id.oak.example"
SECRET = "canary-of-the-client-secret-71"
ROWAN = Identity(issuer=ISSUER, subject="s-1")


def _provider(clinic: SmallClinic, **changes: Any) -> Provider:
    made = Provider(
        clinic_id=clinic.clinic_id,
        name="Oak staff",
        issuer=ISSUER,
        client_id="mendline",
        secret=SECRET,
    )
    return replace(made, **changes)


def _linked(session: Session, actor: Actor, identity: Identity = ROWAN) -> None:
    assert link_identity(session, actor, identity, NOW)


def test_a_provider_is_found_as_it_was_set(session: Session, clinic: SmallClinic) -> None:
    """Spaces around what was typed are left out; strangers see its name alone."""
    assert find_provider(session, clinic.clinic_id) is None
    set_provider(session, _provider(clinic, name=" Oak staff ", client_id=" mendline "))

    assert find_provider(session, clinic.clinic_id) == _provider(clinic)
    assert list_providers(session) == [ProviderChoice(clinic_id=clinic.clinic_id, name="Oak staff")]


def test_the_secret_cannot_be_read_from_the_database(session: Session, clinic: SmallClinic) -> None:
    """It is sealed, and stands neither in the audit nor in what logs would show."""
    set_provider(session, _provider(clinic))

    stored = repr(session.exec(select(IdentityProviderRow)).one()) + repr(entries(session))
    assert SECRET not in stored
    assert SECRET not in repr(find_provider(session, clinic.clinic_id))


def test_what_changes_stands_in_the_audit(session: Session, clinic: SmallClinic) -> None:
    """Old and new, and nobody signed in stands behind it."""
    set_provider(session, _provider(clinic))
    set_provider(session, _provider(clinic, name="Oak"))
    remove_provider(session, clinic.clinic_id)

    noted = [row for row in entries(session) if row.action.startswith("provider.")]
    assert [row.action for row in noted] == ["provider.set", "provider.set", "provider.removed"]
    assert ('"name": "Oak staff"' in noted[1].old, '"name": "Oak"' in noted[1].new) == (True, True)
    assert {(row.clinic_id, row.actor_id) for row in noted} == {(clinic.clinic_id, None)}


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "id.oak.example",
        "http://id.oak.example",
        "https://",
        "https:///x",
        "ftp://id.oak.example",
        "https://a:b@id.oak.example",
        "https://id.oak.example?x=1",
        "https://id.oak.example#x",
        "https://id.oak.example/a b",
        "https://id.oak.example\\@evil.example",
        "https://id.oak.example:99999",
        "https://[x",
        "https://id.öak.example",
        "https://id.oak.example/\x00",
        "http://127.0.0.1.evil.example",
        "http://localhost@evil.example",
        "https://id.oak.example/" + "x" * 500,
    ],
)
def test_an_issuer_is_an_address_that_nobody_reads_along(issuer: str) -> None:
    """Anything else is refused before it is stored."""
    with pytest.raises(InvalidEntry):
        clean_issuer(issuer)


@pytest.mark.parametrize(
    "issuer",
    [ISSUER, f"{ISSUER}/", f"{ISSUER}:8443/realms/oak", "http://127.0.0.1:1", "http://[::1]:1"],
)
def test_an_issuer_is_kept_to_the_letter(issuer: str) -> None:
    """The provider has to name itself so; plain HTTP only on this machine."""
    assert clean_issuer(f" {issuer} ") == issuer


@pytest.mark.parametrize("field", ["name", "issuer", "client_id", "secret"])
def test_nothing_of_a_provider_may_be_missing(
    session: Session, clinic: SmallClinic, field: str
) -> None:
    """And what stood there stays."""
    set_provider(session, _provider(clinic))

    with pytest.raises(InvalidEntry):
        set_provider(session, _provider(clinic, **{field: " "}))
    assert find_provider(session, clinic.clinic_id) == _provider(clinic)


@pytest.mark.parametrize("person", ["clinician", "assistant", "administrator"])
def test_a_linked_account_opens_the_one_it_is_linked_to(
    session: Session, clinic: SmallClinic, person: str
) -> None:
    """Both the link and the sign-in are noted."""
    actor: Actor = getattr(clinic, person)
    set_provider(session, _provider(clinic))
    _linked(session, actor)

    opened = open_by_identity(session, clinic.clinic_id, ROWAN)

    assert opened is not None
    assert (opened.account_id, opened.role) == (actor.account_id, actor.role)
    assert list_identities(session, actor.account_id) == [ROWAN]
    assert acts(session) == {"provider.set": 1, "identity.linked": 1, "sign_in.accepted": 1}


@pytest.mark.parametrize(
    "identity",
    [
        Identity(issuer=ISSUER, subject="S-1"),
        Identity(issuer=ISSUER, subject="s-1 "),
        Identity(issuer=ISSUER, subject="clinician"),
        Identity(issuer=ISSUER, subject=""),
        Identity(issuer=ISSUER, subject="s-1\x00"),
        Identity(issuer=ISSUER, subject="\ud800"),
        Identity(issuer="https://id.elm.example", subject="s-1"),
        Identity(issuer=f"{ISSUER}/", subject="s-1"),
    ],
)
def test_nothing_but_issuer_and_subject_opens_it(
    session: Session, clinic: SmallClinic, identity: Identity
) -> None:
    """To the letter, and a user name is none; the refusal names nobody."""
    set_provider(session, _provider(clinic))
    _linked(session, clinic.clinician)

    assert open_by_identity(session, clinic.clinic_id, identity) is None

    [refused] = [row for row in entries(session) if row.action == "sign_in.refused"]
    assert (refused.clinic_id, refused.actor_id) == (clinic.clinic_id, None)


def test_a_suspended_account_opens_no_more(session: Session, clinic: SmallClinic) -> None:
    """Nor does one without a provider."""
    set_provider(session, _provider(clinic))
    _linked(session, clinic.clinician)
    session.exec(
        update(AccountRow)
        .where(col(AccountRow.id) == clinic.clinician.account_id)
        .values(is_active=False)
    )

    assert open_by_identity(session, clinic.clinic_id, ROWAN) is None


def test_each_clinic_opens_its_own_staff_alone(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Also when both have the same provider."""
    set_provider(session, _provider(clinic))
    set_provider(session, _provider(other_clinic))
    _linked(session, other_clinic.clinician)

    assert open_by_identity(session, clinic.clinic_id, ROWAN) is None
    assert open_by_identity(session, other_clinic.clinic_id, ROWAN) is not None
    remove_provider(session, clinic.clinic_id)
    assert open_by_identity(session, other_clinic.clinic_id, ROWAN) is not None


@pytest.mark.parametrize("person", ["patient", "carer"])
def test_only_staff_are_linked(session: Session, clinic: SmallClinic, person: str) -> None:
    """The provider holds the clinic's own people."""
    set_provider(session, _provider(clinic))

    with pytest.raises(AccessDenied):
        link_identity(session, getattr(clinic, person), ROWAN, NOW)
    assert session.exec(select(IdentityRow)).all() == []


def test_only_the_own_clinics_provider_is_linked(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Without one, or with another issuer, nothing is."""
    set_provider(session, _provider(other_clinic))
    with pytest.raises(AccessDenied):
        link_identity(session, clinic.clinician, ROWAN, NOW)

    set_provider(session, _provider(clinic, issuer="https://id.elm.example"))
    with pytest.raises(AccessDenied):
        link_identity(session, clinic.clinician, ROWAN, NOW)
    with pytest.raises(AccessDenied):
        link_identity(session, other_clinic.clinician, replace(ROWAN, subject="x" * 256), NOW)


def test_an_account_there_is_linked_to_one_here(session: Session, clinic: SmallClinic) -> None:
    """Again to the same is no act; to another is refused."""
    set_provider(session, _provider(clinic))
    _linked(session, clinic.clinician)

    assert not link_identity(session, clinic.clinician, ROWAN, NOW)
    with pytest.raises(InvalidEntry, match="another account"):
        link_identity(session, clinic.assistant, ROWAN, NOW)
    assert acts(session)["identity.linked"] == 1


def test_of_many_that_link_one_account_at_once_one_succeeds(
    database: Database, clinic: SmallClinic
) -> None:
    """And the audit says so once."""
    with writing(database) as session:
        set_provider(session, _provider(clinic))
    staff = (clinic.clinician, clinic.assistant)

    def link(which: int) -> bool:
        with writing(database) as session:
            return link_identity(session, staff[which % 2], ROWAN, NOW)

    results = all_at_once(link, 12)

    assert Counter(result is True for result in results) == {True: 1, False: 11}
    assert all(isinstance(result, bool | InvalidEntry) for result in results)
    with writing(database) as session:
        linked = select(AuditRow).where(AuditRow.action == "identity.linked")
        assert len(session.exec(linked).all()) == 1


def test_an_unlinked_account_opens_nothing(session: Session, clinic: SmallClinic) -> None:
    """Sessions that it opened end, but not the one in which that is done."""
    set_provider(session, _provider(clinic))
    actor = clinic.clinician
    _linked(session, actor)
    began = {
        way: start_session(session, actor.account_id, actor.role, NOW, way=way)
        for way in (SignInWay.PROVIDER, SignInWay.PASSWORD)
    }
    own = start_session(session, actor.account_id, actor.role, NOW, way=SignInWay.PROVIDER)
    info = resolve(session, own, NOW)
    assert info is not None

    with pytest.raises(InvalidEntry):
        unlink_identity(session, clinic.assistant, ROWAN, NOW)
    unlink_identity(session, info.actor, ROWAN, NOW)

    assert open_by_identity(session, clinic.clinic_id, ROWAN) is None
    assert resolve(session, began[SignInWay.PROVIDER], NOW) is None
    assert resolve(session, began[SignInWay.PASSWORD], NOW) is not None
    assert resolve(session, own, NOW) is not None
    assert acts(session)["identity.unlinked"] == 1
    with pytest.raises(InvalidEntry, match="unlinked already"):
        unlink_identity(session, info.actor, ROWAN, NOW)


@pytest.mark.parametrize("is_removed", [True, False])
def test_another_provider_knows_nobody_yet(
    session: Session, clinic: SmallClinic, is_removed: bool
) -> None:
    """Removed, or another in its place; each link that goes is noted."""
    set_provider(session, _provider(clinic))
    _linked(session, clinic.clinician)
    set_provider(session, _provider(clinic, client_id="anew"))
    assert list_identities(session, clinic.clinician.account_id) == [ROWAN]

    if is_removed:
        remove_provider(session, clinic.clinic_id)
    set_provider(session, _provider(clinic, issuer="https://id.elm.example"))
    set_provider(session, _provider(clinic))

    assert open_by_identity(session, clinic.clinic_id, ROWAN) is None
    assert list_identities(session, clinic.clinician.account_id) == []
    assert acts(session)["identity.unlinked"] == 1


def test_there_is_nothing_to_remove_without_one(session: Session, clinic: SmallClinic) -> None:
    """It says so."""
    with pytest.raises(InvalidEntry, match="nothing to remove"):
        remove_provider(session, clinic.clinic_id)
