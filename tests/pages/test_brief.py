"""Visit brief: on the screen and as a PDF, of a patient who is the reader's to see."""

from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from db.assignments import assign
from db.engine import Database, reading, writing
from db.models import ClinicRow
from db.reports import save_report
from tests.db.acts import acts, entries
from tests.factories import NOW, TODAY, make_clinician_actor, saving
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import app_of, press, prose, refusals, sent, sign_in
from tests.pages.visits import ask, handed_over, pages_of
from tests.small_clinic import SmallClinic
from ui.plain_text import plain
from ui.review_list import OPEN_PATIENT

pytestmark = on_one_engine

PAGE = "clinician/brief.py"
QUESTION = "canary #let $x$ \\ *May I drive?*"


def _open(database: Database, clinic: SmallClinic, patient_id: object) -> AppTest:
    app = app_of(sign_in(database, clinic.clinician))
    app.session_state[OPEN_PATIENT] = str(patient_id)
    app.switch_page(PAGE)
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def test_without_a_patient_there_is_no_brief(visit: Visit, clinic: SmallClinic) -> None:
    """The page says where to open one."""
    app = visit(clinic.clinician, PAGE)

    assert "Open a patient from the list" in prose(app)
    assert not app.table


@pytest.mark.parametrize("whose", ["unknown", "not a key", "other clinic"])
def test_a_patient_who_is_not_theirs_is_refused(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic, whose: str
) -> None:
    """What is another's and what does not exist look the same, and nothing is noted."""
    keys = {"unknown": uuid4(), "not a key": "x", "other clinic": other_clinic.own.patient_id}
    app = _open(database, clinic, keys[whose])

    assert refusals(app) == ["This record is not available to you. Go back to your start page."]
    assert "Rowan Elm" not in sent(app)
    with reading(database) as session:
        assert "brief.read" not in acts(session)


def test_an_empty_log_has_a_brief(database: Database, clinic: SmallClinic) -> None:
    """It says what is missing, and draws an empty chart."""
    app = _open(database, clinic, clinic.own.patient_id)

    assert plain("Rowan Elm, 78") == app.title[0].value
    shown = app.table[0].value.set_index("What")["In numbers"]
    assert shown["Logged"] == "0 of 10 days"
    assert shown["Worst"] == "no day logged"
    assert "nothing written" in prose(app)
    assert "To print, use the PDF." in prose(app)


def test_what_the_patient_asks_is_shown_as_typed(database: Database, clinic: SmallClinic) -> None:
    """Nothing in it is read as markup, on the screen or on paper."""
    with writing(database) as session:
        ticked = frozenset({"fever"})
        answers = saving(worst_pain_nrs=9, average_pain_nrs=4, warning_signs=ticked)
        save_report(session, clinic.own, answers)
    ask(database, clinic.own, QUESTION)
    app = _open(database, clinic, clinic.own.patient_id)

    assert f"\u201c{QUESTION}\u201d" in [each.value for each in app.text]
    assert handed_over(app) == []
    press(app, "Download PDF")

    [file] = handed_over(app)
    [page] = pages_of(file)
    assert f"\u201c{QUESTION}\u201d" in page
    assert "Rowan Elm, 78" in page
    assert "9 on 22 Nov" in page
    assert "1 of 11 days" in page
    assert "1 warning-sign day, 22 Nov" in page
    assert "1 open of 1: warning sign 22 Nov (fever or chills)" in page


def test_the_file_tells_nobodys_name_and_is_not_kept(
    database: Database, clinic: SmallClinic
) -> None:
    """Its name holds the day alone; the next run of the page takes it off."""
    app = press(_open(database, clinic, clinic.own.patient_id), "Download PDF")
    [file] = handed_over(app)
    assert (file["name"], file["kind"]) == (f"visit-brief-{TODAY}.pdf", "application/pdf")

    app.run()

    assert handed_over(app) == []


def test_reading_and_taking_away_are_noted(database: Database, clinic: SmallClinic) -> None:
    """Each once for its run, about the patient, with no health fact."""
    app = _open(database, clinic, clinic.own.patient_id)
    press(app, "Download PDF")

    with reading(database) as session:
        counted = acts(session)
        noted = [each for each in entries(session) if each.action.startswith("brief.")]
    assert (counted["brief.read"], counted["brief.exported"]) == (1, 1)
    assert counted["chart.read"] == 1
    assert {each.patient_id for each in noted} == {clinic.own.patient_id}
    assert {each.subject for each in noted} == {""}


def test_an_access_that_ended_hands_over_nothing(database: Database, clinic: SmallClinic) -> None:
    """The press asks anew, however long the page stood open."""
    app = _open(database, clinic, clinic.own.patient_id)
    with writing(database) as session:
        session.get_one(ClinicRow, clinic.clinic_id).only_assigned = True
        second = make_clinician_actor(session, clinic.clinic_id, "second")
        assign(session, clinic.treating, {second.account_id}, NOW)

    press(app, "Download PDF")

    assert handed_over(app) == []
    assert refusals(app) == ["This record is not available to you. Go back to your start page."]
