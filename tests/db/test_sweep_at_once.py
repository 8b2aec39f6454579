"""Several sweeps at the same time, as of processes whose lock failed: nothing is done twice."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from db.alerts import act_on_alert, list_alerts
from db.clinics import change_settings, clinic_settings
from db.engine import Database, reading, writing
from db.models import AlertActRow, AlertRow, AuditRow
from db.sweep import Swept, sweep
from recovery.access import PatientAccess, grant_admin
from recovery.alerts import AlertActKind, AlertPress
from recovery.judgement.rules import ProcedureRules
from tests.db.acts import all_at_once
from tests.factories import NOW, RULES, TODAY, make_clinician_actor, make_patient
from tests.small_clinic import SmallClinic

PATIENTS = 25
SWEEPS = 4
DAY = timedelta(days=1)


def _rules(procedure_id: str, *, shares_augmentation_curve: bool) -> ProcedureRules:
    assert (procedure_id, shares_augmentation_curve) == ("kyphoplasty", True)
    return replace(RULES, judging_day=None)


def _swept_at_once(database: Database, now: datetime) -> Swept:
    """Sweep from several threads at once and once more after it, and add up what each did."""
    found = all_at_once(lambda _: sweep(database, _rules, now), SWEEPS)
    total = sweep(database, _rules, now)
    for each in found:
        assert isinstance(each, Swept), each
        total += each
    return total


@pytest.mark.parametrize("snoozed", [0, 7, PATIENTS])
def test_many_sweeps_at_once_do_what_one_does(
    database: Database, clinic: SmallClinic, snoozed: int
) -> None:
    """Each episode is judged once, each snooze ends once, each alert is passed on once."""
    with writing(database) as session:
        patients = [clinic.treating]
        patients += [make_patient(session, clinic.clinician) for _ in range(PATIENTS - 1)]
        second = make_clinician_actor(session, clinic.clinic_id, "second")
        wanted = replace(
            clinic_settings(session, clinic.administrator),
            escalate_after_hours=1,
            escalates_to=second.account_id,
        )
        change_settings(session, grant_admin(clinic.administrator), wanted)

    judged = _swept_at_once(database, NOW)
    _snooze(database, patients[:snoozed])
    later = _swept_at_once(database, NOW + 2 * DAY)

    assert judged == Swept(judged=PATIENTS)
    assert (later.returned, later.escalated) == (snoozed, PATIENTS - snoozed)
    with reading(database) as session:
        alerts = session.exec(select(AlertRow)).all()
        acts = Counter(session.exec(select(AlertActRow.alert_id, AlertActRow.kind)).all())
        noted = session.exec(
            select(AuditRow.subject).where(col(AuditRow.action) == "alert.escalated")
        ).all()
    assert len(alerts) == len({(each.episode_id, each.kind) for each in alerts}) == PATIENTS
    assert set(acts.values()) <= {1}
    assert len(noted) == len(set(noted)) == PATIENTS - snoozed


def _snooze(database: Database, patients: list[PatientAccess]) -> None:
    with writing(database) as session:
        for access in patients:
            [alert] = list_alerts(session, access)
            press = AlertPress(
                alert_id=alert.alert_id,
                expected_version=alert.version,
                kind=AlertActKind.SNOOZED,
                until=TODAY + DAY,
            )
            act_on_alert(session, access, press, today=TODAY, now=NOW)
