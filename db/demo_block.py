"""The demo's person with a test block: the block yesterday, and how the hours after it went."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from db.demo_people import draw_id
from db.models import EpisodeRow, EventRow
from recovery.episodes import Enrolment
from recovery.reports import EventKind

BLOCK_NUMBER = 37
"""Which of the demo's people has the block; one of those who log little."""

_PROCEDURE = "medial_branch_block"
_DONE_AT = time(14, 40, tzinfo=UTC)  # in the morning where the demo's people live
# Minutes after the block and pain then: relief, and pain that comes back; 4 hours was missed.
_RATED = (
    (15, 5),
    (30, 3),
    (46, 2),
    (61, 1),
    (124, 1),
    (180, 1),
    (305, 3),
    (360, 5),
    (421, 6),
    (480, 6),
)


def with_block(enrolment: Enrolment, today: date) -> Enrolment:
    """Return the enrolment changed to a test block of yesterday."""
    return replace(
        enrolment,
        procedure=_PROCEDURE,
        procedure_date=today - timedelta(days=1),
        treated_levels=("L4", "L5"),
        baseline_nrs=7,
        brace_plan=None,
    )


def block_events(row: EpisodeRow, author: UUID, dice: Random) -> list[EventRow]:
    """Return the time of the block and the ratings after it."""
    done_at = datetime.combine(row.procedure_date, _DONE_AT)
    entries: list[tuple[int, int | None]] = [(0, None), *_RATED]
    return [
        EventRow(
            clinic_id=row.clinic_id,
            id=draw_id(dice),
            episode_id=row.id,
            kind=EventKind.PROCEDURE_DONE if nrs is None else EventKind.PAIN_READING,
            occurred_at=(at := done_at + timedelta(minutes=minutes)),
            pain_nrs=nrs,
            idempotency_key=draw_id(dice),
            created_at=at,
            created_by=author,
        )
        for minutes, nrs in entries
    ]
