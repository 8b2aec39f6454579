"""Visits at the clinic: planned ahead, and what the patient wants to ask there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from recovery.days import today_in
from recovery.errors import InvalidEntry

MAX_DAYS_AHEAD = 366
"""A visit is planned a year ahead at most."""

MAX_QUESTION_LENGTH = 300
"""In characters: two or three sentences, which somebody still reads between two patients."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """A day, in the patient's calendar, on which the clinic expects the patient."""

    day: date
    planned_by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPatient:
    """Somebody who is expected on a day."""

    patient_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitQuestion:
    """
    Something the patient wants to ask at the next visit.

    Attributes:
        question_id: Its key.
        text: In the person's own words.
        asked_at: When it was written (UTC).
        asked_by: The account that wrote it.
        is_by_proxy: Whether that was a carer's.
    """

    question_id: UUID
    text: str
    asked_at: datetime
    asked_by: UUID
    is_by_proxy: bool = False


def check_plannable(day: date, today: date) -> None:
    """
    Refuse a day on which no visit can be planned.

    Args:
        day: The day of the visit.
        today: The patient's own day.

    Raises:
        InvalidEntry: If it has passed, or lies more than a year ahead.
    """
    if day < today:
        raise InvalidEntry("That day has passed. Choose today or a later day for the visit.")
    if (day - today).days > MAX_DAYS_AHEAD:
        raise InvalidEntry("That day is more than a year ahead. Choose an earlier day.")


def last_visit(days: Iterable[date], *, procedure_date: date, today: date) -> date | None:
    """
    Return the day of the last visit before today; None when there was none since the procedure.

    Args:
        days: Days of visits, noted or planned, in any order.
        procedure_date: Day 0; what was before it belongs to no follow-up.
        today: The patient's own day; a visit of today is the one that is being prepared.
    """
    return max((day for day in days if procedure_date < day < today), default=None)


def still_open(
    questions: Sequence[VisitQuestion], since: date | None, zone_name: str
) -> list[VisitQuestion]:
    """
    Return the questions that no visit came after, oldest first.

    One written on the very day of a visit is kept: it may have come after it.

    Args:
        questions: Of one person.
        since: Day of the last visit; None without one.
        zone_name: The person's own zone, which decides the day of a question.
    """
    return [
        each
        for each in sorted(questions, key=lambda each: (each.asked_at, each.question_id))
        if since is None or today_in(zone_name, each.asked_at) >= since
    ]
