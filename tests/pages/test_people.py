"""People: staff added, closed and let in again by the administrator of the own clinic."""

import pyotp
import pytest
import time_machine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db.accounts import StaffAccount, list_staff
from db.engine import Database, reading, writing
from db.models import AccountRow, AuthSessionRow, utc_now
from db.one_time_codes import confirm_set_up, has_codes, start_set_up
from recovery.access import Role, grant_admin
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, prose, refusals, sent
from tests.small_clinic import SmallClinic, make_small_clinic
from ui.said import STAYS
from ui.staff_form import DEVICE_FREED

PEOPLE = "admin/people.py"


def _staff(database: Database, clinic: SmallClinic) -> dict[str, StaffAccount]:
    with reading(database) as session:
        staff = list_staff(session, grant_admin(clinic.administrator))
    return {each.username: each for each in staff}


def _press_beside(app: AppTest, name: str, what: str, database: Database) -> AppTest:
    """Press *what* beside the account *name*."""
    with reading(database) as session:
        account_id = session.exec(select(AccountRow.id).where(AccountRow.username == name)).one()
    app.button(key=f"{what}-{account_id}").click().run()
    assert not app.exception
    return app


@on_one_engine
@pytest.mark.parametrize(
    ("name", "username", "role"),
    [
        ("Ash Canary", "ash", None),
        ("", "ash", Role.CLINICIAN),
        ("Ash Canary", "a", Role.CLINICIAN),
        ("Ash Canary", "clinician", Role.CLINICIAN),
        ("Ash Canary", "a b;c", Role.CLINICIAN),
    ],
    ids=["no role", "no name", "short", "taken", "other signs"],
)
def test_staff_that_cannot_be_added_is_refused(  # noqa: PLR0913, PLR0917 - one row of the table
    visit: Visit,
    database: Database,
    clinic: SmallClinic,
    name: str,
    username: str,
    role: Role | None,
) -> None:
    """One sentence, the words stay, and there is no account and no password."""
    app = visit(clinic.administrator, PEOPLE)
    app.text_input(key="staff-name").set_value(name)
    app.text_input(key="staff-username").set_value(username)
    app.selectbox[0].set_value(role)

    press(app, "Add")

    assert len(refusals(app)) == 1
    assert app.text_input(key="staff-name").value == name
    assert not app.code
    assert set(_staff(database, clinic)) == {"clinician", "assistant", "administrator"}


def test_added_staff_gets_a_password_once(
    visit: Visit, database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """The new account is listed; its password outlives a double click, and leaves soon after."""
    app = visit(clinic.administrator, PEOPLE)
    app.text_input(key="staff-name").set_value("**Ash** Canary")
    app.text_input(key="staff-username").set_value("Ash")
    app.selectbox[0].set_value(Role.CLINICIAN)

    press(app, "Add")

    added = _staff(database, clinic)["ash"]
    assert (added.role, added.is_active, added.must_change_password) == (Role.CLINICIAN, True, True)
    assert r"\*\*Ash\*\* Canary" in prose(app)
    password = app.code[0].value.split()[-1]
    press(app, "Add")
    assert password in app.code[0].value

    clock.shift(2 * STAYS)
    app.run()

    assert not app.code
    assert password not in sent(app)


def test_closing_an_account_ends_its_sessions(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """The person is out with the next run, and can be let in again later."""
    theirs = visit(clinic.clinician)
    app = visit(clinic.administrator, PEOPLE)

    _press_beside(app, "clinician", "close", database)

    assert not _staff(database, clinic)["clinician"].is_active
    assert refusals(theirs.run()) == ["You are signed out. Open the start page to sign in again."]
    assert "clinician, closed" in prose(app)

    _press_beside(app, "clinician", "open", database)

    assert _staff(database, clinic)["clinician"].is_active
    with reading(database) as session:
        ended = session.exec(
            select(AuthSessionRow.revoked_at).where(
                AuthSessionRow.account_id == clinic.clinician.account_id
            )
        ).all()
    assert None not in ended


def test_a_lost_device_is_forgotten_by_the_administrator(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """The sentence says what comes next; beside the own account nothing is offered."""
    with writing(database) as session:
        account_id = clinic.clinician.account_id
        device = pyotp.TOTP(start_set_up(session, account_id, account_id).secret)
        confirm_set_up(session, account_id, account_id, device.now(), utc_now())
    app = visit(clinic.administrator, PEOPLE)

    _press_beside(app, "clinician", "device", database)

    assert [each.value for each in app.success] == [DEVICE_FREED]
    with reading(database) as session:
        assert not has_codes(session, account_id)
    keys = [button.key for button in app.button]
    assert f"device-{clinic.administrator.account_id}" not in keys


def test_nobody_locks_themselves_out_by_a_press(visit: Visit, clinic: SmallClinic) -> None:
    """Beside the own account stands where its password is changed, and no button."""
    app = visit(clinic.administrator, PEOPLE)

    own = clinic.administrator.account_id
    keys = {button.key for button in app.button}
    assert not {f"{what}-{own}" for what in ("renew", "device", "close")} & keys
    assert "This is you." in prose(app)


def test_a_new_first_password_ends_the_sessions_of_the_old_one(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Whoever is signed in with the old password is out with the next run."""
    theirs = visit(clinic.clinician)
    app = visit(clinic.administrator, PEOPLE)

    _press_beside(app, "clinician", "renew", database)

    assert "clinician" in app.code[0].value
    assert len(refusals(theirs.run())) == 1
    assert len(theirs.main.children) == 1


def test_staff_of_another_clinic_is_not_listed(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """An administrator sees the own clinic's staff alone, and no patients."""
    make_small_clinic(database, prefix="canary-")

    page = sent(visit(clinic.administrator, PEOPLE))

    assert "canary" not in page.casefold()
    assert "Rowan Elm" not in page
