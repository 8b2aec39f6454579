"""Judging in the transaction of what changes a log: alerts are opened, none is ever taken away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from db.counting import keep_outcome
from db.judgement_settings import settings_in_force
from db.models import (
    NOT_AGAIN,
    AlertRow,
    DailyReportRow,
    EpisodeRow,
    EpisodeStatusRow,
)
from db.status import alerts_of, locked_status, show_days, show_need
from recovery.alerts import AlertState
from recovery.days import post_procedure_day
from recovery.episodes import BracePlan
from recovery.judgement.judge import judge
from recovery.judgement.log import Log, LoggedDay
from recovery.judgement.opening import Arming
from recovery.judgement.reasons import Judgement, Reason, ReasonKind
from recovery.judgement.rules import ProcedureRules
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.silence import silent_from
from recovery.outcomes import outcome_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """
    What judging rests on beside the log.

    Attributes:
        rules: Of the episode's procedure.
        today: The patient's own day.
        now: The instant (UTC).
    """

    rules: ProcedureRules
    today: date
    now: datetime


def judge_days(
    session: Session, episode: EpisodeRow, judging: Judging, days: Iterable[date]
) -> EpisodeStatusRow:
    """
    Judge an episode as it stood on each of some days, and on its newest logged day.

    What was found opens alerts or is added to open ones; what the newest answers do not say any
    more is marked so and stays. A late or corrected report names the days it touches.

    Args:
        session: A session of ``db.engine.writing``.
        episode: Whose.
        judging: The rules and the time.
        days: Days that may have changed, in the patient's calendar.

    Returns:
        The review row, held until the transaction ends.
    """
    row = locked_status(session, episode)
    session.flush()
    log, worst = read_log(session, episode)
    settings = settings_in_force(session, episode.clinic_id)
    last_day = max([log.days[-1].day if log.days else episode.procedure_date, *days])
    judged = [judge(log, judging.rules, settings, day) for day in sorted({*days, last_day})]
    alerts = _kept(
        alerts_of(session, episode), (episode, log), judged, (settings.version, judging.now)
    )
    session.add_all(alerts)
    show_days(row, log.days, worst)
    keep_outcome(session, episode, outcome_of(log, judging.rules.milestone_days))
    row.judge_on = _judged_next(log, (judging.rules, settings), judged[-1])
    show_need(row, alerts, judging.now)
    session.add(row)
    return row


def open_recorded(session: Session, episode: EpisodeRow, reason: Reason, now: datetime) -> None:
    """Open an alert for what the person recorded, unless one of that day is open."""
    row = locked_status(session, episode)
    alerts = alerts_of(session, episode)
    key = reason.kind, reason.first_day
    if not any((each.kind, each.first_day) == key and _is_open(each) for each in alerts):
        version = settings_in_force(session, episode.clinic_id).version
        alerts.append(_alert(episode, reason, version, now))
    session.add_all(alerts)
    show_need(row, alerts, now)
    session.add(row)


def unsay_recorded(
    session: Session, episode: EpisodeRow, kind: ReasonKind, day: date, now: datetime
) -> None:
    """Mark the open alert of a day whose record was taken back; it stays for the clinician."""
    row = locked_status(session, episode)
    alerts = alerts_of(session, episode)
    for alert in alerts:
        if (alert.kind, alert.first_day) == (kind, day) and _is_open(alert):
            alert.holds = False
            session.add(alert)
    show_need(row, alerts, now)
    session.add(row)


def read_log(session: Session, episode: EpisodeRow) -> tuple[Log, int | None]:
    """Return what rules read of an episode, and the worst pain of its newest logged day."""
    table = DailyReportRow
    plan = _plan(episode)
    # Columns and not rows: a year of reports is read in the time of one save.
    rows = (
        session.connection()
        .execute(
            sa.select(
                col(table.day),
                col(table.average_pain_nrs),
                col(table.worst_pain_nrs),
                col(table.brace_hours),
                col(table.medicine),
                col(table.medicine_times),
                col(table.warning_signs),
                col(table.activity),
            )
            .where(col(table.clinic_id) == episode.clinic_id, col(table.episode_id) == episode.id)
            .order_by(col(table.day))
        )
        .all()
    )
    log = Log(
        procedure_date=episode.procedure_date,
        baseline_nrs=episode.baseline_nrs,
        days=tuple(
            LoggedDay(
                day=day,
                pod=post_procedure_day(episode.procedure_date, day),
                pain_nrs=average,
                worn_hours=worn,
                planned_hours=None if plan is None else plan.hours_on(day),
                medicine=medicine,
                medicine_times=times,
                warning_signs=frozenset(signs or ()),
                activity=activity,
            )
            for day, average, _, worn, medicine, times, signs, activity in rows
        ),
    )
    return log, rows[-1].worst_pain_nrs if rows else None


def _plan(episode: EpisodeRow) -> BracePlan | None:
    if episode.brace_hours_per_day is None or episode.brace_from is None:
        return None
    return BracePlan(
        hours_per_day=episode.brace_hours_per_day,
        from_date=episode.brace_from,
        to_date=episode.brace_to,
    )


def _kept(
    alerts: list[AlertRow],
    whose: tuple[EpisodeRow, Log],
    judged: Sequence[Judgement],
    made_with: tuple[int, datetime],
) -> list[AlertRow]:
    """Return the alerts with what was found on some days, the newest day last, and new ones."""
    episode, log = whose
    newest = {_key(each) for each in judged[-1].reasons}
    # A sign holds for as long as it stands in the log, however long ago it was ticked.
    newest |= {(ReasonKind.WARNING_SIGN, each.day) for each in log.days if each.warning_signs}
    found = {_key(each): each for judgement in judged for each in judgement.reasons}
    for key, reason in found.items():
        latest = _latest(alerts, key)
        if latest is not None and _is_open(latest):
            _extend(latest, reason)
        elif latest is None or _is_new(latest, reason, judged[-1].as_of):
            alerts.append(_alert(episode, reason, *made_with))
    for alert in alerts:
        if alert.kind in _BY_EVENTS:
            continue
        alert.holds = _row_key(alert) in newest
        # A day that could not be judged is not a quiet one.
        is_quiet = not alert.holds and alert.kind not in judged[-1].unjudged
        alert.is_rearmed = alert.is_rearmed or is_quiet
    return alerts


# Made when an event is recorded, not by judging the log.
_BY_EVENTS = frozenset({ReasonKind.SUDDEN_PAIN, ReasonKind.FALL})

_Key = tuple[ReasonKind, date | None]


def _key(reason: Reason) -> _Key:
    return reason.kind, reason.first_day if reason.kind.is_recorded else None


def _row_key(alert: AlertRow) -> _Key:
    return alert.kind, alert.first_day if alert.kind.is_recorded else None


def _latest(alerts: Sequence[AlertRow], key: _Key) -> AlertRow | None:
    of_kind = [each for each in alerts if _row_key(each) == key]
    return max(of_kind, key=lambda each: (_is_open(each), each.opened_at, each.id), default=None)


def _is_new(closed: AlertRow, reason: Reason, day: date) -> bool:
    """Tell whether what was found is more than what somebody closed."""
    if reason.kind.is_recorded:
        return bool(set(_signs(reason.values)) - set(_signs(closed.figures)))
    return Arming(closed.is_rearmed, closed.opened_at.date()).opens_on(day)


def _signs(values: object) -> Sequence[str]:
    signs = values.get("signs", []) if isinstance(values, dict) else []
    return signs if isinstance(signs, list) else []


def _extend(alert: AlertRow, reason: Reason) -> None:
    alert.last_day = max(alert.last_day, reason.last_day)
    alert.first_day = min(alert.first_day, reason.first_day)
    signs = sorted({*_signs(alert.figures), *_signs(reason.values)})
    # A sign that was corrected away stays for the clinician to see.
    alert.figures = dict(reason.values) | ({"signs": signs} if signs else {})


def _alert(episode: EpisodeRow, reason: Reason, version: int, now: datetime) -> AlertRow:
    return AlertRow(
        clinic_id=episode.clinic_id,
        episode_id=episode.id,
        patient_id=episode.patient_id,
        kind=reason.kind,
        first_day=reason.first_day,
        last_day=reason.last_day,
        figures=dict(reason.values),
        settings_version=version,
        opened_at=now,
    )


def _is_open(alert: AlertRow) -> bool:
    return alert.state is not AlertState.CLOSED


def _judged_next(
    log: Log, judged_by: tuple[ProcedureRules, JudgementSettings], newest: Judgement
) -> date:
    """Return the next day on which time alone may change what is found."""
    days: list[date | None] = []
    rules, settings = judged_by
    if not any(each.kind is ReasonKind.SILENCE for each in newest.reasons):
        last_day = log.days[-1].day if log.days else None
        days.append(silent_from(last_day, log.procedure_date, rules, settings))
    if rules.judging_day is not None:
        days.append(log.procedure_date + timedelta(days=rules.judging_day))
    return min((each for each in days if each and each > newest.as_of), default=NOT_AGAIN)
