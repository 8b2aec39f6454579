"""
What time alone changes: silence, the end of a snooze, and alerts that nobody touched.

Run every few minutes by the server. Each step looks up by an index what is due, so a run with
nothing to do is a few look-ups a clinic, and running twice changes nothing twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from db.audit import note_bare_act
from db.engine import Database, reading, writing
from db.judging import Judging, judge_days
from db.models import (
    NEVER,
    AccountRow,
    AlertActRow,
    AlertRow,
    AssignmentRow,
    ClinicRow,
    ConsentRow,
    EpisodeRow,
    EpisodeStatusRow,
)
from db.status import alerts_of, locked_status, show_need
from recovery.access import Role
from recovery.alerts import AlertActKind, AlertState
from recovery.days import today_in
from recovery.judgement.rules import ProcedureRules

BATCH = 20
"""Episodes or alerts changed in one transaction, so that nobody who saves waits long."""

FIRST_LOOK_DAYS = 14
"""Days back that are judged when an episode is judged for the first time, as after an upgrade."""

RulesOf = Callable[[str, bool], ProcedureRules]
"""Returns the rules of a procedure's id, given whether the clinic shares the augmentation curve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many episodes were judged anew, snoozes ended and alerts passed on."""

    judged: int = 0
    returned: int = 0
    escalated: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        """Add up two runs."""
        return Swept(
            judged=self.judged + other.judged,
            returned=self.returned + other.returned,
            escalated=self.escalated + other.escalated,
        )


def sweep(database: Database, rules_of: RulesOf, now: datetime) -> Swept:
    """Change what is due at *now* (UTC) in every clinic, a short transaction at a time."""
    with reading(database) as session:
        clinic_ids = session.exec(select(ClinicRow.id)).all()
    swept = Swept()
    for clinic_id in clinic_ids:
        for keys in _batches(database, clinic_id, now):
            with writing(database) as session:
                judged = [_judge_if_due(session, clinic_id, each, rules_of, now) for each in keys]
            swept += Swept(judged=sum(judged))
        with writing(database) as session:
            swept += Swept(returned=_return_snoozed(session, clinic_id, now))
        with writing(database) as session:
            swept += Swept(escalated=_escalate(session, clinic_id, now))
    return swept


def _batches(database: Database, clinic_id: UUID, now: datetime) -> Iterator[list[UUID]]:
    # No zone is more than a day ahead; which day a patient has is looked at one by one.
    latest = now.date() + timedelta(days=1)
    after = UUID(int=0)
    while True:
        with reading(database) as session:
            keys = session.exec(
                select(EpisodeStatusRow.episode_id)
                .where(
                    EpisodeStatusRow.clinic_id == clinic_id,
                    EpisodeStatusRow.judge_on <= latest,
                    EpisodeStatusRow.episode_id > after,
                )
                .order_by(col(EpisodeStatusRow.episode_id))
                .limit(BATCH)
            ).all()
        if not keys:
            return
        after = keys[-1]
        yield list(keys)


def _judge_if_due(
    session: Session, clinic_id: UUID, episode_id: UUID, rules_of: RulesOf, now: datetime
) -> bool:
    episode = session.get(EpisodeRow, (clinic_id, episode_id))
    if episode is None:
        return False
    row = locked_status(session, episode)
    today = today_in(row.time_zone, now)
    if row.judge_on > today:
        return False
    if episode.procedure_date > today:
        row.judge_on = episode.procedure_date
        session.add(row)
        return False
    clinic = session.get_one(ClinicRow, clinic_id)
    rules = rules_of(episode.procedure, clinic.shares_augmentation_curve)
    if withdrew(session, episode):
        rules = replace(rules, silence_days=None)
    judging = Judging(rules=rules, today=today, now=now)
    judge_days(session, episode, judging, _days_to_judge(row, today))
    return True


