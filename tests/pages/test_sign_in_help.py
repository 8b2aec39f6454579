"""Patient: the way in that a clinician makes for a patient, shown once."""

import pytest
from streamlit.testing.v1 import AppTest

from db.accounts import find_patient_account
from db.engine import Database, reading, writing
from recovery.access import PatientAccess
from tests.factories import make_patient
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals, sent
from tests.small_clinic import SmallClinic
from ui.review_list import OPEN_PATIENT

PAGE, MAKE, RENEW = "clinician/patient.py", "Make the account", "Make a new first password"


@pytest.fixture
def newcomer(database: Database, clinic: SmallClinic) -> PatientAccess:
    """Return the access to an enrolled person without an account."""
    with writing(database) as session:
        return make_patient(session, clinic.clinician, name="Ash Grove")


@pytest.fixture
def chart(visit: Visit, clinic: SmallClinic, newcomer: PatientAccess) -> AppTest:
    """Return that person's open chart."""
    app = visit(clinic.clinician, PAGE)
    app.session_state[OPEN_PATIENT] = str(newcomer.patient_id)
    return app.run()


def _name(app: AppTest, username: str) -> AppTest:
    [field] = [each for each in app.text_input if each.label.startswith("User name")]
    field.set_value(username)
    return press(app, MAKE)


def _username(database: Database, access: PatientAccess) -> str | None:
    with reading(database) as session:
        found = find_patient_account(session, access)
    return None if found is None else found.username


@on_one_engine
@pytest.mark.parametrize("username", ["", "ab", "a" * 65, "ash grove", "ash;grove", "clinician"])
def test_a_name_that_cannot_be_used_is_refused(
    chart: AppTest, database: Database, newcomer: PatientAccess, username: str
) -> None:
    """Too short, too long, with other signs, or taken: one sentence, and no account."""
    _name(chart, username)

    assert len(refusals(chart)) == 1
    assert not chart.code
    assert _username(database, newcomer) is None


def test_the_first_password_is_shown_once(
    chart: AppTest, database: Database, newcomer: PatientAccess
) -> None:
    """It is on the page in the run of the press, and never again."""
    _name(chart, "Ash-1948")

    assert _username(database, newcomer) == "ash-1948"
    shown = chart.code[0].value
    password = shown.split()[-1]
    assert "ash-1948" in shown

    chart.run()

    assert not chart.code
    assert password not in sent(chart)
    assert password not in str(chart.session_state.to_dict())


def test_who_has_an_account_gets_a_new_password_only(
    chart: AppTest, database: Database, newcomer: PatientAccess
) -> None:
    """A second account is not offered; a new first password is shown once as well."""
    _name(chart, "ash-1948")
    chart.run()
    assert MAKE not in labels(chart)
    assert r"ash\-1948" in prose(chart)

    press(chart, RENEW)

    first = chart.code[0].value
    chart.run()
    assert not chart.code
    press(chart, RENEW)
    assert chart.code[0].value != first
