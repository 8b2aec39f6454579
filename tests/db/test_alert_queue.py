"""The queue of alerts: counts of one clinic, without a patient."""

from datetime import timedelta

from sqlmodel import Session, select

from db.alert_queue import AlertQueue, alert_queue
from db.alerts import act_on_alert
from db.judging import open_recorded
from db.models import AlertRow, EpisodeRow
from db.patients import current_episode
from recovery.access import grant_admin
from recovery.alerts import AlertActKind, AlertPress, CloseReason
from recovery.judgement.reasons import Reason, ReasonKind
from tests.factories import NOW, TODAY
from tests.small_clinic import SmallClinic


def _open(session: Session, clinic: SmallClinic, days_back: int) -> None:
    episode = current_episode(session, clinic.treating)
    row = session.get_one(EpisodeRow, (clinic.clinic_id, episode.id))
    day = TODAY - timedelta(days=days_back)
    reason = Reason(kind=ReasonKind.FALL, first_day=day, last_day=day)
    open_recorded(session, row, reason, NOW - timedelta(days=days_back))


def _act(session: Session, clinic: SmallClinic, days_back: int, kind: AlertActKind) -> None:
    day = TODAY - timedelta(days=days_back)
    [key] = session.exec(
        select(AlertRow.id).where(AlertRow.clinic_id == clinic.clinic_id, AlertRow.first_day == day)
    )
    press = AlertPress(
        alert_id=key,
        expected_version=1,
        kind=kind,
        reason=CloseReason.SPOKE if kind is AlertActKind.CLOSED else None,
    )
    act_on_alert(session, clinic.treating, press, today=TODAY, now=NOW)


def test_a_clinic_without_alerts_has_no_queue(session: Session, clinic: SmallClinic) -> None:
    """Nothing counted, and no oldest."""
    queue = alert_queue(session, grant_admin(clinic.administrator))

    assert queue == AlertQueue(open=0, untouched=0, oldest_untouched=None)


def test_the_queue_counts_what_waits(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Closed alerts and another clinic's are not counted; a seen one is open, not untouched."""
    for days_back in (1, 2, 3, 4):
        _open(session, clinic, days_back)
    _open(session, other_clinic, 5)
    _act(session, clinic, 4, AlertActKind.CLOSED)
    _act(session, clinic, 3, AlertActKind.SEEN)

    queue = alert_queue(session, grant_admin(clinic.administrator))

    assert queue == AlertQueue(open=3, untouched=2, oldest_untouched=NOW - timedelta(days=2))
