"""What time alone changes: each thing once, when it is due, in every clinic."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import select

from db.alerts import act_on_alert, list_alerts
from db.consents import give_consent, withdraw_consent
from db.engine import Database, writing
from db.events import add_event, list_events, withdraw_event
from db.judgement_settings import save_judgement_settings
from db.models import NEVER, AlertRow, EpisodeStatusRow
from db.reports import save_report
from db.sweep import Swept
from recovery.access import grant_admin
from recovery.alerts import AlertActKind, AlertPress, AlertState
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.settings import JudgementSettings
from recovery.reports import Event, EventKind
from tests.db.sweeping import alerts_of, highest_need, log_today, sweep_at
from tests.factories import NOW, RULES, TODAY, make_patient, saving
from tests.small_clinic import SmallClinic, make_small_clinic

DAY = timedelta(days=1)
SILENT = timedelta(days=RULES.silence_days or 0)
FEVER = frozenset({"fever"})


def test_nothing_is_due_where_nobody_is_enrolled(database: Database) -> None:
    """An empty database is looked at and left alone."""
    assert sweep_at(database) == Swept()


def test_silence_is_found_when_its_day_comes(database: Database, clinic: SmallClinic) -> None:
    """Also for somebody who never logged, at once; then it is not looked for any more."""
    silent = make_small_clinic(database, prefix="second")
    log_today(database, clinic)

    assert sweep_at(database).judged == 1
    assert [each.reason.kind for each in alerts_of(database, silent)] == [ReasonKind.SILENCE]
    assert alerts_of(database, clinic) == []
    assert sweep_at(database) == Swept()

    assert sweep_at(database, NOW + SILENT - DAY).judged == 0
    assert sweep_at(database, NOW + SILENT).judged >= 1
    assert [each.reason.kind for each in alerts_of(database, clinic)] == [ReasonKind.SILENCE]


def test_a_procedure_that_lies_ahead_is_not_judged(database: Database) -> None:
    """Nobody is silent before there is anything to log."""
    ahead = make_small_clinic(database, procedure_date=TODAY + 3 * DAY, brace_plan=None)

    assert sweep_at(database).judged == 0
    assert sweep_at(database, NOW + DAY).judged == 0
    assert alerts_of(database, ahead) == []


def test_who_took_the_consent_back_is_not_called_silent(
    database: Database, clinic: SmallClinic
) -> None:
    """No report is expected of somebody who decided to log no more."""
    with writing(database) as session:
        withdraw_consent(session, clinic.own, NOW)

    sweep_at(database, NOW + 2 * SILENT)

    assert alerts_of(database, clinic) == []


def test_the_patients_own_day_counts(database: Database) -> None:
    """Late in the evening in New York it is not yet the day that the server has."""
    clinic = make_small_clinic(database)
    log_today(database, clinic)
    evening = NOW.replace(hour=3) + SILENT

    assert sweep_at(database, evening).judged == 0
    assert sweep_at(database, evening + timedelta(hours=3)).judged == 1


def test_a_snooze_ends_by_itself(database: Database, clinic: SmallClinic) -> None:
    """Out of the list until its last day is over, then back, with an entry nobody made."""
    log_today(database, clinic, warning_signs=FEVER)
    [alert] = alerts_of(database, clinic)
    press = AlertPress(
        alert_id=alert.alert_id,
        expected_version=alert.version,
        kind=AlertActKind.SNOOZED,
        until=TODAY + DAY,
    )
    with writing(database) as session:
        act_on_alert(session, clinic.treating, press, today=TODAY, now=NOW)
    assert highest_need(database) == 0

    assert sweep_at(database, NOW + DAY).returned == 0
    assert highest_need(database) == 0
    assert sweep_at(database, NOW + 2 * DAY).returned == 1

    assert highest_need(database) > 0
    [alert] = alerts_of(database, clinic)
    assert [(each.kind, each.by_name) for each in alert.acts] == [
        (AlertActKind.SNOOZED, "Clinician"),
        (AlertActKind.RETURNED, ""),
    ]
    assert (alert.state, alert.snoozed_until) == (AlertState.SEEN, None)


def test_snoozes_of_today_hold_up_none_of_yesterday(
    database: Database, clinic: SmallClinic
) -> None:
    """However many are not due yet."""
    with writing(database) as session:
        for back in range(3):
            sign = saving(day=TODAY - back * DAY, warning_signs=FEVER)
            save_report(session, clinic.own, sign)
        for number, alert in enumerate(list_alerts(session, clinic.treating)):
            until = TODAY + DAY * (1 if number == 0 else 2)
            press = AlertPress(
                alert_id=alert.alert_id,
                expected_version=1,
                kind=AlertActKind.SNOOZED,
                until=until,
            )
            act_on_alert(session, clinic.treating, press, today=TODAY, now=NOW)

    assert [sweep_at(database, NOW + ahead * DAY).returned for ahead in (1, 2, 3)] == [0, 1, 2]


def test_the_first_look_goes_back_two_weeks(database: Database) -> None:
    """A log that was kept before anything judged it, as before an upgrade, is not taken as calm."""
    begun = TODAY - timedelta(days=40)
    clinic = make_small_clinic(database, procedure_date=begun, brace_plan=None)
    pains = [2] * 29 + [7] * 7 + [2] * 5
    with writing(database) as session:
        for pod, pain in enumerate(pains):
            day = begun + timedelta(days=pod)
            press = saving(day=day, today=day, worst_pain_nrs=pain, average_pain_nrs=pain)
            save_report(session, clinic.own, press)
        session.exec(sa.delete(AlertRow))
        [row] = session.exec(select(EpisodeStatusRow))
        row.judge_on = NEVER
        session.add(row)

    sweep_at(database)

    found = {each.reason.kind: each.holds for each in alerts_of(database, clinic)}
    assert found[ReasonKind.CHANGE] is False


def test_an_episode_that_cannot_be_judged_holds_up_no_other(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in its clinic nor in the next; what is logged is the kind of the error alone."""
    broken = make_small_clinic(database, prefix="broken")
    clinics = [make_small_clinic(database, prefix=name) for name in ("first", "second")]
    with writing(database) as session:
        make_patient(session, broken.clinician, name="Ann Ash")
        rows = session.exec(select(EpisodeStatusRow))
        for row in rows:
            if row.patient_id == broken.own.patient_id:
                row.time_zone = "Nowhere/Atlantis"
                session.add(row)

    assert sweep_at(database).judged == 3

    for clinic in clinics:
        assert [each.reason.kind for each in alerts_of(database, clinic)] == [ReasonKind.SILENCE]
    told = {record.getMessage() for record in caplog.records}
    assert told == {"Something due was left for later: InvalidEntry"}


