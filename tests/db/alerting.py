"""Alerts for tests: one opened, one acted on."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from db.alerts import act_on_alert, list_alerts
from db.judging import open_recorded
from db.models import AlertRow, EpisodeRow
from db.patients import current_episode
from recovery.access import PatientAccess
from recovery.alerts import (
    Alert,
    AlertActKind,
    AlertPress,
    CloseReason,
)
from recovery.judgement.reasons import Reason, ReasonKind
from tests.factories import NOW, TODAY
from tests.small_clinic import SmallClinic

SEEN, ACTED, SNOOZED, CLOSED = (
    AlertActKind.SEEN,
    AlertActKind.ACTED,
    AlertActKind.SNOOZED,
    AlertActKind.CLOSED,
)
WORDS = "=cmd <b>canary</b> \U0001f9b4 مرحبا"
LATER = NOW + timedelta(minutes=5)


def open_alert(session: Session, clinic: SmallClinic, kind: ReasonKind, day: date = TODAY) -> UUID:
    """Open an alert of what was recorded on a day, and return its key."""
    episode = current_episode(session, clinic.treating)
    row = session.get_one(EpisodeRow, (clinic.clinic_id, episode.id))
    open_recorded(session, row, Reason(kind=kind, first_day=day, last_day=day), NOW)
    [alert_id] = session.exec(
        select(AlertRow.id).where(AlertRow.kind == kind, AlertRow.first_day == day)
    )
    return alert_id


def press_on(alert_id: UUID, kind: AlertActKind, **changes: Any) -> AlertPress:
    """Return a press on an alert, with what its kind asks for."""
    usual: dict[AlertActKind, dict[str, Any]] = {
        ACTED: {"words": WORDS},
        SNOOZED: {"until": TODAY + timedelta(days=3)},
        CLOSED: {"reason": CloseReason.SPOKE},
    }
    fields = {"alert_id": alert_id, "expected_version": 1, "kind": kind, **usual.get(kind, {})}
    return AlertPress(**fields | changes)


def act(session: Session, access: PatientAccess, press: AlertPress) -> Alert:
    """Act on an alert."""
    return act_on_alert(session, access, press, today=TODAY, now=LATER)


def only_alert(session: Session, clinic: SmallClinic) -> Alert:
    """Return the only alert there is."""
    [alert] = list_alerts(session, clinic.treating)
    return alert
