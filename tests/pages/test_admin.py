"""Clinic and People: settings and staff, by the administrator of the own clinic."""

import pyotp
import pytest
import time_machine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db.accounts import StaffAccount, list_staff
from db.clinics import clinic_settings
from db.engine import Database, reading, writing
from db.models import AccountRow, AuthSessionRow, ClinicRow, utc_now
from db.one_time_codes import confirm_set_up, has_codes, start_set_up
from recovery.access import Role, grant_admin
from recovery.settings import ClinicSettings
from tests.factories import ZONE
from tests.pages.choosing import choose, shown_choice
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, prose, refusals, sent
from tests.small_clinic import SmallClinic, make_small_clinic
from ui.escalation_form import NOBODY, settings_key
from ui.said import STAYS
from ui.staff_form import DEVICE_FREED

CLINIC, PEOPLE = "admin/clinic.py", "admin/people.py"
NAME, PHONE, EMERGENCY = range(3)


def _field(database: Database, clinic: SmallClinic, part: str) -> str:
    return settings_key(_settings(database, clinic), part)


def _settings(database: Database, clinic: SmallClinic) -> ClinicSettings:
    with reading(database) as session:
        return clinic_settings(session, clinic.administrator)


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
    ("field", "value", "sentence"),
    [
        (NAME, "", "Enter the clinic's name."),
        (NAME, "x" * 121, "The clinic's name is 121 characters long. Shorten it to 120."),
        (EMERGENCY, " ", "Enter the emergency number."),
        (PHONE, "5" * 41, "The phone number is 41 characters long. Shorten it to 40."),
        (NAME, "a\x00b", "The clinic's name holds characters that cannot be stored."),
    ],
)
def test_settings_that_cannot_hold_are_refused(  # noqa: PLR0913, PLR0917 - one row of the table
    visit: Visit, database: Database, clinic: SmallClinic, field: int, value: str, sentence: str
) -> None:
    """One sentence says what to change, what was typed stays, and nothing is stored."""
    app = visit(clinic.administrator, CLINIC)
    app.text_input[field].set_value(value)

    press(app, "Save")

    [said] = refusals(app)
    assert said.startswith(sentence)
    assert app.text_input[field].value == value
    settings = _settings(database, clinic)
    assert (settings.name, settings.phone) == ("Oak Clinic", "555-0100")


def test_a_zone_that_is_not_known_is_refused(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """A zone that this machine does not know is named as what to change."""
    with writing(database) as session:
        session.get_one(ClinicRow, clinic.clinic_id).time_zone = "Nowhere/At_All"
    app = visit(clinic.administrator, CLINIC)

    press(app, "Save")

    assert refusals(app) == ["Choose a time zone from the list."]

    app.selectbox[0].set_value(ZONE)
    press(app, "Save")

    assert _settings(database, clinic).time_zone == ZONE


def test_settings_are_saved(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """Each of the clinic's own values can be changed, and another clinic keeps its own."""
    other = make_small_clinic(database, prefix="other-")
    app = visit(clinic.administrator, CLINIC)
    for field, value in ((NAME, "Ash Clinic"), (PHONE, "555-0199"), (EMERGENCY, "112")):
        app.text_input[field].set_value(value)
    app.selectbox[0].set_value("Europe/Lisbon")
    app.checkbox[0].uncheck()

    press(app, "Save")

    assert app.success[0].value.startswith("Saved.")
    assert _settings(database, clinic) == ClinicSettings(
        clinic_id=clinic.clinic_id,
        name="Ash Clinic",
        time_zone="Europe/Lisbon",
        phone="555-0199",
        emergency_number="112",
        shares_augmentation_curve=False,
    )
    assert _settings(database, other).name == "Oak Clinic"


def test_escalation_and_reading_days_are_saved(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Only clinicians of the clinic are offered; days are kept as they were ticked."""
    make_small_clinic(database, prefix="other-")
    app = visit(clinic.administrator, CLINIC)
    second = app.selectbox(key=_field(database, clinic, "second"))
    assert second.options == ["Nobody: not passed on", "Clinician"]
    second.set_value(clinic.clinician.account_id)
    app.number_input(key=_field(database, clinic, "hours")).set_value(36)
    choose(app, _field(database, clinic, "reads"), {"0", "4"})

    press(app, "Save")

    settings = _settings(database, clinic)
    assert (settings.escalate_after_hours, settings.weekdays_read) == (36, (0, 4))
    assert settings.escalates_to == clinic.clinician.account_id
    app = visit(clinic.administrator, CLINIC)
    assert (
        app.selectbox(key=_field(database, clinic, "second")).value == clinic.clinician.account_id
    )
    assert shown_choice(app, _field(database, clinic, "reads")) == ["0", "4"]
    app.selectbox(key=_field(database, clinic, "second")).set_value(NOBODY)
    choose(app, _field(database, clinic, "reads"), set())
    press(app, "Save")
    settings = _settings(database, clinic)
    assert (settings.escalates_to, settings.weekdays_read) == (None, ())


def test_a_second_clinician_whose_account_is_closed_is_told(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Nothing would be passed on, so the page says whom to replace, and keeps the choice."""
    with writing(database) as session:
        row = session.get_one(ClinicRow, clinic.clinic_id)
        row.escalates_to = clinic.clinician.account_id
        session.get_one(AccountRow, clinic.clinician.account_id).is_active = False
    app = visit(clinic.administrator, CLINIC)

    assert "Clinician cannot sign in any more, so no alert is passed on." in prose(app)
    press(app, "Save")

    assert refusals(app) == []
    assert _settings(database, clinic).escalates_to == clinic.clinician.account_id


@on_one_engine
@pytest.mark.parametrize("hours", [-1, 0, 337])
def test_hours_out_of_range_are_refused(
    visit: Visit, database: Database, clinic: SmallClinic, hours: int
) -> None:
    """Named with their range; what was typed stays, and nothing is stored."""
    app = visit(clinic.administrator, CLINIC)
    app.number_input(key=_field(database, clinic, "hours")).set_value(hours)

    press(app, "Save")

    assert refusals(app) == ["Enter the hours until an alert is passed on, from 1 to 336."]
    assert app.number_input(key=_field(database, clinic, "hours")).value == hours
    assert _settings(database, clinic).escalate_after_hours == 24


def test_patients_see_a_changed_number_at_once(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """No page keeps an old number of the clinic."""
    patient = visit(clinic.patient)
    app = visit(clinic.administrator, CLINIC)
    app.text_input[PHONE].set_value("555-0199")
    press(app, "Save")

    patient.run()

    assert "tel:5550199" in prose(patient)
    assert "tel:5550100" not in prose(patient)


@on_one_engine
def test_the_start_page_says_what_is_missing(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """A clinic that nobody can reach, or that nobody treats in, is told so."""
    assert not visit(clinic.administrator).info
    with writing(database) as session:
        session.get_one(ClinicRow, clinic.clinic_id).phone = ""
        session.get_one(AccountRow, clinic.clinician.account_id).is_active = False

    said = [each.value for each in visit(clinic.administrator).info]

    assert said == [
        "No clinician can sign in yet. Add one under People.",
        "Patients see no phone number of the clinic yet. Enter it under Clinic.",
    ]


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
