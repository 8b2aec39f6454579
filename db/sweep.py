"""
What time alone changes: silence, the end of a snooze, and alerts that nobody touched.

Run every few minutes by the server. Each step looks up by an index what is due, so a run with
nothing to do is a few look-ups a clinic, and running twice changes nothing twice.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from db.assignments import let_see
from db.audit import note_bare_act
from db.engine import Database, reading, writing
from db.events import LOOKED_AT, event_reason
from db.judging import Judging, judge_days, open_recorded
from db.models import (
    NEVER,
    AccountRow,
    AlertActRow,
    AlertRow,
    ClinicRow,
    ConsentRow,
    EpisodeRow,
    EpisodeStatusRow,
    EventRow,
)
from db.status import alerts_of, locked_status, show_need
from recovery.access import Role
from recovery.alerts import AlertActKind, AlertState
from recovery.days import latest_today, today_in
from recovery.errors import RecoveryError
from recovery.judgement.rules import ProcedureRules

_log = logging.getLogger(__name__)

BATCH = 20
"""Episodes judged in one transaction, so that nobody who saves waits long."""

FIRST_LOOK_DAYS = 14
"""Days back that are judged when an episode is judged for the first time, as after an upgrade."""


_LEFT_FOR_LATER = (RecoveryError, SQLAlchemyError, ValueError, LookupError, TypeError)


class RulesOf(Protocol):
    """Returns how recoveries from a procedure are judged."""

    def __call__(self, procedure_id: str, *, shares_augmentation_curve: bool) -> ProcedureRules:
        """
        Return the rules.

        Args:
            procedure_id: Name of its folder.
            shares_augmentation_curve: The clinic's setting.
        """


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
    """
    Change what is due at *now* (UTC) in every clinic, a short transaction at a time.

    What fails is logged by its kind and left for the next run; it holds up nothing else.
    """
    with reading(database) as session:
        clinic_ids = session.exec(select(ClinicRow.id).order_by(col(ClinicRow.id))).all()
    swept = Swept()
    for clinic_id in clinic_ids:
        for keys in _batches(database, clinic_id, now):
            judge = partial(_judge_due, clinic_id=clinic_id, rules_of=rules_of, now=now)
            swept += Swept(judged=_judged(database, judge, keys))
        for key in _snoozed(database, clinic_id, now):
            swept += Swept(returned=_tried(database, partial(_return, key=key, now=now)) or 0)
        for key in _untouched(database, clinic_id, now):
            swept += Swept(escalated=_tried(database, partial(_pass_on, key=key, now=now)) or 0)
    return swept


def _judged(database: Database, judge: Callable[..., int], keys: Sequence[UUID]) -> int:
    judged = _tried(database, partial(judge, keys=keys))
    if judged is not None:
        return judged
    # One by one, so that an episode that cannot be judged holds up no other.
    return sum(_tried(database, partial(judge, keys=[each])) or 0 for each in keys)


def _tried(database: Database, act: Callable[[Session], int]) -> int | None:
    """Return what *act* did in a transaction of its own; None when it failed, which is logged."""
    try:
        with writing(database) as session:
            return act(session)
    except _LEFT_FOR_LATER as error:
        # Its kind alone: the text of an error may hold values.
        _log.error("Something due was left for later: %s", type(error).__name__)
        return None


def _batches(database: Database, clinic_id: UUID, now: datetime) -> Iterator[list[UUID]]:
    after = UUID(int=0)
    while True:
        with reading(database) as session:
            keys = session.exec(
                select(EpisodeStatusRow.episode_id)
                .where(
                    EpisodeStatusRow.clinic_id == clinic_id,
                    # Which day a patient has is looked at one by one.
                    EpisodeStatusRow.judge_on <= latest_today(now),
                    EpisodeStatusRow.episode_id > after,
                )
                .order_by(col(EpisodeStatusRow.episode_id))
                .limit(BATCH)
            ).all()
        if not keys:
            return
        after = keys[-1]
        yield list(keys)


def _judge_due(
    session: Session, *, clinic_id: UUID, keys: Sequence[UUID], rules_of: RulesOf, now: datetime
) -> int:
    return sum(_judge_if_due(session, (clinic_id, each), rules_of, now) for each in keys)


def _judge_if_due(
    session: Session, key: tuple[UUID, UUID], rules_of: RulesOf, now: datetime
) -> bool:
    episode = session.get(EpisodeRow, key)
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
    clinic = session.get_one(ClinicRow, episode.clinic_id)
    rules = rules_of(episode.procedure, shares_augmentation_curve=clinic.shares_augmentation_curve)
    if withdrew(session, episode):
        rules = replace(rules, silence_days=None)
    is_first = row.judge_on == NEVER
    back = FIRST_LOOK_DAYS if is_first else 1
    days = [today - timedelta(days=each) for each in range(back)]
    judged = [day for day in days if day >= row.procedure_date]
    judge_days(session, episode, Judging(rules=rules, now=now), judged)
    if is_first:
        _open_events(session, episode, days[-1], now)
    return True


def _open_events(session: Session, episode: EpisodeRow, since: date, now: datetime) -> None:
    """Open alerts of falls and sudden pain that were recorded before anything was judged."""
    zone_name = locked_status(session, episode).time_zone
    known = {(each.kind, each.first_day) for each in alerts_of(session, episode)}
    rows = session.exec(
        select(EventRow).where(
            EventRow.clinic_id == episode.clinic_id,
            EventRow.episode_id == episode.id,
            col(EventRow.kind).in_(LOOKED_AT),
            col(EventRow.withdrawn_at).is_(None),
        )
    ).all()
    for row in rows:
        day = today_in(zone_name, row.occurred_at)
        if day >= since and (LOOKED_AT[row.kind], day) not in known:
            open_recorded(session, episode, event_reason(row.kind, day, row.pain_nrs), now)


def withdrew(session: Session, episode: EpisodeRow) -> bool:
    """Tell whether the patient took the consent back, so that no report is expected."""
    ends = session.exec(
        select(ConsentRow.withdrawn_at).where(
            ConsentRow.clinic_id == episode.clinic_id, ConsentRow.patient_id == episode.patient_id
        )
    ).all()
    return bool(ends) and None not in ends


def _snoozed(database: Database, clinic_id: UUID, now: datetime) -> list[tuple[UUID, UUID]]:
    with reading(database) as session:
        keys = session.exec(
            select(AlertRow.id).where(
                AlertRow.clinic_id == clinic_id, col(AlertRow.snoozed_until) < latest_today(now)
            )
        )
        return [(clinic_id, each) for each in keys]


def _return(session: Session, *, key: tuple[UUID, UUID], now: datetime) -> bool:
    row, episode, status = _held(session, key)
    until, today = row.snoozed_until, today_in(status.time_zone, now)
    if until is None or today <= until:
        return False
    row.snoozed_until = None
    _note(session, row, AlertActKind.RETURNED, now)
    show_need(status, alerts_of(session, episode), now)
    session.add(status)
    return True


def _untouched(database: Database, clinic_id: UUID, now: datetime) -> list[tuple[UUID, UUID]]:
    with reading(database) as session:
        clinic = session.get_one(ClinicRow, clinic_id)
        if _second(session, clinic) is None:
            return []
        keys = session.exec(
            select(AlertRow.id).where(
                AlertRow.clinic_id == clinic_id,
                AlertRow.state == AlertState.NEW,
                col(AlertRow.escalated_at).is_(None),
                col(AlertRow.opened_at) <= now - timedelta(hours=clinic.escalate_after_hours),
            )
        )
        return [(clinic_id, each) for each in keys]


def _second(session: Session, clinic: ClinicRow) -> UUID | None:
    """Return the clinic's second clinician, if it named one who still works there."""
    row = None if clinic.escalates_to is None else session.get(AccountRow, clinic.escalates_to)
    is_there = row is not None and row.is_active and row.role is Role.CLINICIAN
    return clinic.escalates_to if is_there else None


def _pass_on(session: Session, *, key: tuple[UUID, UUID], now: datetime) -> bool:
    row, episode, status = _held(session, key)
    to = _second(session, session.get_one(ClinicRow, row.clinic_id))
    if to is None or row.state is not AlertState.NEW or row.escalated_at is not None:
        return False
    row.escalated_at, row.escalated_to = now, to
    let_see(session, (row.clinic_id, row.patient_id), to, now)
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


def _held(
    session: Session, key: tuple[UUID, UUID]
) -> tuple[AlertRow, EpisodeRow, EpisodeStatusRow]:
    """Return an alert as it stands once its review row is held, the episode and that row."""
    row = session.get_one(AlertRow, key)
    episode = session.get_one(EpisodeRow, (row.clinic_id, row.episode_id))
    status = locked_status(session, episode)
    session.refresh(row)
    return row, episode, status


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
