"""What time alone changes: each thing once, when it is due, in every clinic."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from db.alerts import act_on_alert, list_alerts
from db.assignments import list_colleagues
from db.clinics import change_settings, clinic_settings
from db.consents import withdraw_consent
from db.engine import Database, reading, writing
from db.models import NEVER, AlertRow, EpisodeStatusRow
from db.reports import save_report
from db.sweep import Swept, sweep
from recovery.access import Actor, grant_admin
from recovery.alerts import Alert, AlertActKind, AlertPress, AlertState
from recovery.errors import AccessDenied, InvalidEntry
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.rules import ProcedureRules
from tests.factories import NOW, RULES, TODAY, make_clinician_actor, saving
from tests.small_clinic import SmallClinic, make_small_clinic

DAY = timedelta(days=1)
SILENT = timedelta(days=RULES.silence_days or 0)
FEVER = frozenset({"fever"})


def _rules(procedure_id: str, shares_curve: bool) -> ProcedureRules:
    assert (procedure_id, shares_curve) == ("kyphoplasty", True)
    # Without a milestone, which would be due between.
    return replace(RULES, judging_day=None)


def _sweep(database: Database, now: datetime = NOW) -> Swept:
    return sweep(database, _rules, now)


def _alerts(database: Database, clinic: SmallClinic) -> list[Alert]:
    with reading(database) as session:
        return list_alerts(session, clinic.treating)


def _log_today(database: Database, clinic: SmallClinic, **answers: Any) -> None:
    pressed = replace(saving(**answers), rules=_rules("kyphoplasty", shares_curve=True))
    with writing(database) as session:
        save_report(session, clinic.own, pressed)


def _need(database: Database) -> int:
    with reading(database) as session:
        return max(session.exec(select(EpisodeStatusRow.need)))


def _change(database: Database, clinic: SmallClinic, *, hours: int, to: UUID | None) -> None:
    with writing(database) as session:
        now = clinic_settings(session, clinic.administrator)
        wanted = replace(now, escalate_after_hours=hours, escalates_to=to)
        change_settings(session, grant_admin(clinic.administrator), wanted)


def _second(database: Database, clinic: SmallClinic, *, hours: int) -> Actor:
    with writing(database) as session:
        second = make_clinician_actor(session, clinic.clinic_id, "second")
    _change(database, clinic, hours=hours, to=second.account_id)
    return second


def test_nothing_is_due_where_nobody_is_enrolled(database: Database) -> None:
    """An empty database is looked at and left alone."""
    assert _sweep(database) == Swept()


def test_silence_is_found_when_its_day_comes(database: Database, clinic: SmallClinic) -> None:
    """Also for somebody who never logged, at once; then it is not looked for any more."""
    silent = make_small_clinic(database, prefix="second")
    _log_today(database, clinic)

    assert _sweep(database).judged == 1
    assert [each.reason.kind for each in _alerts(database, silent)] == [ReasonKind.SILENCE]
    assert _alerts(database, clinic) == []
    assert _sweep(database) == Swept()

    assert _sweep(database, NOW + SILENT - DAY).judged == 0
    assert _sweep(database, NOW + SILENT).judged >= 1
    assert [each.reason.kind for each in _alerts(database, clinic)] == [ReasonKind.SILENCE]


def test_a_procedure_that_lies_ahead_is_not_judged(database: Database) -> None:
    """Nobody is silent before there is anything to log."""
    ahead = make_small_clinic(database, procedure_date=TODAY + 3 * DAY, brace_plan=None)

    assert _sweep(database).judged == 0
    assert _sweep(database, NOW + DAY).judged == 0
    assert _alerts(database, ahead) == []


def test_who_took_the_consent_back_is_not_called_silent(
    database: Database, clinic: SmallClinic
) -> None:
    """No report is expected of somebody who decided to log no more."""
    with writing(database) as session:
        withdraw_consent(session, clinic.own, NOW)

    _sweep(database, NOW + 2 * SILENT)

    assert _alerts(database, clinic) == []


def test_the_patients_own_day_counts(database: Database) -> None:
    """Late in the evening in New York it is not yet the day that the server has."""
    clinic = make_small_clinic(database)
    _log_today(database, clinic)
    evening = NOW.replace(hour=3) + SILENT

    assert _sweep(database, evening).judged == 0
    assert _sweep(database, evening + timedelta(hours=3)).judged == 1


def test_a_snooze_ends_by_itself(database: Database, clinic: SmallClinic) -> None:
    """Out of the list until its last day is over, then back, with an entry nobody made."""
    _log_today(database, clinic, warning_signs=FEVER)
    [alert] = _alerts(database, clinic)
    press = AlertPress(
        alert_id=alert.alert_id,
        expected_version=alert.version,
        kind=AlertActKind.SNOOZED,
        until=TODAY + DAY,
    )
    with writing(database) as session:
        act_on_alert(session, clinic.treating, press, today=TODAY, now=NOW)
    assert _need(database) == 0

    assert _sweep(database, NOW + DAY).returned == 0
    assert _need(database) == 0
    assert _sweep(database, NOW + 2 * DAY).returned == 1

    assert _need(database) > 0
    [alert] = _alerts(database, clinic)
    assert [(each.kind, each.by_name) for each in alert.acts] == [
        (AlertActKind.SNOOZED, "Clinician"),
        (AlertActKind.RETURNED, ""),
    ]
    assert (alert.state, alert.snoozed_until) == (AlertState.SEEN, None)


def test_an_untouched_alert_reaches_the_second_clinician(
    database: Database, clinic: SmallClinic
) -> None:
    """After the clinic's own hours, once, and the second one may open the record."""
    second = _second(database, clinic, hours=2)
    _log_today(database, clinic, warning_signs=FEVER)

    assert _sweep(database, NOW + timedelta(hours=1)).escalated == 0
    before = _need(database)
    assert _sweep(database, NOW + timedelta(hours=2)).escalated == 1
    assert _sweep(database, NOW + timedelta(hours=3)).escalated == 0

    assert _need(database) > before
    [alert] = _alerts(database, clinic)
    assert (alert.state, alert.escalated_at is not None) == (AlertState.NEW, True)
    with reading(database) as session:
        looking = {
            each.account_id
            for each in list_colleagues(session, clinic.treating)
            if each.is_assigned
        }
    assert second.account_id in looking


