"""Alerts on the patient's page: what they say, what is done with them, and what stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db.alerts import CHANGED_MEANWHILE, act_on_alert, list_alerts
from db.clinics import change_settings, clinic_settings
from db.emergencies import Asked, open_in_emergency
from db.engine import Database, reading, writing
from db.judging import open_recorded
from db.models import AlertRow, EpisodeRow
from db.patients import current_episode
from recovery.access import grant_admin, grant_clinic
from recovery.alerts import Alert, AlertActKind, AlertPress, AlertState, CloseReason
from recovery.emergency import EmergencyReason
from recovery.judgement.reasons import Reason, ReasonKind
from tests.factories import NOW, TODAY, enrolment
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals, sent
from tests.small_clinic import SmallClinic
from ui.alert_acts import ONE_CHANGED
from ui.alerts_panel import READ_ONLY
from ui.review_list import OPEN_PATIENT

PAGE = "clinician/patient.py"
ACTED, SNOOZE, CLOSE = "I acted on it", "Snooze it", "Close it"
WORDS = "canary: rang **twice**"
ALL, FOLD = "Seen, all of them", "History and acts"

Make = Callable[..., UUID]


@pytest.fixture
def made(database: Database, clinic: SmallClinic) -> Make:
    """Return the way to open an alert, which gives back its key."""

    def make(kind: ReasonKind = ReasonKind.FALL, **values: object) -> UUID:
        with writing(database) as session:
            episode = current_episode(session, clinic.treating)
            row = session.get_one(EpisodeRow, (clinic.clinic_id, episode.id))
            day = TODAY - timedelta(days=1)
            reason = Reason(kind=kind, first_day=day, last_day=day, values=values)  # type: ignore[arg-type]
            open_recorded(session, row, reason, NOW)
            return session.exec(select(AlertRow.id).where(AlertRow.kind == kind)).one()

    return make


def _open(visit: Visit, clinic: SmallClinic) -> AppTest:
    app = visit(clinic.clinician, PAGE)
    app.session_state[OPEN_PATIENT] = str(clinic.treating.patient_id)
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def _alerts(database: Database, clinic: SmallClinic) -> list[Alert]:
    with reading(database) as session:
        return list_alerts(session, clinic.treating)


def _by_a_colleague(database: Database, clinic: SmallClinic, alert: UUID, kind: str) -> None:
    pressed = AlertPress(
        alert_id=alert,
        expected_version=1,
        kind=AlertActKind(kind),
        words="others",
        reason=CloseReason.VISIT if kind == "closed" else None,
    )
    access = replace(clinic.treating, actor=clinic.assistant)
    with writing(database) as session:
        act_on_alert(session, access, pressed, today=TODAY, now=NOW)


@on_one_engine
def test_without_alerts_the_page_says_so(visit: Visit, clinic: SmallClinic) -> None:
    """No heading over nothing, and nothing to press."""
    app = _open(visit, clinic)

    assert "No open alert." in prose(app)
    assert not {"Seen", ACTED, SNOOZE, CLOSE} & set(labels(app))


@on_one_engine
def test_an_alert_says_what_since_when_and_by_which_settings(
    visit: Visit, clinic: SmallClinic, made: Make, database: Database
) -> None:
    """The heading, its figures, and that it does not hold any more, in words."""
    fall = made(ReasonKind.FALL, pain_nrs=9)
    rise = made(ReasonKind.SILENCE, days=6, last_day="2026-11-15")
    with writing(database) as session:
        for key in (fall, rise):
            row = session.get_one(AlertRow, (clinic.clinic_id, key))
            row.holds, row.settings_version = False, 3
            session.add(row)

    shown = prose(_open(visit, clinic))

    assert "**A fall** · new" in shown
    assert "Recorded on Sat 21 Nov, pain 9 of 10." in shown
    assert "Since 22 Nov 2026, recorded by the patient or a helper." in shown
    assert "Corrected since: it was taken back or changed." in shown
    assert "No report since Sun 15 Nov." in shown
    assert "Since 22 Nov 2026, by version 3 of the clinic's settings." in shown
    assert "By today's days this rule would not ask again." in shown


def test_an_alert_is_worked_off_step_by_step(
    visit: Visit, clinic: SmallClinic, made: Make, database: Database
) -> None:
    """Seen, acted on, snoozed and closed; each step stays, with who and why, also when closed."""
    key = made()
    app = _open(visit, clinic)
    press(app, "Seen")
    assert "Noted: you have seen this alert." in prose(app)
    assert "Seen" not in labels(app)

    app.text_area(key=f"alert-words-{key}").set_value(WORDS)
    press(app, ACTED)
    assert app.text_area(key=f"alert-words-{key}").value == ""
    app.date_input(key=f"alert-until-{key}").set_value(TODAY + timedelta(days=2))
    press(app, SNOOZE)
    assert "snoozed until Tue 24 Nov" in prose(app)
    app.selectbox(key=f"alert-why-{key}").set_value(CloseReason.SPOKE)
    press(app, CLOSE)

    shown = prose(app)
    assert "No open alert." in shown
    assert "Closed. It stays under the closed alerts." in shown
    assert "- Acted on by Clinician on 22 Nov 2026" in shown
    assert WORDS in shown
    assert "- Snoozed until Tue 24 Nov by Clinician" in shown
    assert ": spoke with the patient" in shown
    [alert] = _alerts(database, clinic)
    assert [each.kind.value for each in alert.acts] == ["seen", "acted", "snoozed", "closed"]


def _acts(database: Database, clinic: SmallClinic) -> list[list[str]]:
    return [[act.kind.value for act in each.acts] for each in _alerts(database, clinic)]


def test_several_new_alerts_are_seen_at_one_press(
    visit: Visit, clinic: SmallClinic, made: Make, database: Database
) -> None:
    """Each has its own act; one that was seen before gets none, and one alone has no such button."""
    key = made()
    assert ALL not in labels(_open(visit, clinic))
    _by_a_colleague(database, clinic, key, "seen")
    made(ReasonKind.SILENCE, days=6, last_day="2026-11-15")
    made(ReasonKind.WARNING_SIGN, signs=["fever"])
    app = _open(visit, clinic)

    press(app, ALL)

    assert "Noted: you have seen 2 alerts." in prose(app)
    assert not {ALL, "Seen"} & set(labels(app))
    assert _acts(database, clinic) == [["seen"]] * 3
    assert [each.acts[0].by_name for each in _alerts(database, clinic)].count("Assistant") == 1


@on_one_engine
def test_none_is_seen_when_one_of_several_changed_meanwhile(
    visit: Visit, clinic: SmallClinic, made: Make, database: Database
) -> None:
    """All are noted or none is, and the page shows what stands now."""
    key = made()
    for kind in (ReasonKind.SILENCE, ReasonKind.MEDICINE):
        made(kind, days=6, last_day="2026-11-15", before=1, now=4)
    app = _open(visit, clinic)
    _by_a_colleague(database, clinic, key, "seen")

    press(app, ALL)

    assert refusals(app) == [ONE_CHANGED]
    assert sorted(_acts(database, clinic)) == [[], [], ["seen"]]
    press(app, ALL)
    assert _acts(database, clinic) == [["seen"]] * 3


@on_one_engine
def test_the_fold_of_an_alert_opens_where_a_press_was_refused(
    visit: Visit, clinic: SmallClinic, made: Make
) -> None:
    """It is closed at first; what is missing can be filled in without looking for the form."""
    made()
    app = _open(visit, clinic)
    assert [_is_open(app, FOLD)] == [False]

    press(app, ACTED)

    assert _is_open(app, FOLD)


def _is_open(app: AppTest, label: str) -> bool:
    [fold] = [each for each in app.expander if each.label == label]
    return bool(fold.proto.expanded)


@on_one_engine
def test_refusals_keep_what_was_typed(
    visit: Visit, clinic: SmallClinic, made: Make, database: Database
) -> None:
    """Each names what is missing; words, day and reason stay in the form."""
    key = made()
    app = _open(visit, clinic)
    press(app, ACTED)
    assert refusals(app) == ["Write what you did, then press it again."]
    app.text_area(key=f"alert-words-{key}").set_value(WORDS)
    app.date_input(key=f"alert-until-{key}").set_value(TODAY)
    press(app, SNOOZE)
    assert "from tomorrow up to 30 days ahead" in refusals(app)[0]
    press(app, CLOSE)
    assert refusals(app) == ["Say why this alert can be closed, then close it again."]
    app.text_area(key=f"alert-words-{key}").set_value(" ")
    app.selectbox(key=f"alert-why-{key}").set_value(CloseReason.OTHER)
    press(app, CLOSE)
    assert refusals(app) == ["Write in a few words why this alert can be closed."]

    assert app.selectbox(key=f"alert-why-{key}").value is CloseReason.OTHER
    assert app.date_input(key=f"alert-until-{key}").value == TODAY
    [alert] = _alerts(database, clinic)
    assert (alert.state, alert.acts) == (AlertState.NEW, ())


@on_one_engine
def test_a_colleague_who_acted_meanwhile_is_shown(
    visit: Visit, clinic: SmallClinic, made: Make, database: Database
) -> None:
    """The press is refused, the newest state drawn, the words kept; the next press acts."""
    key = made()
    app = _open(visit, clinic)
    app.text_area(key=f"alert-words-{key}").set_value(WORDS)
    _by_a_colleague(database, clinic, key, "acted")

    press(app, ACTED)

    assert refusals(app) == [CHANGED_MEANWHILE]
    assert "- Acted on by Assistant" in prose(app)
    assert app.text_area(key=f"alert-words-{key}").value == WORDS
    press(app, ACTED)
    [alert] = _alerts(database, clinic)
    assert [each.words for each in alert.acts] == ["others", WORDS]


@on_one_engine
def test_words_about_an_alert_that_was_closed_meanwhile_are_not_lost(
    visit: Visit, clinic: SmallClinic, made: Make, database: Database
) -> None:
    """Its form is gone, so what was typed stands beside the refusal."""
    key = made()
    app = _open(visit, clinic)
    app.text_area(key=f"alert-words-{key}").set_value(WORDS)
    _by_a_colleague(database, clinic, key, "closed")

    press(app, ACTED)

    assert refusals(app) == [CHANGED_MEANWHILE]
    assert "You had written:" in prose(app)
    assert WORDS in prose(app)
    assert ACTED not in labels(app)


@on_one_engine
def test_a_double_click_acts_once(
    visit: Visit, clinic: SmallClinic, made: Make, database: Database
) -> None:
    """The second one is not refused for its emptied field, and adds nothing."""
    key = made()
    app = _open(visit, clinic)
    app.text_area(key=f"alert-words-{key}").set_value(WORDS)
    press(app, ACTED)

    press(app, ACTED)

    assert refusals(app) == []
    [alert] = _alerts(database, clinic)
    assert [each.words for each in alert.acts] == [WORDS]


@on_one_engine
def test_in_an_emergency_alerts_are_read_only(
    visit: Visit, clinic: SmallClinic, made: Make, database: Database
) -> None:
    """They are shown, and said to be others' to act on."""
    made()
    with writing(database) as session:
        settings = replace(clinic_settings(session, clinic.administrator), only_assigned=True)
        change_settings(session, grant_admin(clinic.administrator), settings)
        asked = Asked(
            patient_name="Rowan Elm",
            date_of_birth=enrolment().date_of_birth,
            reason=EmergencyReason.OTHER,
            words="canary",
        )
        open_in_emergency(session, grant_clinic(clinic.assistant), asked, NOW)
    app = visit(clinic.assistant, PAGE)
    app.session_state[OPEN_PATIENT] = str(clinic.treating.patient_id)
    app.run()

    assert "**A fall** · new" in prose(app)
    assert READ_ONLY in prose(app)
    assert not {"Seen", ACTED, SNOOZE, CLOSE} & set(labels(app))


@on_one_engine
def test_the_patient_sees_none_of_it(visit: Visit, clinic: SmallClinic, made: Make) -> None:
    """Neither the alert nor what was written about it."""
    made()

    for page in ("patient/home.py", "patient/progress.py"):
        assert "Alerts" not in sent(visit(clinic.patient, page))
