"""Every role, every function of ``db``, every kind of record: who gets what, on both engines."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlmodel import Session

import db.engine
from db.accounts import reset_password
from db.auth_sessions import actor_of
from db.engine import Database, open_engine, serve, writing
from db.invitations import invite, revoke_invitations
from db.patients import authorize
from recovery.access import (
    Actor,
    PatientAccess,
    Role,
    grant_admin,
    grant_clinic,
    grant_patient,
)
from recovery.errors import AccessDenied, InvalidEntry
from tests.db.access_table import (
    ADMIN_CALLS,
    ADMIN_KEY_CALLS,
    CLINIC_CALLS,
    EXEMPT,
    NOT_IN_AN_EMERGENCY,
    PATIENT_CALLS,
    PATIENT_KEY_CALLS,
    Call,
    Rows,
    Target,
)
from tests.db.world import CANARIES, World, make_world
from tests.factories import NOW
from tests.fresh import ENGINES, fresh_url
from tests.known_statements import with_known_statements
from tests.small_clinic import make_small_clinic
from tests.sources import ROOT

pytestmark = pytest.mark.usefixtures("clock")

Function = Callable[..., object]
STRANGE = (Target.OTHER_CLINIC, Target.UNKNOWN)
ACCESS_WORDS = ("PatientAccess", "ClinicAccess", "AdminAccess", "Actor")


@pytest.fixture(scope="module", params=ENGINES)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Return one database for all of these tests, which undo whatever they do."""
    with (
        fresh_url(request, tmp_path_factory.mktemp("matrix")) as url,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(db.engine, "_current", None)
        opened = serve(Database(with_known_statements(open_engine(url))))
        yield opened
        opened.engine.dispose()


@pytest.fixture(scope="module")
def world(database: Database) -> World:
    """Return both clinics with something to find, and to be kept from, beside everybody."""
    with time_machine.travel(NOW, tick=True):
        clinic, other = make_small_clinic(database), make_small_clinic(database, prefix="other-")
        return make_world(database, clinic, other)


def _reaches(role: Role, target: Target) -> bool:
    """Tell what the rules promise: who gets an access to whose record."""
    if role in {Role.CLINICIAN, Role.ASSISTANT}:
        return target in {Target.OWN, Target.SAME_CLINIC}
    return role in {Role.PATIENT, Role.CARER} and target is Target.OWN


@dataclass(frozen=True, slots=True)
class _Asked:
    """One call of the matrix: what is called, by whom, about which rows."""

    call: Call
    actor: Actor
    rows: Rows

    def as_whoever_reaches(self, session: Session) -> object:
        access = authorize(session, self.actor, self.rows.patient_id)
        return self.call(session, access, self.rows)

    def in_an_emergency(self, session: Session) -> object:
        access = grant_patient(
            self.actor,
            patient_id=self.rows.patient_id,
            clinic_id=self.actor.clinic_id,
            is_theirs=False,
            is_emergency=True,
        )
        return self.call(session, access, self.rows)

    def as_a_forger(self, session: Session) -> object:
        access = PatientAccess(
            actor=self.actor, clinic_id=self.actor.clinic_id, patient_id=self.rows.patient_id
        )
        return self.call(session, access, self.rows)

    def as_one_treating(self, session: Session) -> object:
        return self.call(session, grant_clinic(self.actor), self.rows)

    def as_an_administrator(self, session: Session) -> object:
        return self.call(session, grant_admin(self.actor), self.rows)


@contextmanager
def _undone(database: Database) -> Iterator[Session]:
    """Return a session whose acts are all undone, so that each call finds the same world."""
    with writing(database) as session:
        yield session
        for waiting in ("at_end", "counts_at_end", "audit"):
            session.info.pop(waiting, None)
        session.rollback()


def _outcome(database: Database, call: Callable[[Session], object]) -> tuple[bool, str]:
    """Return whether a call was allowed, and all that it returned as text."""
    with _undone(database) as session:
        try:
            return True, repr(call(session))
        except (AccessDenied, InvalidEntry) as refusal:
            return False, str(refusal)


def _functions_with_access() -> set[Function]:
    found: set[Function] = set()
    for file in sorted((ROOT / "db").glob("*.py")):
        if file.stem in {"__init__", "__main__", "audit"}:
            continue
        module = importlib.import_module(f"db.{file.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            spelled = str(inspect.signature(function).parameters)
            if is_own and any(word in spelled for word in ACCESS_WORDS):
                found.add(function)
    return found


def _shown(function: Function) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def test_every_function_with_an_access_stands_in_the_matrix() -> None:
    """A new one has to be placed before it can be used."""
    placed = {*PATIENT_CALLS, *CLINIC_CALLS, *ADMIN_CALLS, *ADMIN_KEY_CALLS, *EXEMPT}
    # Asks the machine, not a session: tested in test_admin_lists.
    missing = {_shown(each) for each in _functions_with_access() - placed}

    assert missing == {"db.system_state.system_state"}
    assert all(EXEMPT.values())


@pytest.mark.parametrize("role", list(Role))
def test_an_access_is_given_to_whom_it_belongs(
    database: Database, world: World, role: Role
) -> None:
    """What is another's and what does not exist are refused in the same words."""
    for target in Target:
        key = world.rows[target].patient_id
        ask = partial(authorize, actor=world.actor(role), patient_id=key)
        allowed, said = _outcome(database, ask)

        assert allowed is _reaches(role, target), target
        assert allowed or said == str(AccessDenied())


@pytest.mark.parametrize("function", PATIENT_CALLS, ids=_shown)
def test_functions_about_a_patient_serve_their_roles(
    database: Database, world: World, function: Function
) -> None:
    """Every role with an access, own and same clinic; nothing of anybody else comes back."""
    roles, call = PATIENT_CALLS[function]
    for role, target in product(Role, Target):
        if not _reaches(role, target):
            continue
        asked = _Asked(call, world.actor(role), world.rows[target])
        allowed, said = _outcome(database, asked.as_whoever_reaches)

        assert allowed is (role in roles), (role, target)
        assert _leaks(said, target) == [], (role, target)


@pytest.mark.parametrize("function", PATIENT_CALLS, ids=_shown)
def test_an_access_forged_for_another_clinic_finds_nothing(
    database: Database, world: World, function: Function
) -> None:
    """Also past ``authorize``: clinic and patient together name a row, so nothing is there."""
    _, call = PATIENT_CALLS[function]
    for role, target in product((Role.CLINICIAN, Role.PATIENT), STRANGE):
        asked = _Asked(call, world.actor(role), world.rows[target])
        with _undone(database) as session:
            try:
                said = repr(asked.as_a_forger(session))
            except Exception as refusal:  # noqa: BLE001 - whatever stops it will do
                said = str(refusal)

        assert CANARIES[target] not in said, (role, target)


@pytest.mark.parametrize("function", PATIENT_CALLS, ids=_shown)
def test_an_emergency_ends_with_its_hour(
    database: Database, world: World, function: Function
) -> None:
    """It reads and writes as any access does, and nothing done in it opens the record for longer."""
    roles, call = PATIENT_CALLS[function]
    asked = _Asked(call, world.clinic.assistant, world.rows[Target.OWN])
    allowed, _ = _outcome(database, asked.in_an_emergency)

    may = Role.ASSISTANT in roles and function not in NOT_IN_AN_EMERGENCY
    assert allowed is may


def test_no_way_in_is_made_in_an_emergency(database: Database, world: World) -> None:
    """Neither a letter nor a password for the patient, by which one would stay in for good."""
    patient = world.clinic.patient.account_id
    for act in (
        lambda session, access: invite(session, access, Role.PATIENT, NOW),
        lambda session, access: revoke_invitations(session, access, Role.PATIENT, NOW),
        lambda session, access: reset_password(session, access, patient),
    ):
        asked = _Asked(
            lambda *given, act=act: act(*given[:2]), world.clinic.assistant, world.rows[Target.OWN]
        )
        assert not _outcome(database, asked.in_an_emergency)[0]


@pytest.mark.parametrize("function", PATIENT_KEY_CALLS, ids=_shown)
def test_a_key_of_another_record_is_refused(
    database: Database, world: World, function: Function
) -> None:
    """With a right access to the own record and a foreign row beside it."""
    roles, call = PATIENT_KEY_CALLS[function]
    for role, target in product(roles, (Target.SAME_CLINIC, *STRANGE)):
        rows = replace(world.rows[target], patient_id=world.clinic.own.patient_id)
        asked = _Asked(call, world.actor(role), rows)
        allowed, _ = _outcome(database, asked.as_whoever_reaches)

        # A clinic's colleagues are the same for all its patients.
        is_shared = function.__name__ == "assign" and target is Target.SAME_CLINIC
        assert allowed is is_shared, (role, target)


@pytest.mark.parametrize("function", CLINIC_CALLS, ids=_shown)
def test_functions_about_a_clinics_patients(
    database: Database, world: World, function: Function
) -> None:
    """For clinicians and assistants, of the own clinic alone."""
    for role in Role:
        asked = _Asked(CLINIC_CALLS[function], world.actor(role), world.rows[Target.OWN])
        allowed, said = _outcome(database, asked.as_one_treating)

        assert allowed is (role in {Role.CLINICIAN, Role.ASSISTANT}), role
        assert CANARIES[Target.OTHER_CLINIC] not in said


@pytest.mark.parametrize("function", ADMIN_CALLS, ids=_shown)
def test_functions_about_a_clinic(database: Database, world: World, function: Function) -> None:
    """For administrators, of the own clinic alone."""
    for role in Role:
        asked = _Asked(ADMIN_CALLS[function], world.actor(role), world.rows[Target.OWN])
        allowed, said = _outcome(database, asked.as_an_administrator)

        assert allowed is (role is Role.ADMINISTRATOR), role
        assert CANARIES[Target.OTHER_CLINIC] not in said


@pytest.mark.parametrize("function", ADMIN_KEY_CALLS, ids=_shown)
def test_keys_an_administrator_may_use(
    database: Database, world: World, function: Function
) -> None:
    """Rows of the own clinic; those of another and those that are not look the same."""
    for role, target in product(Role, Target):
        asked = _Asked(ADMIN_KEY_CALLS[function], world.actor(role), world.rows[target])
        allowed, said = _outcome(database, asked.as_an_administrator)

        is_theirs = target in {Target.OWN, Target.SAME_CLINIC}
        assert allowed is (role is Role.ADMINISTRATOR and is_theirs), (role, target)
        assert allowed or said == str(AccessDenied())


def test_nobody_signed_in_is_nobody(session: Session) -> None:
    """Without a session there is no actor to ask any of this with."""
    assert actor_of(session, uuid4()) is None
    assert actor_of(session, UUID(int=0)) is None


def _leaks(said: str, target: Target) -> list[str]:
    return [words for other, words in CANARIES.items() if other is not target and words in said]