def _days_to_judge(row: EpisodeStatusRow, today: date) -> list[date]:
    back = FIRST_LOOK_DAYS if row.judge_on == NEVER else 1
    days = [today - timedelta(days=each) for each in range(back)]
    return [day for day in days if day >= row.procedure_date]


def withdrew(session: Session, episode: EpisodeRow) -> bool:
    """Tell whether the patient took the consent back, so that no report is expected."""
    ends = session.exec(
        select(ConsentRow.withdrawn_at).where(
            ConsentRow.clinic_id == episode.clinic_id, ConsentRow.patient_id == episode.patient_id
        )
    ).all()
    return bool(ends) and None not in ends


def _return_snoozed(session: Session, clinic_id: UUID, now: datetime) -> int:
    rows = session.exec(
        select(AlertRow)
        .where(
            AlertRow.clinic_id == clinic_id,
            col(AlertRow.snoozed_until) < now.date() + timedelta(days=1),
        )
        .order_by(col(AlertRow.episode_id), col(AlertRow.id))
        .limit(BATCH)
    ).all()
    return sum(_return(session, row, now) for row in rows)


def _return(session: Session, row: AlertRow, now: datetime) -> bool:
    episode = session.get_one(EpisodeRow, (row.clinic_id, row.episode_id))
    status = locked_status(session, episode)
    session.refresh(row)
    until, today = row.snoozed_until, today_in(status.time_zone, now)
    if until is None or today <= until:
        return False
    row.snoozed_until = None
    _note(session, row, AlertActKind.RETURNED, now)
    show_need(status, alerts_of(session, episode), now)
    session.add(status)
    return True


def _escalate(session: Session, clinic_id: UUID, now: datetime) -> int:
    clinic = session.get_one(ClinicRow, clinic_id)
    second = None if clinic.escalates_to is None else session.get(AccountRow, clinic.escalates_to)
    if second is None or not second.is_active or second.role is not Role.CLINICIAN:
        return 0
    rows = session.exec(
        select(AlertRow)
        .where(
            AlertRow.clinic_id == clinic_id,
            AlertRow.state == AlertState.NEW,
            col(AlertRow.escalated_at).is_(None),
            col(AlertRow.opened_at) <= now - timedelta(hours=clinic.escalate_after_hours),
        )
        .order_by(col(AlertRow.opened_at), col(AlertRow.id))
        .limit(BATCH)
    ).all()
    return sum(_pass_on(session, row, second.id, now) for row in rows)


def _pass_on(session: Session, row: AlertRow, to: UUID, now: datetime) -> bool:
    episode = session.get_one(EpisodeRow, (row.clinic_id, row.episode_id))
    status = locked_status(session, episode)
    session.refresh(row)
    if row.state is not AlertState.NEW or row.escalated_at is not None:
        return False
    row.escalated_at, row.escalated_to = now, to
    _let_see(session, row, to, now)
    _note(session, row, AlertActKind.ESCALATED, now)
    show_need(status, alerts_of(session, episode), now)
    session.add(status)
    note_bare_act(
        session,
        "alert.escalated",
        clinic_id=row.clinic_id,
        patient_id=row.patient_id,
        subject=str(row.id),
    )
    return True


def _let_see(session: Session, row: AlertRow, to: UUID, now: datetime) -> None:
    """Let the second clinician look after the patient, who may be others' alone to see."""
    key = (row.clinic_id, row.patient_id, to)
    if session.get(AssignmentRow, key) is None:
        session.add(
            AssignmentRow(
                clinic_id=row.clinic_id,
                patient_id=row.patient_id,
                account_id=to,
                created_at=now,
                created_by=to,
            )
        )


def _note(session: Session, row: AlertRow, kind: AlertActKind, now: datetime) -> None:
    row.version += 1
    session.add(row)
    session.add(
        AlertActRow(
            clinic_id=row.clinic_id,
            alert_id=row.id,
            number=row.version - 1,
            episode_id=row.episode_id,
            kind=kind,
            created_at=now,
        )
    )
    session.flush()
