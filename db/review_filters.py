"""
What each filter of the review list asks of the database.

Every filter is said twice: as a set of episodes that an index of its own finds, and as a
condition on a row of ``episode_status``. A small set is looked up and sorted; where every set
is large, the order's index is walked and the conditions are tried on the way, which soon fills a
page. Either way the size of the clinic does not show.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db.models import (
    AssignmentRow,
    EpisodeReasonRow,
    EpisodeStatusRow,
    PatientNameWordRow,
    PlannedVisitRow,
)
from db.names import words_of
from recovery.access import ClinicAccess
from recovery.review import ReviewQuery, week_of

FEW = 500
"""Up to as many episodes are looked up and sorted; more are met soon enough on the way."""

_LAST_CODE_POINT = "\U0010ffff"
_MAX_SEARCH_WORDS = 5
_STATUS = EpisodeStatusRow


@dataclass(frozen=True, slots=True)
class Filter:
    """
    One filter.

    Attributes:
        ids: Keys of the episodes that match, from an index.
        holds: The same, of a row of ``episode_status``.
    """

    ids: SelectOfScalar[Any]
    holds: sa.ColumnElement[bool]


def filters_of(access: ClinicAccess, query: ReviewQuery, today: date) -> list[Filter]:
    """Return the filters that *query* asks for; *today* is the clinic's own day."""
    return [
        *_by_name(access, query),
        *_by_column(access, query, today),
        *_by_others(access, query, today),
    ]


def few_of(session: Session, filters: list[Filter]) -> Filter | None:
    """Return the first filter that few episodes match; None when there is none."""
    for each in filters:
        found = each.ids.limit(FEW + 1).subquery()
        if session.exec(select(sa.func.count()).select_from(found)).one() <= FEW:
            return each
    return None


def _by_name(access: ClinicAccess, query: ReviewQuery) -> Iterator[Filter]:
    table = PatientNameWordRow
    for prefix in words_of(query.search)[:_MAX_SEARCH_WORDS]:
        patients = select(table.patient_id).where(
            table.clinic_id == access.clinic_id,
            table.word >= prefix,
            table.word < prefix + _LAST_CODE_POINT,
        )
        holds = col(_STATUS.patient_id).in_(patients)
        yield Filter(_rows(access, holds), holds)


def _by_column(access: ClinicAccess, query: ReviewQuery, today: date) -> Iterator[Filter]:
    if query.procedure:
        column: Any = col(_STATUS.procedure)
        yield Filter(
            _rows(access, column == query.procedure), _unindexed(column) == query.procedure
        )
    if query.days is not None:
        first, last = query.days.procedure_dates(today)
        ends = (first or date.min, last or date.max)
        column = col(_STATUS.procedure_date)
        yield Filter(_rows(access, column.between(*ends)), _unindexed(column).between(*ends))
    if query.changed_since is not None:
        since, column = query.changed_since, col(_STATUS.changed_at)
        by = col(_STATUS.changed_by)
        others = sa.or_(by.is_(None), by != access.actor.account_id)
        yield Filter(
            _rows(access, sa.and_(column > since, others)),
            sa.and_(_unindexed(column) > since, others),
        )


def _by_others(access: ClinicAccess, query: ReviewQuery, today: date) -> Iterator[Filter]:
    if query.is_mine:
        mine = select(AssignmentRow.patient_id).where(
            AssignmentRow.clinic_id == access.clinic_id,
            AssignmentRow.account_id == access.actor.account_id,
        )
        ids = _rows(access, col(_STATUS.patient_id).in_(mine))
        yield Filter(ids, _row_has(mine.where(_same(_STATUS, AssignmentRow, "patient_id"))))
    if query.reason is not None:
        reason = EpisodeReasonRow
        ids = select(reason.episode_id).where(
            reason.clinic_id == access.clinic_id, reason.kind == query.reason
        )
        yield Filter(ids, _row_has(ids.where(_same(_STATUS, reason, "episode_id"))))
    if query.has_visit:
        visit = PlannedVisitRow
        ids = select(visit.episode_id).where(
            visit.clinic_id == access.clinic_id, col(visit.visit_date).between(*week_of(today))
        )
        yield Filter(ids, _row_has(ids.where(_same(_STATUS, visit, "episode_id"))))


def _rows(access: ClinicAccess, holds: sa.ColumnElement[bool]) -> SelectOfScalar[Any]:
    return select(_STATUS.episode_id).where(_STATUS.clinic_id == access.clinic_id, holds)


def _unindexed(column: Any) -> Any:
    """Return the value of a column such that no planner leaves the order's index for its own."""
    return sa.func.coalesce(column, column)


def _row_has(beside: SelectOfScalar[Any]) -> sa.ColumnElement[bool]:
    return beside.correlate(_STATUS).exists()


def _same(one: Any, other: Any, name: str) -> sa.ColumnElement[bool]:
    """Return the condition that two tables name the same row of the same clinic."""
    return sa.and_(one.clinic_id == other.clinic_id, getattr(one, name) == getattr(other, name))
