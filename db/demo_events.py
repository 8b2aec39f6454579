"""What the demo's people recorded beside their days, with the alerts that follow at once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from random import Random
from uuid import UUID

from db.demo_courses import CourseKind, jumped_on
from db.demo_people import draw_id
from db.events import LOOKED_AT
from db.models import AlertRow, EpisodeRow, EventRow
from recovery.reports import DailyReport, EventKind

_AT_HOUR = 16
_WORDS = {
    EventKind.FALL: "Slipped on the kitchen step.",
    EventKind.SUDDEN_PAIN: "Came when I got out of the chair.",
}


def made_up_event(
    row: EpisodeRow,
    kind: CourseKind,
    reports: Sequence[DailyReport],
    drawn_with: tuple[date, Random],
    author: UUID,
) -> tuple[EventRow, AlertRow] | None:
    """
    Return the event of a made-up recovery that has one, and its alert.

    Args:
        row: Whose.
        kind: How the recovery goes.
        reports: Its reports, oldest first.
        drawn_with: The last day that may be reported, and the only source of chance.
        author: The account that records it.
    """
    newest, dice = drawn_with
    if kind is CourseKind.FALL:
        report = jumped_on(reports, newest)
        return _event(row, EventKind.FALL, (report.day, report.worst_pain_nrs), author, dice)
    if kind is CourseKind.SUDDEN_PAIN:
        return _event(row, EventKind.SUDDEN_PAIN, (newest, 8), author, dice)
    return None


def _event(
    row: EpisodeRow, kind: EventKind, when: tuple[date, int], author: UUID, dice: Random
) -> tuple[EventRow, AlertRow]:
    day, nrs = when
    at = datetime.combine(day, time(_AT_HOUR, dice.randrange(60)), tzinfo=UTC)
    event = EventRow(
        clinic_id=row.clinic_id,
        id=draw_id(dice),
        episode_id=row.id,
        kind=kind,
        occurred_at=at,
        pain_nrs=nrs,
        note=_WORDS[kind],
        idempotency_key=draw_id(dice),
        created_at=at,
        created_by=author,
    )
    alert = AlertRow(
        clinic_id=row.clinic_id,
        id=draw_id(dice),
        episode_id=row.id,
        patient_id=row.patient_id,
        kind=LOOKED_AT[kind],
        first_day=day,
        last_day=day,
        figures={"pain_nrs": nrs},
        settings_version=0,
        opened_at=at,
    )
    return event, alert
