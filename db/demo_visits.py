"""The demo's visits: notes of past ones, days of those ahead, and what people want to ask there."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from db.demo_people import draw_id
from db.models import EpisodeRow, PlannedVisitRow, VisitNoteRow, VisitQuestionRow
from recovery.reports import DailyReport

_DAYS_AHEAD = {
    0: 1,
    9: 1,
    15: 1,
    23: 1,
    26: 1,
    31: 1,
    1: 2,
    19: 2,
    17: 3,
    38: 3,
    10: 5,
    24: 6,
}
"""In how many days the clinic expects whom, by the place in ``TREES``; six of them tomorrow."""

_QUESTIONS = {
    0: ("When may I drive again?", "How long do I need the brace at night?"),
    15: ("Did the fall change anything in my back?",),
    17: ("Why is it worse again since last week?",),
    23: ("What else can help if the pain stays like this?",),
    31: ("The brace rubs under my arm. Can it be changed?",),
}
_FOLLOW_UP_DAYS = 12


def made_up_visits(
    row: EpisodeRow,
    reports: Sequence[DailyReport],
    number: int,
    drawn_with: tuple[date, Random],
    people: tuple[UUID, UUID],
) -> list[VisitNoteRow | PlannedVisitRow | VisitQuestionRow]:
    """
    Return the visits of one made-up recovery.

    Args:
        row: Whose.
        reports: Its reports, oldest first.
        number: The person's place in ``TREES``.
        drawn_with: Today, and the only source of chance.
        people: The accounts of the clinician and of the patient.
    """
    (today, dice), (clinician, patient) = drawn_with, people
    asked_at = datetime.combine(today - timedelta(days=1), time(20, 15), tzinfo=UTC)
    rows: list[VisitNoteRow | PlannedVisitRow | VisitQuestionRow] = []
    follow_up = row.procedure_date + timedelta(days=_FOLLOW_UP_DAYS)
    if reports and reports[-1].day > follow_up:
        rows.append(_note(row, follow_up, clinician, dice))
    if number in _DAYS_AHEAD:
        rows.append(
            PlannedVisitRow(
                clinic_id=row.clinic_id,
                episode_id=row.id,
                visit_date=today + timedelta(days=_DAYS_AHEAD[number]),
                created_at=datetime.combine(row.procedure_date, time(15, 30), tzinfo=UTC),
                created_by=clinician,
            )
        )
    rows.extend(
        VisitQuestionRow(
            clinic_id=row.clinic_id,
            id=draw_id(dice),
            episode_id=row.id,
            text=text,
            idempotency_key=draw_id(dice),
            created_at=asked_at + timedelta(minutes=minutes),
            created_by=patient,
        )
        for minutes, text in enumerate(_QUESTIONS.get(number, ()))
    )
    return rows


def _note(row: EpisodeRow, day: date, author: UUID, dice: Random) -> VisitNoteRow:
    return VisitNoteRow(
        clinic_id=row.clinic_id,
        id=draw_id(dice),
        episode_id=row.id,
        visit_date=day,
        text="Follow-up visit. Wound dry. Walking advised.",
        idempotency_key=draw_id(dice),
        created_at=datetime.combine(day, time(15, dice.randrange(60)), tzinfo=UTC),
        created_by=author,
    )
