"""The administrator's lists: invitations, sign-ins, requests, audit, system."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from content import shelf
from content.shelf import Served
from db.clinics import change_settings, clinic_settings
from db.emergencies import Asked, open_in_emergency
from db.engine import Database, reading, writing
from db.erasure import request_erasure, withdraw_erasure_request
from db.invitations import find_offer, invite
from db.models import AuthSessionRow, PatientRow, utc_now
from db.schema import head
from recovery.access import Role, grant_admin, grant_clinic
from recovery.emergency import EmergencyReason
from tests.factories import make_patient
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, links, press, prose, refusals, sent, sign_in
from tests.small_clinic import SmallClinic
from tests.unit.content.folder import write
from ui.emergency_form import EMERGENCY_SAID
from ui.requests_list import ERASED
from ui.review_list import OPEN_PATIENT

BORN = date(1948, 3, 9)


def _admin(visit: Visit, clinic: SmallClinic, page: str) -> AppTest:
    return visit(clinic.administrator, f"admin/{page}.py")


def _only_assigned(database: Database, clinic: SmallClinic) -> None:
    with writing(database) as session:
        settings = replace(clinic_settings(session, clinic.administrator), only_assigned=True)
        change_settings(session, grant_admin(clinic.administrator), settings)


@on_one_engine
@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("invitations", "No code is on its way now."),
        ("requests", "Nobody asked."),
        ("sessions", "This one."),
        ("home", "3 staff accounts"),
    ],
)
def test_an_empty_page_says_so(visit: Visit, clinic: SmallClinic, page: str, words: str) -> None:
    """Before anything waits, each says what it is for."""
    assert words in prose(_admin(visit, clinic, page))


def test_a_code_is_taken_back(
    visit: Visit, clinic: SmallClinic, other_clinic: SmallClinic, database: Database
) -> None:
    """Whose it is can be read; it opens nothing afterwards; another clinic's is not shown."""
    with writing(database) as session:
        newcomer = make_patient(session, clinic.clinician, name="Ash canary")
        code = invite(session, newcomer, Role.PATIENT, utc_now()).code
        invite(session, other_clinic.own, Role.CARER, utc_now())
    app = _admin(visit, clinic, "invitations")
    assert "Ash canary" in prose(app)

    press(app, "Take the code back")

    assert "No code is on its way now." in prose(app)
    with reading(database) as session:
        assert find_offer(session, code, utc_now()) is None


def test_a_sign_in_of_the_clinic_is_ended(
    visit: Visit, clinic: SmallClinic, other_clinic: SmallClinic, database: Database
) -> None:
    """A patient's too; those of another clinic are not shown."""
    theirs = sign_in(database, clinic.patient)
    sign_in(database, other_clinic.clinician)
    app = _admin(visit, clinic, "sessions")
    assert "Other-clinician" not in prose(app)

    press(app, "End this sign-in")

    with reading(database) as session:
        assert session.get_one(AuthSessionRow, theirs).revoked_at is not None


