"""A press is done by somebody who is signed in still, also while the database comes and goes."""

import pytest
from sqlmodel import select

from db.engine import Database, reading, writing
from db.erasure import request_erasure
from db.models import AccountRow, AuthSessionRow, EpisodeRow, VisitQuestionRow, utc_now
from recovery.errors import DatabaseUnavailable
from tests.factories import NOW
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, refusals
from tests.pages.report import TODAY_PAGE, events
from tests.small_clinic import SmallClinic


def _end_all_sign_ins(database: Database) -> None:
    with writing(database) as session:
        for row in session.exec(select(AuthSessionRow)):
            row.revoked_at = utc_now()


def _away() -> None:
    raise DatabaseUnavailable("away")


@on_one_engine
def test_nobody_acts_after_the_sign_in_ended(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """Also when no page was drawn in between that would have said so."""
    people = visit(clinic.administrator, "admin/people.py")
    people.text_input(key="staff-name").set_value("Ash")
    people.text_input(key="staff-username").set_value("ash")
    people.selectbox[0].set_value(people.selectbox[0].options[0])
    asked = visit(clinic.patient)
    asked.text_area[0].set_value("May I swim?")
    _end_all_sign_ins(database)

    people.button(key="staff-add").click().run()
    asked.button(key="visit-question-add").click().run()

    with reading(database) as session:
        assert "ash" not in session.exec(select(AccountRow.username)).all()
    assert "signed out" in refusals(people)[0]


@on_one_engine
def test_a_press_is_not_dropped_when_nobody_can_tell_who_is_here(
    visit: Visit, clinic: SmallClinic, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database may be away at that moment alone; the press finds out, and says so at its place."""
    app = visit(clinic.patient, TODAY_PAGE)
    monkeypatch.setattr("ui.presses.signed_in_actor", _away)

    press(app, "A fall")

    assert len(events(database, clinic.own)) == 1
    assert "Recorded at" in app.success[0].value


@on_one_engine
def test_who_signed_out_does_nothing_when_only_the_first_question_failed(
    visit: Visit, clinic: SmallClinic, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked once more where the press is stored: the database was back by then."""
    with writing(database) as session:
        request_erasure(session, clinic.own, NOW)
    requests = visit(clinic.administrator, "admin/requests.py")
    requests.text_input[0].set_value("Rowan Elm").run()
    asked = visit(clinic.patient)
    asked.text_area[0].set_value("canary: swim?")
    _end_all_sign_ins(database)
    monkeypatch.setattr("ui.presses.signed_in_actor", _away)

    press(requests, "Erase for good")
    asked.button(key="visit-question-add").click().run()

    assert "signed out" in refusals(requests)[0]
    with reading(database) as session:
        assert session.exec(select(EpisodeRow.id)).all()
        assert not session.exec(select(VisitQuestionRow.id)).all()
