"""Clinic: the settings that an administrator changes, which are refused, and where they show."""

import pytest

from db.clinics import clinic_settings
from db.engine import Database, reading, writing
from db.models import AccountRow, ClinicRow
from recovery.settings import ClinicSettings
from tests.factories import ZONE
from tests.pages.choosing import choose, shown_choice
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, prose, refusals
from tests.small_clinic import SmallClinic, make_small_clinic
from ui.escalation_form import NOBODY, settings_key

CLINIC = "admin/clinic.py"
NAME, PHONE, EMERGENCY = range(3)


def _field(database: Database, clinic: SmallClinic, part: str) -> str:
    return settings_key(_settings(database, clinic), part)


def _settings(database: Database, clinic: SmallClinic) -> ClinicSettings:
    with reading(database) as session:
        return clinic_settings(session, clinic.administrator)


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
@pytest.mark.parametrize(("field", "words"), [(PHONE, "ask Mary"), (EMERGENCY, "x11")])
def test_a_number_that_nobody_can_dial_is_refused(
    visit: Visit, database: Database, clinic: SmallClinic, field: int, words: str
) -> None:
    """Patients are told to call it, and tap it."""
    app = visit(clinic.administrator, CLINIC)
    app.text_input[field].set_value(words)

    press(app, "Save")

    [refusal] = refusals(app)
    assert refusal.endswith("in digits, as a patient would dial it.")
    assert app.text_input[field].value == words
    assert _settings(database, clinic).emergency_number == "911"
