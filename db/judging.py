"""Judging in the transaction of what changes a log: alerts are opened, none is ever taken away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

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
from recovery.days import post_procedure_day, today_in
from recovery.episodes import BracePlan
from recovery.judgement.judge import judge
from recovery.judgement.log import Log, LoggedDay
from recovery.judgement.opening import Arming
from recovery.judgement.reasons import Figure, Judgement, Reason, ReasonKind
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
        now: The instant (UTC).
    """

    rules: ProcedureRules
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
    alerts = alerts_of(session, episode)
    made = _Making(episode, row.time_zone, settings.version, judging.now)
    alerts += _opened(alerts, judged, made)
    _note_what_holds(alerts, log, judged[-1])
    session.add_all(alerts)
    keep_outcome(session, episode, outcome_of(log, judging.rules.milestone_days))
    show_days(row, log.days, worst)
    row.judge_on = _judged_next(log, (judging.rules, settings), judged[-1])
    show_need(row, alerts, judging.now)
    session.add(row)
    return row


def open_recorded(session: Session, episode: EpisodeRow, reason: Reason, now: datetime) -> None:
    """Open an alert for what the person recorded, or add it to one of that day that is new."""
    row = locked_status(session, episode)
    alerts = alerts_of(session, episode)
    waiting = _waiting(alerts, (reason.kind, reason.first_day))
    if waiting is not None:
        waiting.holds = True
        _extend(waiting, reason)
    else:
        version = settings_in_force(session, episode.clinic_id).version
        alerts.append(_alert(_Making(episode, row.time_zone, version, now), reason))
    session.add_all(alerts)
    show_need(row, alerts, now)
    session.add(row)


def unsay_recorded(
    session: Session, episode: EpisodeRow, kind: ReasonKind, day: date, now: datetime
) -> None:
    """Mark the open alerts of a day whose record was taken back; they stay for the clinician."""
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


@dataclass(frozen=True, slots=True)
class _Making:
    """What an alert is made with: whose it is, the clinic's thresholds, the instant (UTC)."""

    episode: EpisodeRow
    time_zone: str
    version: int
    now: datetime


def _opened(
    alerts: Sequence[AlertRow], judged: Sequence[Judgement], made: _Making
) -> list[AlertRow]:
    """Return the alerts that judgements open; what is open already is extended."""
    opened = []
    found = {_key(each): each for judgement in judged for each in judgement.reasons}
    for key, reason in found.items():
        standing = _waiting(alerts, key) if reason.kind.is_recorded else _open(alerts, key)
        if standing is not None:
            _extend(standing, reason)
        elif _is_new([each for each in alerts if _row_key(each) == key], reason, judged[-1], made):
            opened.append(_alert(made, reason))
    return opened


def _note_what_holds(alerts: Sequence[AlertRow], log: Log, newest: Judgement) -> None:
    """Note of each alert whether the newest answers say so, and whether its kind was quiet."""
    found = {_key(each) for each in newest.reasons}
    # A sign holds for as long as it stands in the log, however long ago it was ticked.
    found |= {(ReasonKind.WARNING_SIGN, each.day) for each in log.days if each.warning_signs}
    for alert in alerts:
        if alert.kind in _BY_EVENTS:
            continue
        alert.holds = _row_key(alert) in found
        # A day that could not be judged is not a quiet one.
        is_quiet = not alert.holds and alert.kind not in newest.unjudged
        # What is open and found again was not quiet for good: closed now, it stays closed.
        lasts = alert.holds and _is_open(alert)
        alert.is_rearmed = is_quiet or (alert.is_rearmed and not lasts)


# Made when an event is recorded, not by judging the log.
_BY_EVENTS = frozenset({ReasonKind.SUDDEN_PAIN, ReasonKind.FALL})

_Key = tuple[ReasonKind, date | None]


def _key(reason: Reason) -> _Key:
    return reason.kind, reason.first_day if reason.kind.is_recorded else None


def _row_key(alert: AlertRow) -> _Key:
    return alert.kind, alert.first_day if alert.kind.is_recorded else None


def _open(alerts: Sequence[AlertRow], key: _Key) -> AlertRow | None:
    return next((each for each in alerts if _row_key(each) == key and _is_open(each)), None)


def _waiting(alerts: Sequence[AlertRow], key: _Key) -> AlertRow | None:
    """Return the alert of a key that nobody decided on yet."""
    of_key = (each for each in alerts if _row_key(each) == key)
    return next((each for each in of_key if each.state is AlertState.NEW), None)


def _is_new(decided: Sequence[AlertRow], reason: Reason, newest: Judgement, made: _Making) -> bool:
    """Tell whether what was found is more than what somebody decided on."""
    if not decided:
        return True
    if reason.kind.is_recorded:
        known = {sign for each in decided for sign in _signs(each.figures)}
        return bool(set(_signs(reason.values)) - known)
    latest = max(decided, key=lambda each: (each.opened_at, each.id))
    opened_on = today_in(made.time_zone, latest.opened_at)
    return Arming(latest.is_rearmed, opened_on).opens_on(newest.as_of)


def _signs(values: object) -> Sequence[str]:
    signs = values.get("signs", []) if isinstance(values, dict) else []
    return signs if isinstance(signs, list) else []


def _extend(alert: AlertRow, reason: Reason) -> None:
    before = alert.figures
    alert.last_day = max(alert.last_day, reason.last_day)
    alert.first_day = min(alert.first_day, reason.first_day)
    alert.figures = dict(reason.values) | _added_up(before, reason)
    if reason.kind.is_recorded and alert.figures != before:
        # Whoever looked at it before this was recorded has to look again to decide.
        alert.version += 1


def _added_up(before: Mapping[str, Any], reason: Reason) -> dict[str, Figure]:
    """Return what of a recorded day adds up: a sign corrected away stays for the clinician."""
    signs = sorted({*_signs(before), *_signs(reason.values)})
    pains = [each["pain_nrs"] for each in (before, reason.values) if "pain_nrs" in each]
    return ({"signs": signs} if signs else {}) | ({"pain_nrs": max(pains)} if pains else {})


def _alert(made: _Making, reason: Reason) -> AlertRow:
    return AlertRow(
        clinic_id=made.episode.clinic_id,
        episode_id=made.episode.id,
        patient_id=made.episode.patient_id,
        kind=reason.kind,
        first_day=reason.first_day,
        last_day=reason.last_day,
        figures=dict(reason.values),
        settings_version=made.version,
        opened_at=made.now,
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