def test_new_thresholds_let_silence_be_found_again(database: Database, clinic: SmallClinic) -> None:
    """A recovery that was past the last day for silence is looked at once the day lies later."""
    short, long = JudgementSettings(silence_until_day=10), JudgementSettings(silence_until_day=90)
    with writing(database) as session:
        saved = save_judgement_settings(session, grant_admin(clinic.administrator), short, NOW)
    log_today(database, clinic)
    sweep_at(database, NOW + 8 * DAY)
    assert alerts_of(database, clinic) == []

    with writing(database) as session:
        wanted = replace(long, version=saved.version)
        save_judgement_settings(session, grant_admin(clinic.administrator), wanted, NOW + 8 * DAY)
    sweep_at(database, NOW + 8 * DAY)

    assert [each.reason.kind for each in alerts_of(database, clinic)] == [ReasonKind.SILENCE]


def test_who_agrees_again_can_be_silent_again(database: Database, clinic: SmallClinic) -> None:
    """Reports are expected again from then on."""
    with writing(database) as session:
        withdraw_consent(session, clinic.own, NOW)
    sweep_at(database, NOW + DAY)
    assert alerts_of(database, clinic) == []

    with writing(database) as session:
        give_consent(session, clinic.own, "test", NOW + DAY)
    sweep_at(database, NOW + DAY)

    assert [each.reason.kind for each in alerts_of(database, clinic)] == [ReasonKind.SILENCE]


def test_the_first_look_finds_events_too(database: Database, clinic: SmallClinic) -> None:
    """A fall that was recorded before anything opened alerts; none that was taken back."""
    with writing(database) as session:
        for kind in (EventKind.FALL, EventKind.SUDDEN_PAIN):
            event = Event(kind=kind, occurred_at=NOW)
            add_event(session, clinic.own, event, idempotency_key=uuid4(), now=NOW)
        pain = list_events(session, clinic.own)[-1]
        assert pain.event_id is not None
        withdraw_event(session, clinic.own, pain.event_id, NOW)
        session.exec(sa.delete(AlertRow))

    sweep_at(database)

    found = {each.reason.kind for each in alerts_of(database, clinic)}
    kept = {EventKind.FALL: ReasonKind.FALL, EventKind.SUDDEN_PAIN: ReasonKind.SUDDEN_PAIN}
    assert found & set(kept.values()) == set(kept.values()) - {kept[pain.kind]}
