"""The phases by which the staff's review list is filtered."""

from dataclasses import dataclass
from datetime import datetime

from content.shelf import find_procedure
from recovery.review import DayRange, ReviewQuery
from recovery.review_views import ReviewView


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPhase:
    """
    A stretch of a recovery by which the list is filtered.

    Attributes:
        id: Name within its procedure, or among the general ones.
        label: Its name, for the staff.
        days: Its post-procedure days.
    """

    id: str
    label: str
    days: DayRange


GENERAL = (
    ListPhase(id="before", label="Before the procedure", days=DayRange(last=-1)),
    ListPhase(id="first_weeks", label="First 2 weeks", days=DayRange(first=0, last=14)),
    ListPhase(id="to_3_months", label="Day 15 to 3 months", days=DayRange(first=15, last=91)),
    ListPhase(id="later", label="Later than 3 months", days=DayRange(first=92)),
)
"""Where no one procedure is chosen; no more than a way to sort people by time."""


def list_phases(procedure_id: str) -> tuple[ListPhase, ...]:
    """Return the phases of a procedure with their days, the general ones for none or an unknown one."""
    procedure = find_procedure(procedure_id)
    if procedure is None:
        return GENERAL
    return (
        GENERAL[0],
        *(
            ListPhase(
                id=each.id,
                label=f"{each.label}, {_days(each.first_day, each.last_day)}",
                days=DayRange(first=each.first_day, last=each.last_day),
            )
            for each in procedure.phases
        ),
    )


def find_phase(procedure_id: str, phase_id: str) -> ListPhase | None:
    """Return a phase; None for no phase, or one that this version does not know."""
    return next((each for each in list_phases(procedure_id) if each.id == phase_id), None)


def query_of(
    view: ReviewView, *, since: datetime | None, search: str = "", page: int = 0
) -> ReviewQuery:
    """
    Return what a view asks of the list.

    Args:
        view: How it is filtered and sorted; a phase that is not known leaves nobody out.
        since: What "since the last look" is told against (UTC); None leaves nobody out.
        search: Beginnings of words of the name.
        page: 0 for the first page.
    """
    phase = find_phase(view.procedure, view.phase)
    return ReviewQuery(
        search=search,
        order=view.order,
        page=page,
        is_mine=view.is_mine,
        reason=view.reason,
        procedure=view.procedure,
        days=None if phase is None else phase.days,
        has_visit=view.has_visit,
        changed_since=since if view.is_changed else None,
    )


def _days(first: int, last: int | None) -> str:
    if last is None:
        return f"from day {first}"
    return f"day {first}" if first == last else f"days {first} to {last}"
