"""One patient after another on one page: nothing of the one is said or done of the other, or kept."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from db.engine import Database, reading, writing
from db.judging import open_recorded
from db.models import AccountRow, ClinicRow, EpisodeRow, ErasureRequestRow
from db.patients import current_episode
from recovery.access import PatientAccess
from recovery.errors import DatabaseUnavailable
from recovery.judgement.reasons import Reason, ReasonKind
from tests.factories import NOW, TODAY, make_patient
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals
from tests.pages.patient import PAGE, open_record
from tests.small_clinic import SmallClinic
from ui.left_widgets import KEPT
from ui.review_list import OPEN_PATIENT
from ui.said import STAYS, WAITS

ALL, REVIEW = "Seen, all of them", "clinician/review.py"
YESTERDAY = TODAY - timedelta(days=1)
VALUES: dict[ReasonKind, dict[str, int | float | str]] = {
    ReasonKind.FALL: {"days": 1},
    ReasonKind.SILENCE: {"days": 6, "last_day": "2026-11-15"},
}


@pytest.fixture
def second(clinic: SmallClinic, database: Database) -> PatientAccess:
    """Return another patient of the clinic; both have two new alerts."""
    with writing(database) as session:
        second = make_patient(session, clinic.clinician, name="Aspen Yew")
        for access in (clinic.treating, second):
            episode = current_episode(session, access)
            row = session.get_one(EpisodeRow, (clinic.clinic_id, episode.id))
            for kind, values in VALUES.items():
                reason = Reason(kind=kind, first_day=YESTERDAY, last_day=YESTERDAY, values=values)
                open_recorded(session, row, reason, NOW)
    return second


def _open(app: AppTest, access: PatientAccess) -> None:
    app.switch_page(PAGE)
    app.session_state[OPEN_PATIENT] = str(access.patient_id)
    app.run()
    assert not app.exception


def _press_unseen(app: AppTest, label: str) -> None:
    """Press, and ask for the list before the page was drawn again."""
    [button] = [each for each in app.button if each.label == label]
    button.click()
    app.switch_page(REVIEW).run()


@on_one_engine
@pytest.mark.parametrize("is_shown", [True, False])
def test_alerts_of_one_are_not_said_to_be_seen_of_another(
    visit: Visit, clinic: SmallClinic, second: PatientAccess, is_shown: bool
) -> None:
    app = open_record(visit, clinic, clinic.treating.patient_id)
    if is_shown:
        press(app, ALL)
        assert "Noted: you have seen 2 alerts." in prose(app)
    else:
        _press_unseen(app, ALL)

    _open(app, second)

    assert ALL in labels(app)
    assert "Noted: you have seen" not in prose(app)


@on_one_engine
def test_who_looks_after_one_is_not_said_of_another(
    visit: Visit, clinic: SmallClinic, second: PatientAccess, database: Database
) -> None:
    with writing(database) as session:
        session.get_one(ClinicRow, clinic.clinic_id).only_assigned = True
    app = open_record(visit, clinic, clinic.treating.patient_id)

    _press_unseen(app, "Save who looks after them")
    _open(app, second)
    assert "Saved. They see this patient" not in prose(app)

    _open(app, clinic.treating)
    assert "Saved. They see this patient" in prose(app)


@on_one_engine
def test_why_an_erasure_was_not_passed_on_is_said(
    visit: Visit, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise DatabaseUnavailable("Nothing can be stored now. Try again in a minute.")

    app = open_record(visit, clinic, clinic.treating.patient_id)
    monkeypatch.setattr("ui.erasure_form.request_erasure", away)

    press(app, "Pass it on")

    assert refusals(app) == ["Nothing can be stored now. Try again in a minute."]


@on_one_engine
def test_a_press_on_the_page_of_one_is_not_done_to_another(
    visit: Visit, clinic: SmallClinic, second: PatientAccess, database: Database
) -> None:
    """However late it comes: the page of the other was drawn meanwhile."""
    app = open_record(visit, clinic, clinic.treating.patient_id)
    [button] = [each for each in app.button if each.label == "Pass it on"]
    _open(app, second)

    late = WidgetState(id=button.proto.id, trigger_value=True)
    app._run(WidgetStates(widgets=[late]))  # noqa: SLF001 - a browser sends no more than this

    with reading(database) as session:
        asked = session.exec(select(ErasureRequestRow.patient_id)).all()
    assert asked == [clinic.treating.patient_id]


@on_one_engine
def test_nothing_of_a_patient_stays_with_the_session(
    visit: Visit, clinic: SmallClinic, second: PatientAccess, clock: time_machine.Traveller
) -> None:
    """Neither what was pressed, nor what was typed, nor why it was refused."""
    app = open_record(visit, clinic, clinic.treating.patient_id)
    alert_ids = [
        str(each.key).removeprefix("alert-seen-") for each in app.button if each.label == "Seen"
    ]
    app.button(key=f"alert-seen-{alert_ids[0]}").click().run()
    app.text_area(key=f"alert-words-{alert_ids[0]}").set_value("canary: called")
    for alert_id in alert_ids:
        app.button(key=f"alert-acted-{alert_id}").click().run()
    assert refusals(app)
    app.text_area(key=f"visit-text-{clinic.treating.patient_id}").set_value("canary: walks")
    press(app, "Add note")
    press(app, "Make a new first password")
    app.switch_page(REVIEW).run()
    app.session_state[OPEN_PATIENT] = str(second.patient_id)

    for _ in range(2):
        app.run()
        clock.shift(max(KEPT, WAITS, STAYS))
    app.run()

    state = app.session_state._state._state  # noqa: SLF001 - what is kept shows nowhere else
    kept = {**state._old_state, **state._new_session_state}  # noqa: SLF001 - as above
    about = [str(clinic.treating.patient_id), *alert_ids, "canary", "Password"]
    held = {key: repr(value) for key, value in kept.items() if not key.startswith("$$")}
    # Its form stays in sight, whenever the page is opened again.
    assert held.pop("alerts-refused").count("UUID") == 1
    assert [key for key in held if any(each in f"{key} {held[key]}" for each in about)] == []
    assert kept["said"] == {}


@on_one_engine
def test_a_first_password_is_forgotten(
    visit: Visit, clinic: SmallClinic, database: Database, clock: time_machine.Traveller
) -> None:
    """It is shown once; whoever sits at the page an hour later has no use for it."""
    app = open_record(visit, clinic, clinic.treating.patient_id)
    press(app, "Make a new first password")
    with reading(database) as session:
        username = session.exec(
            select(AccountRow.username).where(AccountRow.patient_id == clinic.treating.patient_id)
        ).first()
    assert any(str(username) in each.value for each in app.code)

    app.switch_page(REVIEW).run()
    clock.shift(STAYS * 2)
    app.run()

    assert app.session_state["said"] == {}
