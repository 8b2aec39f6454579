"""Patient: the way in that staff make for a patient."""

from datetime import UTC, datetime

import pytest
import time_machine
from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from db.invitations import invite
from recovery.access import PatientAccess, Role
from tests.factories import make_patient
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, links, press, prose, sent
from tests.small_clinic import SmallClinic
from ui.review_list import OPEN_PATIENT
from ui.said import STAYS

PAGE, RENEW, BACK = "clinician/patient.py", "Make a new first password", "Take the letter back"
MAKE = "Make an invitation letter"


@pytest.fixture
def newcomer(database: Database, clinic: SmallClinic) -> PatientAccess:
    """Return the access to an enrolled person without an account."""
    with writing(database) as session:
        return make_patient(session, clinic.clinician, name="Ash Grove")


def _open(visit: Visit, clinic: SmallClinic, access: PatientAccess) -> AppTest:
    app = visit(clinic.clinician, PAGE)
    app.session_state[OPEN_PATIENT] = str(access.patient_id)
    return app.run()


@on_one_engine
def test_a_letter_is_offered_to_who_has_no_account(
    visit: Visit, clinic: SmallClinic, newcomer: PatientAccess
) -> None:
    """The link names the patient by key alone; no password is made for anybody."""
    app = _open(visit, clinic, newcomer)

    assert links(app) == {MAKE: f"/invitation-letter?patient={newcomer.patient_id}"}
    assert RENEW not in labels(app)


def test_a_letter_that_is_out_is_said_and_taken_back(
    visit: Visit, clinic: SmallClinic, database: Database, newcomer: PatientAccess
) -> None:
    """Until when it works; afterwards one can be made anew."""
    with writing(database) as session:
        invite(session, newcomer, Role.PATIENT, datetime.now(UTC))
    app = _open(visit, clinic, newcomer)
    assert "not used yet and works until 6 Dec 2026" in prose(app)
    assert set(links(app)) == {"Make a new letter"}

    press(app, BACK)

    assert set(links(app)) == {MAKE}


@on_one_engine
def test_who_has_an_account_gets_a_new_password_shown_once(
    visit: Visit, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """No letter is offered; the password outlives a double click, and leaves soon after."""
    app = _open(visit, clinic, clinic.treating)
    assert not links(app)

    press(app, RENEW)

    first = app.code[0].value
    assert "patient" in first
    press(app, RENEW)
    assert app.code[0].value == first
    clock.shift(2 * STAYS)
    app.run()
    assert not app.code
    assert first.split()[-1] not in sent(app)
    press(app, RENEW)
    assert app.code[0].value != first
