"""Helpers: a patient asks somebody to help, sees who does, and ends it; a carer logs."""

import time_machine

from db.carers import list_carers
from db.engine import Database, reading
from db.reports import find_report
from tests.factories import TODAY
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals, sent
from tests.pages.pain import choose_pain
from tests.pages.report import key_of
from tests.small_clinic import SmallClinic
from ui.said import STAYS

PAGE, MAKE, BACK = "account/carers.py", "Make a code", "Take the code back"


@on_one_engine
def test_a_code_is_shown_once(
    visit: Visit, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """It is on the page after a press, and after a double one; soon only that there is one."""
    app = visit(clinic.patient, PAGE)
    press(app, MAKE)
    shown = app.code[0].value
    code = shown.split()[-1]
    press(app, MAKE)
    assert app.code[0].value == shown

    clock.shift(2 * STAYS)
    app.run()

    assert len(code.replace("-", "")) == 16
    assert not app.code
    assert code not in sent(app)
    assert "not used yet" in prose(app)
    press(app, BACK)
    assert BACK not in labels(app)


def test_a_carer_is_seen_and_ended(visit: Visit, clinic: SmallClinic, database: Database) -> None:
    """At once: the carer's open page shows nothing any more."""
    theirs = visit(clinic.carer)
    app = visit(clinic.patient, PAGE)
    assert "Carer" in prose(app)

    press(app, "Stop access for Carer")

    assert "Nobody helps you here yet." in prose(app)
    with reading(database) as session:
        assert list_carers(session, clinic.own) == []
    theirs.run()
    assert refusals(theirs) == ["You are signed out. Open the start page to sign in again."]


def test_a_carers_report_says_that_it_is_one(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """Stored as the carer's, and said so to the clinician."""
    app = visit(clinic.carer, "patient/today.py")
    assert "You help Rowan Elm" in sent(app)
    for question, value in (("worst", 6), ("average", 4)):
        choose_pain(app, key_of(app, question), value)
    press(app.run(), "Save")

    with reading(database) as session:
        stored = find_report(session, clinic.own, TODAY)
    assert stored is not None
    assert stored.is_by_proxy
    assert stored.updated_by == clinic.carer.account_id


@on_one_engine
def test_a_carer_has_no_page_of_helpers(visit: Visit, clinic: SmallClinic) -> None:
    """Whom the patient lets help is the patient's to decide."""
    assert "People who help you" not in labels(visit(clinic.carer))
    assert "People who help you" in labels(visit(clinic.patient))
