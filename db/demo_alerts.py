"""What the demo's clinician did about alerts before anybody looks, so that the closed loop shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

from sqlmodel import Session, col, select

from db.alerts import act_on_alert
from db.demo import DEMO_USERNAMES
from db.demo_people import DEMO_ZONE
from db.engine import Database, writing
from db.models import AccountRow, AlertRow, EpisodeRow, PatientRow
from db.patients import authorize, get_patient
from recovery.access import Actor, Role
from recovery.alerts import AlertActKind, AlertPress, CloseReason
from recovery.days import today_in
from recovery.judgement.reasons import ReasonKind


@dataclass(frozen=True, slots=True)
class _Step:
    """One act, some hours after the alert was opened."""

    hours: int
    kind: AlertActKind
    words: str = ""
    reason: CloseReason | None = None


_SEEN = _Step(3, AlertActKind.SEEN)

_Histories = Mapping[ReasonKind, tuple[tuple[_Step, ...], ...]]
"""What was done about the alerts of a kind, one after the other by the patient's name."""

_ON_EVENTS: _Histories = {
    ReasonKind.SUDDEN_PAIN: ((_SEEN,),),
    ReasonKind.FALL: (
        (
            _SEEN,
            _Step(
                18,
                AlertActKind.CLOSED,
                "Called. Walks as before, no pain in a new place. Will call if that changes.",
                CloseReason.SPOKE,
            ),
        ),
        (_Step(20, AlertActKind.ACTED, "Called. Will be examined at the visit."),),
    ),
}
_ON_DAYS: _Histories = {
    ReasonKind.WARNING_SIGN: (
        (),
        (
            _SEEN,
            _Step(12, AlertActKind.ACTED, "Called. Pain in a new place, X-ray ordered for today."),
        ),
    ),
    ReasonKind.NO_RESPONSE: (
        (_Step(16, AlertActKind.ACTED, "Visit brought forward to look for other causes."),),
        (_SEEN,),
    ),
    ReasonKind.SILENCE: (
        (_Step(5, AlertActKind.ACTED, "Called, no answer. Left a message."),),
        (_SEEN,),
    ),
}


def work_off_events(database: Database, now: datetime) -> None:
    """Act at *now* (UTC) on what the demo's people recorded, before the first sweep."""
    _work_off(database, _ON_EVENTS, now)


def work_off_days(database: Database, now: datetime) -> None:
    """Act at *now* (UTC) on some of what was found about the days, dated back to when it was."""
    _work_off(database, _ON_DAYS, now)


def _work_off(database: Database, histories: _Histories, now: datetime) -> None:
    with writing(database) as session:
        clinician = _clinician(session)
        for kind, acts in histories.items():
            # The others of a kind nobody touched yet.
            for (alert, episode), steps in zip(_alerts(session, kind), acts, strict=False):
                alert.opened_at = min(now, _opened_at(alert, episode))
                session.add(alert)
                session.flush()
                for step in steps:
                    _act(session, clinician, alert, step, now)


def _clinician(session: Session) -> Actor:
    row = session.exec(
        select(AccountRow).where(AccountRow.username == DEMO_USERNAMES[Role.CLINICIAN])
    ).one()
    return Actor(
        account_id=row.id,
        clinic_id=row.clinic_id,
        role=Role.CLINICIAN,
        display_name=row.display_name,
        patient_id=None,
        session_id=uuid4(),
    )


def _alerts(session: Session, kind: ReasonKind) -> list[tuple[AlertRow, EpisodeRow]]:
    """Return the alerts of a kind with their episodes, by the patient's name."""
    rows = session.exec(
        select(AlertRow, EpisodeRow)
        .join(PatientRow, col(PatientRow.id) == col(AlertRow.patient_id))
        .join(EpisodeRow, col(EpisodeRow.id) == col(AlertRow.episode_id))
        .where(AlertRow.kind == kind)
        .order_by(col(PatientRow.name), col(AlertRow.first_day))
    )
    return list(rows)


def _opened_at(alert: AlertRow, episode: EpisodeRow) -> datetime:
    """Return when the alert would have been opened on a server that ran all the time."""
    match alert.kind:
        case ReasonKind.WARNING_SIGN:
            return datetime.combine(alert.first_day, time(23, 15), tzinfo=UTC)
        case ReasonKind.NO_RESPONSE:
            milestone = episode.procedure_date + timedelta(days=int(alert.figures["judging_day"]))
            return datetime.combine(milestone, time(23, 30), tzinfo=UTC)
        case ReasonKind.SILENCE:
            # The silence is counted from the day after the last report.
            due = alert.first_day + timedelta(days=int(alert.figures["silence_days"]) - 1)
            return datetime.combine(due, time(10), tzinfo=UTC)
        case _:
            return alert.opened_at


def _act(session: Session, clinician: Actor, alert: AlertRow, step: _Step, now: datetime) -> None:
    access = authorize(session, clinician, alert.patient_id)
    # Nobody acts on an alert without a look at the chart, which the patient is told of.
    get_patient(session, access)
    press = AlertPress(
        alert_id=alert.id,
        expected_version=alert.version,
        kind=step.kind,
        words=step.words,
        reason=step.reason,
    )
    at = min(now, alert.opened_at + timedelta(hours=step.hours))
    act_on_alert(session, access, press, today=today_in(DEMO_ZONE, now), now=at)
