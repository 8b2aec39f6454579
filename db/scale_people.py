"""The made-up people of a large database as the app itself would have stored and judged them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid4

from sqlmodel import Session

from db.assignments import assignment
from db.judging import Judging, judge_days
from db.models import (
    AccountRow,
    AlertActRow,
    AlertRow,
    ConsentRow,
    EpisodeRow,
    PlannedVisitRow,
    VisitNoteRow,
)
from db.patients import enrolment_rows, first_status, name_words
from db.scale_draws import Drawn
from db.scale_logs import add_log, at_hour
from db.status import alerts_of, locked_status, show_need
from db.sweep import RulesOf
from recovery.access import Actor, PatientAccess, Role, grant_patient
from recovery.alerts import AlertActKind, AlertState, CloseReason

NO_PASSWORD = "!"  # noqa: S105 - no hash has this form, so no password opens the account
_VISIT_PODS = (14, 42, 90, 180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """
    What people are made with.

    Attributes:
        rules_of: How recoveries are judged.
        consent_version: The words they agreed to.
        now: The instant (UTC) of the filling.
        dice: The only source of chance.
    """

    rules_of: RulesOf
    consent_version: str
    now: datetime
    dice: Random


def add_person(
    session: Session, clinician: Actor, drawn: Drawn, username: str, making: Making
) -> None:
    """
    Add a person with all that was logged, and judge a log that has ended as it was on its last day.

    What time and the log say today is left to ``db.sweep``.

    Args:
        session: A session of ``db.engine.writing``.
        clinician: Who looks after the person.
        drawn: Who it is.
        username: Of the person's account, which no password opens.
        making: What it is made with.
    """
    access = grant_patient(
        clinician, patient_id=drawn.enrolment.patient_id, clinic_id=clinician.clinic_id
    )
    patient, episode = enrolment_rows(drawn.enrolment, access)
    enrolled_at = at_hour(episode.procedure_date - timedelta(days=1), 15, making.dice)
    patient.created_at = episode.created_at = enrolled_at
    session.add(patient)
    session.flush()
    session.add_all([*name_words(patient), episode])
    session.flush()
    status = first_status(patient, episode)
    status.changed_at = enrolled_at
    account = _account(access, username, enrolled_at)
    session.add_all([status, account])
    session.flush()
    session.add(assignment(access, clinician.account_id, enrolled_at))
    session.add(_consent(access, account.id, making, enrolled_at))
    reports = add_log(session, episode, drawn, account.id, making.dice)
    session.add_all(_visits(episode, drawn, clinician.account_id, making))
    session.flush()
    if reports and not drawn.is_under_way and not drawn.kind.is_ordinary:
        _judge_and_close(session, episode, drawn.last_day, clinician.account_id, making)


def _account(access: PatientAccess, username: str, at: datetime) -> AccountRow:
    return AccountRow(
        clinic_id=access.clinic_id,
        patient_id=access.patient_id,
        username=username,
        display_name=username,
        role=Role.PATIENT,
        password_hash=NO_PASSWORD,
        created_at=at,
    )


def _consent(access: PatientAccess, by: UUID, making: Making, at: datetime) -> ConsentRow:
    return ConsentRow(
        clinic_id=access.clinic_id,
        patient_id=access.patient_id,
        text_version=making.consent_version,
        given_at=at,
        given_by=by,
    )


def _visits(
    episode: EpisodeRow, drawn: Drawn, by: UUID, making: Making
) -> Iterator[PlannedVisitRow | VisitNoteRow]:
    """Yield the visits up to the first that lies ahead, and a note of each that is over."""
    newest = drawn.last_day
    for pod in _VISIT_PODS:
        day = episode.procedure_date + timedelta(days=pod)
        yield PlannedVisitRow(
            clinic_id=episode.clinic_id,
            episode_id=episode.id,
            visit_date=day,
            created_at=episode.created_at,
            created_by=by,
        )
        if day > newest:
            return
        yield VisitNoteRow(
            clinic_id=episode.clinic_id,
            episode_id=episode.id,
            visit_date=day,
            text="Follow-up visit. Walking advised.",
            idempotency_key=uuid4(),
            created_at=at_hour(day, 15, making.dice),
            created_by=by,
        )


def _judge_and_close(
    session: Session, episode: EpisodeRow, day: date, by: UUID, making: Making
) -> None:
    """Judge a log as it stood when it ended; what was found was worked off a day later."""
    at = at_hour(day, 23, making.dice)
    rules = making.rules_of(episode.procedure, shares_augmentation_curve=True)
    judge_days(session, episode, Judging(rules=rules, now=at), [day])
    alerts = alerts_of(session, episode)
    closed_at = at + timedelta(hours=16)
    for alert in alerts:
        session.add(_closing(alert, by, closed_at))
    session.add_all(alerts)
    row = locked_status(session, episode)
    show_need(row, alerts, closed_at, by)
    session.add(row)
    session.flush()


def _closing(alert: AlertRow, by: UUID, at: datetime) -> AlertActRow:
    alert.state, alert.version = AlertState.CLOSED, 2
    alert.seen_at, alert.seen_by = at, by
    alert.closed_at, alert.closed_by, alert.close_reason = at, by, CloseReason.SPOKE
    return AlertActRow(
        clinic_id=alert.clinic_id,
        alert_id=alert.id,
        number=1,
        episode_id=alert.episode_id,
        kind=AlertActKind.CLOSED,
        reason=CloseReason.SPOKE,
        created_at=at,
        created_by=by,
    )


def settle_times(session: Session, keys: Sequence[tuple[UUID, UUID]], now: datetime) -> None:
    """
    Date what the first sweep opened and changed at *now* to the evening of the newest day.

    Otherwise everybody would seem to have changed at once.
    """
    for clinic_id, episode_id in keys:
        episode = session.get_one(EpisodeRow, (clinic_id, episode_id))
        row = locked_status(session, episode)
        alerts = alerts_of(session, episode)
        for alert in alerts:
            if alert.opened_at >= now:
                alert.opened_at = min(now, _evening(alert.last_day))
        session.add_all(alerts)
        if row.changed_at >= now:
            newest = [each.opened_at for each in alerts if each.state is not AlertState.CLOSED]
            shown = max(row.last_day, row.procedure_date - timedelta(days=1))
            row.changed_at = max([min(now, _evening(shown)), *newest])
        session.add(row)
    session.flush()


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(23, 30), tzinfo=UTC)
