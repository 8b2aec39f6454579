"""What somebody decided on stays decided; what came after it asks anew."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session

from db.alerts import act_on_alert, list_alerts
from db.events import add_event
from db.reports import save_report
from recovery.alerts import Alert, AlertActKind, AlertPress, AlertState, CloseReason
from recovery.errors import StaleEntry
from recovery.judgement.reasons import ReasonKind
from recovery.reports import Event, EventKind
from tests.db.judged import judge, row_of
from tests.factories import NOW, TODAY, saving
from tests.small_clinic import SmallClinic

FEVER = frozenset({"fever"})
DAY = timedelta(days=1)


def _act(session: Session, clinic: SmallClinic, alert: Alert, **what: Any) -> None:
    press = AlertPress(alert_id=alert.alert_id, expected_version=alert.version, **what)
    act_on_alert(session, clinic.treating, press, today=TODAY, now=NOW)


def _close(session: Session, clinic: SmallClinic, alert: Alert) -> None:
    _act(session, clinic, alert, kind=AlertActKind.CLOSED, reason=CloseReason.SPOKE)


def test_a_new_sign_on_a_day_that_was_closed_opens_another(
    session: Session, clinic: SmallClinic
) -> None:
    """What somebody closed was not about the sign that came later; the same sign stays closed."""
    save_report(session, clinic.own, saving(warning_signs=FEVER))
    _close(session, clinic, list_alerts(session, clinic.treating)[0])

    again = saving(warning_signs=FEVER, worst_pain_nrs=6, expected_version=1)
    save_report(session, clinic.own, again)
    assert [each.state for each in list_alerts(session, clinic.treating)] == [AlertState.CLOSED]

    save_report(session, clinic.own, saving(warning_signs=FEVER | {"legs"}, expected_version=2))
    states = [each.state for each in list_alerts(session, clinic.treating)]
    assert states == [AlertState.NEW, AlertState.CLOSED]


DECIDED: list[dict[str, Any]] = [
    {"kind": AlertActKind.SEEN},
    {"kind": AlertActKind.ACTED, "words": "Called."},
    {"kind": AlertActKind.SNOOZED, "until": TODAY + 5 * DAY},
    {"kind": AlertActKind.CLOSED, "reason": CloseReason.SPOKE},
]


@pytest.mark.parametrize("what", DECIDED, ids=lambda what: what["kind"].value)
def test_a_graver_sign_of_a_day_that_was_decided_on_asks_anew(
    session: Session, clinic: SmallClinic, what: dict[str, Any]
) -> None:
    """Whatever was done about the fever was not about the legs."""
    save_report(session, clinic.own, saving(warning_signs=FEVER))
    _act(session, clinic, list_alerts(session, clinic.treating)[0], **what)

    more = FEVER | {"legs"}
    save_report(session, clinic.own, saving(warning_signs=more, expected_version=1))
    save_report(
        session, clinic.own, saving(warning_signs=more, worst_pain_nrs=9, expected_version=2)
    )

    alerts = list_alerts(session, clinic.treating)
    asking = [each for each in alerts if each.state is AlertState.NEW]
    assert [each.reason.values["signs"] for each in asking] == [["fever", "legs"]]
    assert len(alerts) == 2
    assert row_of(session, clinic.own).need > 0


def test_nobody_closes_a_sign_that_came_after_the_page(
    session: Session, clinic: SmallClinic
) -> None:
    """A sign ticked meanwhile makes another version, so the press is refused."""
    save_report(session, clinic.own, saving(warning_signs=FEVER))
    [looked_at] = list_alerts(session, clinic.treating)
    more = FEVER | {"legs"}
    save_report(session, clinic.own, saving(warning_signs=more, expected_version=1))

    with pytest.raises(StaleEntry):
        _close(session, clinic, looked_at)

    [alert] = list_alerts(session, clinic.treating)
    assert (alert.state, alert.reason.values["signs"]) == (AlertState.NEW, ["fever", "legs"])


def _pain(session: Session, clinic: SmallClinic, nrs: int) -> None:
    event = Event(kind=EventKind.SUDDEN_PAIN, occurred_at=NOW, pain_nrs=nrs)
    add_event(session, clinic.own, event, idempotency_key=uuid4(), now=NOW)


def test_a_second_sudden_pain_of_a_day_is_added_or_asks_anew(
    session: Session, clinic: SmallClinic
) -> None:
    """Added to an alert that nobody decided on, the higher pain shown; else an alert of its own."""
    _pain(session, clinic, 8)
    _pain(session, clinic, 10)
    _pain(session, clinic, 9)
    [alert] = list_alerts(session, clinic.treating)
    assert alert.reason.values["pain_nrs"] == 10

    _act(session, clinic, alert, kind=AlertActKind.SNOOZED, until=TODAY + 5 * DAY)
    assert row_of(session, clinic.own).need == 0
    _pain(session, clinic, 7)

    assert len(list_alerts(session, clinic.treating)) == 2
    assert row_of(session, clinic.own).need > 0


def test_what_lasted_until_it_was_closed_stays_closed(
    session: Session, clinic: SmallClinic
) -> None:
    """One quiet day long ago does not bring a closed alert back at the next report."""
    save_report(session, clinic.own, saving())
    judge(session, clinic, 6)
    back = TODAY + timedelta(days=7)
    report = saving(day=back, today=back, now=NOW + timedelta(days=7))
    save_report(session, clinic.own, report)
    judge(session, clinic, 13)
    judge(session, clinic, 26)
    _close(session, clinic, list_alerts(session, clinic.treating)[0])

    judge(session, clinic, 27)

    [alert] = list_alerts(session, clinic.treating)
    assert (alert.reason.kind, alert.state) == (ReasonKind.SILENCE, AlertState.CLOSED)


def test_a_sign_of_the_next_day_is_an_alert_of_its_own(
    session: Session, clinic: SmallClinic
) -> None:
    """Acted on yesterday, it asks for a look again today."""
    save_report(session, clinic.own, saving(day=TODAY - DAY, warning_signs=FEVER))
    save_report(session, clinic.own, saving(warning_signs=FEVER))

    days = [each.reason.last_day for each in list_alerts(session, clinic.treating)]
    assert days == [TODAY, TODAY - DAY]


def test_a_closed_silence_does_not_open_anew_while_it_lasts(
    session: Session, clinic: SmallClinic
) -> None:
    """Somebody spoke with the person; the same silence is not told again every day."""
    save_report(session, clinic.own, saving())
    judge(session, clinic, 6)
    _close(session, clinic, list_alerts(session, clinic.treating)[0])

    judge(session, clinic, 7)
    judge(session, clinic, 20)

    [alert] = list_alerts(session, clinic.treating)
    assert alert.state is AlertState.CLOSED
    assert row_of(session, clinic.own).need == 0
