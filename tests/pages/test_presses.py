"""A press is done once, as things were chosen at that moment, by somebody who is here still."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import time_machine
from sqlmodel import select

from db.clinics import change_settings, clinic_settings
from db.engine import Database, reading, writing
from db.erasure import request_erasure
from db.models import (
    ClinicRow,
    EmergencyAccessRow,
    EpisodeRow,
    InvitationRow,
    utc_now,
)
from db.review_views import list_views, save_view
from recovery.access import grant_admin, grant_clinic
from recovery.emergency import EmergencyReason
from recovery.review_views import ReviewView
from tests.factories import NOW, TODAY
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, prose, refusals
from tests.pages.pain import choose_pain, shown_pain
from tests.pages.report import TODAY_PAGE, events
from tests.small_clinic import SmallClinic
from ui.requests_list import ERASED

ENROL, CLINIC, EMERGENCY = "clinician/enrol.py", "admin/clinic.py", "clinician/emergency.py"
BORN, SOON = date(1948, 3, 9), timedelta(seconds=1)


@on_one_engine
def test_who_chose_another_procedure_just_before_enrols_nobody_wrong(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """The form was drawn for the one before, whose questions differ."""
    app = visit(clinic.clinician, ENROL)
    app.selectbox[0].set_value("kyphoplasty").run()
    for field, answer in zip(app.date_input, (BORN, TODAY), strict=False):
        field.set_value(answer)
    app.text_input[0].set_value("Ash Grove")
    app.selectbox[0].set_value("vertebroplasty")

    press(app, "Enrol")

    assert "Look, then enrol." in refusals(app)[0]
    press(app, "Enrol")
    with reading(database) as session:
        stored = session.exec(
            select(EpisodeRow.procedure).where(EpisodeRow.patient_id != clinic.own.patient_id)
        ).all()
    assert stored == ["vertebroplasty"]


@on_one_engine
def test_a_procedure_chosen_just_before_is_not_asked_for(visit: Visit, clinic: SmallClinic) -> None:
    app = visit(clinic.clinician, ENROL)
    app.selectbox[0].set_value("kyphoplasty")

    press(app, "Enrol")

    assert "Look, then enrol." in refusals(app)[0]


@on_one_engine
def test_settings_that_somebody_else_saved_meanwhile_stay(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """A press of Save stores what was changed here, and nothing of what stood there before."""
    app = visit(clinic.administrator, CLINIC)
    with writing(database) as session:
        access = grant_admin(clinic.administrator)
        stored = clinic_settings(session, clinic.administrator)
        theirs = replace(stored, phone="555-0177", only_assigned=True, escalate_after_hours=5)
        change_settings(session, access, theirs)

    app.text_input[0].set_value("Ash Clinic")
    press(app, "Save")

    with reading(database) as session:
        settings = clinic_settings(session, clinic.administrator)
    assert settings.name == "Ash Clinic"
    assert (settings.phone, settings.only_assigned) == ("555-0177", True)
    assert settings.escalate_after_hours == 5


def test_a_double_click_opens_one_emergency(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    with writing(database) as session:
        session.get_one(ClinicRow, clinic.clinic_id).only_assigned = True
    app = visit(clinic.assistant, EMERGENCY)
    app.text_input(key="emergency-name").set_value("Rowan Elm")
    app.date_input(key="emergency-born").set_value(BORN)
    app.selectbox(key="emergency-reason").set_value(EmergencyReason.URGENT_CALL)
    app.text_area(key="emergency-words").set_value("called")
    before = app._tree  # noqa: SLF001 - a browser's page is older than the server's, too

    press(app, "Open the record for one hour")
    app._tree = before  # noqa: SLF001 - as above
    app.text_input(key="emergency-name").set_value("Rowan Elm")
    app.date_input(key="emergency-born").set_value(BORN)
    app.selectbox(key="emergency-reason").set_value(EmergencyReason.URGENT_CALL)
    app.text_area(key="emergency-words").set_value("called")
    press(app, "Open the record for one hour")

    with reading(database) as session:
        assert len(session.exec(select(EmergencyAccessRow.id)).all()) == 1


@on_one_engine
def test_a_double_click_on_erase_still_says_that_it_is_done(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    with writing(database) as session:
        request_erasure(session, clinic.own, utc_now())
    app = visit(clinic.administrator, "admin/requests.py")
    app.text_input[0].set_value("Rowan Elm").run()
    before = app._tree  # noqa: SLF001 - as above

    press(app, "Erase for good")
    app._tree = before  # noqa: SLF001 - as above
    app.text_input[0].set_value("Rowan Elm")
    press(app, "Erase for good")

    assert ERASED in prose(app)
    assert refusals(app) == []


@on_one_engine
def test_a_code_taken_back_can_be_made_anew_at_once(
    visit: Visit, clinic: SmallClinic, database: Database, clock: time_machine.Traveller
) -> None:
    """Which is no double click, as the second press before it is."""
    app = visit(clinic.patient, "account/carers.py")
    press(app, "Make a code")
    first = app.code[0].value
    press(app, "Make a code")
    assert app.code[0].value == first
    with reading(database) as session:
        assert len(session.exec(select(InvitationRow.id)).all()) == 1

    clock.shift(timedelta(seconds=10))
    app.run()
    press(app, "Take the code back")
    press(app, "Make a code")

    assert app.code[0].value != first


@on_one_engine
def test_the_view_that_is_chosen_is_deleted(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """Not the one that was chosen when the button was drawn."""
    access = grant_clinic(clinic.clinician)
    with writing(database) as session:
        for name in ("Ash", "Birch"):
            save_view(session, access, name, ReviewView(), NOW)
    app = visit(clinic.clinician, "clinician/review.py")
    app.selectbox(key="review-view").set_value("Birch")

    press(app, "Delete it")

    with reading(database) as session:
        assert [each.name for each in list_views(session, access)] == ["Ash"]


def test_a_fall_after_one_taken_back_is_another_fall(
    visit: Visit, clinic: SmallClinic, database: Database, clock: time_machine.Traveller
) -> None:
    """However soon: the first was a slip of the finger, and the second is not lost for it."""
    clock.move_to(NOW, tick=False)
    app = visit(clinic.patient, TODAY_PAGE)

    for label in ("A fall", "Take back", "A fall"):
        press(app, label)

    assert [each.is_withdrawn for each in events(database, clinic.own)].count(False) == 1


def test_the_same_pain_at_another_time_is_another_reading(
    visit: Visit, clinic: SmallClinic, database: Database, clock: time_machine.Traveller
) -> None:
    """Each is stored, and the scale is empty after it."""
    clock.move_to(NOW, tick=False)
    app = visit(clinic.patient, TODAY_PAGE)

    for hour in (7, 8):
        choose_pain(app, "event-pain", 5)
        app.time_input[0].set_value(time(hour, 0))
        press(app, "Record this reading")
        assert shown_pain(app, "event-pain") is None

    assert len(events(database, clinic.own)) == 2


@on_one_engine
def test_the_second_press_of_a_double_click_asks_for_no_number(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """The first emptied the scale; what it said stays."""
    app = visit(clinic.patient, TODAY_PAGE)
    choose_pain(app, "event-pain", 5)

    press(app, "Record this reading")
    press(app, "Record this reading")

    assert refusals(app) == []
    assert "pain reading" in app.success[0].value
    assert len(events(database, clinic.own)) == 1


@on_one_engine
@pytest.mark.parametrize(("later", "is_said"), [(SOON, True), (timedelta(hours=1), False)])
def test_whom_to_call_after_a_fall_stays_for_a_while(
    visit: Visit,
    clinic: SmallClinic,
    clock: time_machine.Traveller,
    later: timedelta,
    is_said: bool,
) -> None:
    """Whatever else is asked for; much later it would be taken for something new."""
    app = visit(clinic.patient, TODAY_PAGE)
    press(app, "A fall")

    clock.shift(later)
    app.run()

    assert bool(app.warning) is is_said


@on_one_engine
def test_what_nobody_saw_is_not_said_much_later(
    visit: Visit, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """The press was done, and the page left before it was drawn."""
    app = visit(clinic.patient, TODAY_PAGE)
    app.button(key="event-fall").click()
    app.switch_page("patient/home.py").run()

    clock.shift(timedelta(hours=1))
    app.switch_page(TODAY_PAGE).run()

    assert not app.warning