def test_a_patient_is_erased_after_the_name_was_typed(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """The button waits for the name; then the record is gone and the page says about backups."""
    with writing(database) as session:
        request_erasure(session, clinic.own, utc_now())
    assert "1 request to look at" in prose(_admin(visit, clinic, "home"))
    app = _admin(visit, clinic, "requests")
    [button] = [each for each in app.button if each.label == "Erase for good"]
    assert button.disabled
    app.text_input[0].set_value("Rowan").run()
    [button] = [each for each in app.button if each.label == "Erase for good"]
    assert button.disabled

    app.text_input[0].set_value(" Rowan  Elm").run()
    press(app, "Erase for good")

    assert ERASED in prose(app)
    with reading(database) as session:
        assert session.exec(select(PatientRow)).all() == []


@on_one_engine
def test_a_wish_taken_back_meanwhile_is_refused(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """The patient changed their mind while the administrator typed."""
    with writing(database) as session:
        request_erasure(session, clinic.own, utc_now())
    app = _admin(visit, clinic, "requests")
    app.text_input[0].set_value("Rowan Elm").run()
    with writing(database) as session:
        withdraw_erasure_request(session, clinic.own)

    app.run()

    assert "Nobody asked." in prose(app)


@on_one_engine
def test_the_audit_is_shown_and_filtered(visit: Visit, clinic: SmallClinic) -> None:
    """By what happened and by whom; a patient is a key; the file follows the filter."""
    visit(clinic.clinician, "clinician/review.py")
    app = _admin(visit, clinic, "audit")
    [table] = app.table
    assert set(table.value["What"]) == {"review\\.listed", "patient\\.enrolled"}
    assert "Rowan Elm" not in sent(app)

    app.selectbox(key="audit-action").set_value("patient.enrolled").run()
    app.text_input(key="audit-by").set_value("clin & co").run()

    assert "No entry fits." in prose(app)
    [address] = links(app).values()
    assert address == "/audit-log.csv?action=patient.enrolled&by=clin+%26+co"


@on_one_engine
def test_the_system_page_says_what_runs(visit: Visit, clinic: SmallClinic) -> None:
    """Versions, schema and room."""
    shown = prose(_admin(visit, clinic, "system"))

    assert f"schema {head()}" in shown
    assert "sqlite" in shown
    assert "**Queue of alerts**: no open alert" in shown


@on_one_engine
def test_the_system_page_says_which_content_is_broken(
    visit: Visit, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """File, line and remedy, and that the last whole content is served; nothing once mended."""
    served = Served(write(tmp_path))
    monkeypatch.setattr(shelf, "_served", [served])
    assert _about_content(_admin(visit, clinic, "system")) == []
    file = tmp_path / "procedures" / "block" / "procedure.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("order: 1", "order: first_one"), encoding="utf-8")
    served.look()

    [said] = _about_content(_admin(visit, clinic, "system"))

    assert "Patients read the last content that was whole." in said
    assert "- procedure\\.yaml\\, line 2\\: order\\: Input should be a valid integer" in said
    assert "Check the value against its source and correct it" in said

    file.write_text(good + "\n", encoding="utf-8")
    served.look()
    assert _about_content(_admin(visit, clinic, "system")) == []


def _about_content(app: AppTest) -> list[str]:
    return [each.value for each in app.warning if "content" in each.value]


def test_an_emergency_from_the_list_to_its_review(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """Not on the list, opened with a reason, loud on the page, and reviewed."""
    _only_assigned(database, clinic)
    app = visit(clinic.assistant, "clinician/review.py")
    assert "Rowan Elm" not in sent(app)
    assert "Somebody else, in an emergency" in labels(app)
    app = visit(clinic.assistant, "clinician/emergency.py")
    press(app, "Open the record for one hour")
    assert refusals(app) == ["Choose the date of birth and a reason."]

    app.text_input(key="emergency-name").set_value("Rowan Elm")
    app.date_input(key="emergency-born").set_value(BORN)
    app.selectbox(key="emergency-reason").set_value(EmergencyReason.URGENT_CALL)
    app.text_area(key="emergency-words").set_value("canary: daughter called")
    press(app, "Open the record for one hour")

    assert EMERGENCY_SAID in prose(app)
    assert "Rowan Elm" in sent(app)
    assert not {"Pass it on", "Save who looks after them"} & set(labels(app))
    requests = _admin(visit, clinic, "requests")
    assert "An urgent call: canary\\: daughter called" in prose(requests)
    press(requests, "I reviewed this")
    assert "Reviewed 22 Nov 2026" in prose(requests)


@on_one_engine
def test_a_wrong_birthday_keeps_what_was_typed(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """Nobody is opened, and the sentence says what to check."""
    _only_assigned(database, clinic)
    app = visit(clinic.assistant, "clinician/emergency.py")
    app.text_input(key="emergency-name").set_value("Rowan Elm")
    app.date_input(key="emergency-born").set_value(date(1948, 3, 10))
    app.selectbox(key="emergency-reason").set_value(EmergencyReason.OTHER)
    app.text_area(key="emergency-words").set_value("canary")

    press(app, "Open the record for one hour")

    assert refusals(app) == ["Nobody of that name and birthday is in follow-up here. Check both."]
    assert app.text_area(key="emergency-words").value == "canary"


def test_colleagues_are_added_on_the_patients_page(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """Nobody left is refused; a colleague who is added sees the patient on the list."""
    _only_assigned(database, clinic)
    app = visit(clinic.clinician, "clinician/patient.py")
    app.session_state[OPEN_PATIENT] = str(clinic.own.patient_id)
    app.run()
    app.multiselect[0].set_value([]).run()
    press(app, "Save who looks after them")
    assert refusals(app) == ["Somebody has to look after this patient. Choose at least one."]

    people = [clinic.clinician.account_id, clinic.assistant.account_id]
    app.multiselect[0].set_value(people).run()
    press(app, "Save who looks after them")

    assert refusals(app) == []
    assert "Rowan Elm" in sent(visit(clinic.assistant, "clinician/review.py"))


@on_one_engine
def test_the_patient_sees_an_emergency_as_one(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """On the page of who looked."""
    _only_assigned(database, clinic)
    asked = Asked(
        patient_name="Rowan Elm",
        date_of_birth=BORN,
        reason=EmergencyReason.OTHER,
        words="canary",
    )
    with writing(database) as session:
        open_in_emergency(session, grant_clinic(clinic.assistant), asked, datetime.now(UTC))
    app = visit(clinic.assistant, "clinician/patient.py")
    app.session_state[OPEN_PATIENT] = str(clinic.own.patient_id)
    app.run()

    [table] = visit(clinic.patient, "account/my_data.py").table
    assert table.value["As"].tolist() == ["assistant, in an emergency"]
