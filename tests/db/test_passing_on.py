"""An alert that nobody touched is passed on to the second clinician after the clinic's own hours, once."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from db.alerts import act_on_alert
from db.assignments import end_assignments, list_colleagues
from db.clinics import change_settings, clinic_settings
from db.engine import Database, reading, writing
from db.models import AccountRow
from recovery.access import Actor, grant_admin
from recovery.alerts import AlertActKind, AlertPress, AlertState
from recovery.errors import AccessDenied, InvalidEntry
from tests.db.sweeping import alerts_of, highest_need, log_today, sweep_at
from tests.factories import NOW, TODAY, make_clinician_actor
from tests.small_clinic import SmallClinic, make_small_clinic

DAY = timedelta(days=1)
FEVER = frozenset({"fever"})


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


def test_an_untouched_alert_reaches_the_second_clinician(
    database: Database, clinic: SmallClinic
) -> None:
    """After the clinic's own hours, once, and the second one may open the record."""
    second = _second(database, clinic, hours=2)
    log_today(database, clinic, warning_signs=FEVER)

    assert sweep_at(database, NOW + timedelta(hours=1)).escalated == 0
    before = highest_need(database)
    assert sweep_at(database, NOW + timedelta(hours=2)).escalated == 1
    assert sweep_at(database, NOW + timedelta(hours=3)).escalated == 0

    assert highest_need(database) > before
    [alert] = alerts_of(database, clinic)
    assert (alert.state, alert.escalated_at is not None) == (AlertState.NEW, True)
    assert _looking(database, clinic) == {clinic.clinician.account_id, second.account_id}
    with reading(database) as session:
        name = session.get_one(AccountRow, second.account_id).display_name
    assert name
    assert [(act.by_name, act.to_name) for act in alert.acts] == [("", name)]


def _looking(database: Database, clinic: SmallClinic) -> set[UUID]:
    with reading(database) as session:
        colleagues = list_colleagues(session, clinic.treating)
    return {each.account_id for each in colleagues if each.is_assigned}


def test_passing_on_takes_nobodys_patient_from_nobody(
    database: Database, clinic: SmallClinic
) -> None:
    """Nobody's patient is everybody's, and is so afterwards."""
    _second(database, clinic, hours=1)
    with writing(database) as session:
        end_assignments(session, clinic.clinic_id, clinic.clinician.account_id)
    log_today(database, clinic, warning_signs=FEVER)

    assert sweep_at(database, NOW + DAY).escalated == 1

    assert _looking(database, clinic) == set()


def test_a_touched_alert_is_not_passed_on(database: Database, clinic: SmallClinic) -> None:
    """Somebody saw it, so it is in somebody's hands."""
    _second(database, clinic, hours=1)
    log_today(database, clinic, warning_signs=FEVER)
    [alert] = alerts_of(database, clinic)
    press = AlertPress(
        alert_id=alert.alert_id, expected_version=alert.version, kind=AlertActKind.SEEN
    )
    with writing(database) as session:
        act_on_alert(session, clinic.treating, press, today=TODAY, now=NOW)

    assert sweep_at(database, NOW + DAY).escalated == 0


def test_without_a_second_clinician_nothing_is_passed_on(
    database: Database, clinic: SmallClinic
) -> None:
    """The clinic named nobody."""
    log_today(database, clinic, warning_signs=FEVER)

    assert sweep_at(database, NOW + 3 * DAY).escalated == 0


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
