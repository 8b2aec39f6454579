"""What a made-up person of a large database logged: reports, corrections, readings and answers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, col

from db.demo_courses import made_up_reports
from db.demo_events import made_up_event
from db.demo_people import episode_of
from db.demo_questionnaires import made_up_responses
from db.models import DailyReportRevisionRow, DailyReportRow, EpisodeRow, EventRow
from db.reports import answers_of
from db.scale_draws import Drawn
from recovery.days import is_late
from recovery.reports import DailyReport, EventKind

_LATE, _CORRECTED, _READ_OFTEN = 0.06, 0.01, 0.03
"""Shares of days that are entered a day late, corrected, and have a pain reading beside."""

_NOT_IN_PAST = frozenset({"is_late", "created_at", "created_by", "updated_at", "updated_by"})


def at_hour(day: date, hour: int, dice: Random) -> datetime:
    """Return an instant within an hour (UTC) of a day."""
    return datetime.combine(day, time(hour, dice.randrange(60)), tzinfo=UTC)


def add_log(
    session: Session, episode: EpisodeRow, drawn: Drawn, by: UUID, dice: Random
) -> list[DailyReport]:
    """
    Add what a made-up person answered and recorded, and return the reports, oldest first.

    Args:
        session: A session of ``db.engine.writing``.
        episode: Whose.
        drawn: How it goes.
        by: The person's account.
        dice: The only source of chance.
    """
    reports = list(_reports(episode, drawn, dice))
    rows = [_report_row(episode, report, (drawn.last_day, by), dice) for report in reports]
    connection = session.connection()
    if rows:
        connection.execute(sa.insert(DailyReportRow), rows)
    past = [
        _earlier(row)
        for row in rows
        if row["worst_pain_nrs"] > row["average_pain_nrs"] and dice.random() < _CORRECTED
    ]
    if past:
        connection.execute(sa.insert(DailyReportRevisionRow), [old for old, _ in past])
    for old, key in past:
        table = DailyReportRow
        connection.execute(
            sa.update(table)
            .where(
                col(table.clinic_id) == episode.clinic_id,
                col(table.episode_id) == episode.id,
                col(table.day) == old["day"],
            )
            .values(version=2, idempotency_key=key)
        )
    readings = (report for report in reports if dice.random() < _READ_OFTEN)
    session.add_all(_reading(episode, report, by, dice) for report in readings)
    session.add_all(
        made_up_event(episode, drawn.kind, reports, (drawn.last_day, dice), by) or ()
        if reports
        else ()
    )
    answered = made_up_responses(episode, reports, (drawn.last_day, dice), by)
    session.add_all(answered)
    return reports


def _reports(episode: EpisodeRow, drawn: Drawn, dice: Random) -> Iterator[DailyReport]:
    whose = episode_of(drawn.enrolment, episode.id)
    reports = made_up_reports(whose, drawn.kind, drawn.last_day, dice)
    if not drawn.logs_all:
        yield from reports
        return
    # Days that were left out are answered as the day before them.
    known = {each.day: each for each in reports}
    newest = reports[0]
    for pod in range((drawn.last_day - episode.procedure_date).days + 1):
        day = episode.procedure_date + timedelta(days=pod)
        newest = known.get(day, newest)
        yield replace(newest, day=day)


def _report_row(
    episode: EpisodeRow, report: DailyReport, newest_by: tuple[date, UUID], dice: Random
) -> dict[str, Any]:
    newest, by = newest_by
    entered = min(newest, report.day + timedelta(days=int(dice.random() < _LATE)))
    at = at_hour(entered, 23, dice)
    return answers_of(report) | {
        "clinic_id": episode.clinic_id,
        "episode_id": episode.id,
        "day": report.day,
        "version": 1,
        "is_late": is_late(report.day, entered),
        "is_by_proxy": False,
        "idempotency_key": uuid4(),
        "created_at": at,
        "created_by": by,
        "updated_at": at,
        "updated_by": by,
    }


def _earlier(row: dict[str, Any]) -> tuple[dict[str, Any], UUID]:
    """Return a day's answers as they stood before a correction, and the key of the correction."""
    kept = {name: row[name] for name in row if name not in _NOT_IN_PAST}
    kept |= {"worst_pain_nrs": row["worst_pain_nrs"] - 1, "version": 1}
    return kept | {"saved_at": row["created_at"], "saved_by": row["created_by"]}, uuid4()


def _reading(episode: EpisodeRow, report: DailyReport, by: UUID, dice: Random) -> EventRow:
    at = at_hour(report.day, 17, dice)
    return EventRow(
        clinic_id=episode.clinic_id,
        episode_id=episode.id,
        kind=EventKind.PAIN_READING,
        occurred_at=at,
        pain_nrs=report.worst_pain_nrs,
        idempotency_key=uuid4(),
        created_at=at,
        created_by=by,
    )
