"""Who gets in: nobody without an open session, and everybody only where they belong."""

import ast
from collections.abc import Callable
from uuid import uuid4

import pytest
import time_machine
from sqlmodel import Session

from db.auth_sessions import IDLE_LIMIT, revoke_all
from db.engine import Database, serve, writing
from db.models import AccountRow
from recovery.access import TREATING, Actor, Role
from tests.factories import NOW
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import HOMES, PAGE_FILES, app_of, labels, refusals, roles_of, sent, sign_in
from tests.small_clinic import SmallClinic
from tests.sources import ROOT, name_of, tree

SIGNED_OUT = ["You are signed out. Open the start page to sign in again."]
NOT_YOURS = ["This record is not available to you. Go back to your start page."]


def _revoke(session: Session, actor: Actor) -> None:
    revoke_all(session, actor.account_id, NOW)


def _close(session: Session, actor: Actor) -> None:
    session.get_one(AccountRow, actor.account_id).is_active = False


def _ask_for_new_password(session: Session, actor: Actor) -> None:
    session.get_one(AccountRow, actor.account_id).must_change_password = True


ENDINGS = [_revoke, _close, _ask_for_new_password]


def _actor(clinic: SmallClinic, role: Role) -> Actor:
    actors = (
        clinic.patient,
        clinic.carer,
        clinic.assistant,
        clinic.clinician,
        clinic.administrator,
    )
    return next(actor for actor in actors if actor.role is role)


@on_one_engine
@pytest.mark.parametrize("page", PAGE_FILES)
def test_without_a_session_no_address_shows_anything(clinic: SmallClinic, page: str) -> None:
    """Whoever gets past the gate unsigned sees one sentence, whatever the address."""
    app = app_of(None).switch_page(page).run()

    assert refusals(app) == SIGNED_OUT
    assert len(app.main.children) == 1
    assert len(app.sidebar.children) == 0


def test_an_unknown_session_shows_nothing(clinic: SmallClinic) -> None:
    """A key that is in no table opens nothing."""
    app = app_of(uuid4()).run()

    assert refusals(app) == SIGNED_OUT
    assert len(app.main.children) == 1


@pytest.mark.parametrize("end", ENDINGS)
@pytest.mark.parametrize("role", list(Role))
def test_an_ended_session_shows_nothing_more(
    visit: Visit,
    database: Database,
    clinic: SmallClinic,
    role: Role,
    end: Callable[[Session, Actor], None],
) -> None:
    """A page that was open goes blank with the next run once its session may not go on."""
    actor = _actor(clinic, role)
    app = visit(actor)
    assert "Sign out" in labels(app)
    with writing(database) as session:
        end(session, actor)

    app.run()

    assert refusals(app) == SIGNED_OUT
    assert len(app.main.children) == 1
    assert actor.display_name not in sent(app)


@pytest.mark.parametrize("role", list(Role))
def test_an_idle_session_shows_nothing_more(
    visit: Visit, clinic: SmallClinic, clock: time_machine.Traveller, role: Role
) -> None:
    """Once the idle time is over, the page that was left open is closed."""
    app = visit(_actor(clinic, role))
    clock.shift(IDLE_LIMIT[role])

    app.run()

    assert refusals(app) == SIGNED_OUT
    assert len(app.main.children) == 1


@on_one_engine
def test_sign_out_ends_the_page(visit: Visit, clinic: SmallClinic) -> None:
    """After signing out the same browser shows nothing of the person."""
    app = visit(clinic.patient)
    [button] = [each for each in app.button if each.label == "Sign out"]

    button.click().run()
    app.run()

    assert refusals(app) == SIGNED_OUT
    assert len(app.main.children) == 1


@on_one_engine
@pytest.mark.parametrize("role", list(Role))
def test_pages_of_other_roles_do_not_exist(visit: Visit, clinic: SmallClinic, role: Role) -> None:
    """A role's navigation holds its own pages and no others."""
    app = visit(_actor(clinic, role))
    foreign = [page for page in PAGE_FILES if role not in roles_of(page)]
    assert foreign

    for page in foreign:
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            app.switch_page(page)


@on_one_engine
@pytest.mark.parametrize("role", list(Role))
def test_an_address_of_another_role_shows_the_own_start(
    database: Database, clinic: SmallClinic, role: Role
) -> None:
    """A deep link to a foreign page, opened first thing, shows nothing of that page."""
    actor = _actor(clinic, role)
    for page in (page for page in PAGE_FILES if role not in roles_of(page)):
        app = app_of(sign_in(database, actor)).switch_page(page).run()

        assert not app.exception
        assert "Rowan Elm" not in sent(app) or role in {*TREATING, Role.CARER}


@on_one_engine
@pytest.mark.parametrize("page", PAGE_FILES)
def test_a_page_file_refuses_by_itself(database: Database, clinic: SmallClinic, page: str) -> None:
    """A page run without the navigation still asks who is there, and shows nothing else."""
    sessions = [sign_in(database, _actor(clinic, role)) for role in set(Role) - roles_of(page)]

    for session_id in (None, *sessions):
        app = app_of(session_id, page).run()

        assert refusals(app) == NOT_YOURS
        assert len(app.main.children) == 1


@pytest.mark.parametrize("page", PAGE_FILES)
def test_page_is_for_the_role_of_its_folder(page: str) -> None:
    """Whom a page asks for agrees with where it lies, and with the navigation."""
    [asked] = [
        {ast.unparse(argument) for argument in node.args}
        for node in ast.walk(tree(ROOT / "pages" / page))
        if isinstance(node, ast.Call) and name_of(node.func) == "require_actor"
    ]

    named = {f"Role.{role.name}" for role in roles_of(page)}
    assert asked == ({"*Role"} if roles_of(page) == set(Role) else named)


@on_one_engine
@pytest.mark.parametrize("role", list(Role))
def test_every_own_page_opens(visit: Visit, clinic: SmallClinic, role: Role) -> None:
    """Each page of a role opens from its address in a fresh session."""
    for page in (page for page in PAGE_FILES if role in roles_of(page)):
        app = visit(_actor(clinic, role), page)

        assert refusals(app) == []
        assert len(app.main.children) > 1


@on_one_engine
def test_only_a_demo_says_that_it_is_one(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """The banner stands on a demo's pages, and never where people are real."""
    assert "Demo clinic" not in sent(visit(clinic.patient))

    serve(Database(database.engine, is_demo=True))

    assert "Demo clinic" in sent(visit(clinic.patient))


def test_start_pages_are_those_of_the_folders() -> None:
    """Every role has one start page in its own folder."""
    assert {page for role, page in HOMES.items() if roles_of(page) == {role}} <= set(PAGE_FILES)