def test_a_touched_alert_is_not_passed_on(database: Database, clinic: SmallClinic) -> None:
    """Somebody saw it, so it is in somebody's hands."""
    _second(database, clinic, hours=1)
    _log_today(database, clinic, warning_signs=FEVER)
    [alert] = _alerts(database, clinic)
    press = AlertPress(
        alert_id=alert.alert_id, expected_version=alert.version, kind=AlertActKind.SEEN
    )
    with writing(database) as session:
        act_on_alert(session, clinic.treating, press, today=TODAY, now=NOW)

    assert _sweep(database, NOW + DAY).escalated == 0


def test_without_a_second_clinician_nothing_is_passed_on(
    database: Database, clinic: SmallClinic
) -> None:
    """The clinic named nobody."""
    _log_today(database, clinic, warning_signs=FEVER)

    assert _sweep(database, NOW + 3 * DAY).escalated == 0


def test_only_a_clinician_of_the_clinic_can_be_the_second(
    database: Database, clinic: SmallClinic
) -> None:
    """Neither an assistant nor somebody of another clinic; hours out of range are refused."""
    other = make_small_clinic(database, prefix="other")

    for to in (clinic.assistant.account_id, other.clinician.account_id):
        with pytest.raises(AccessDenied):
            _change(database, clinic, hours=2, to=to)
    for hours in (0, 337):
        with pytest.raises(InvalidEntry, match="from 1 to 336"):
            _change(database, clinic, hours=hours, to=None)


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

    _sweep(database)

    found = {each.reason.kind: each.holds for each in _alerts(database, clinic)}
    assert found[ReasonKind.CHANGE] is False
