"""The clinic's review list, served from ``episode_status`` and indexes beside it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db.assignments import seen_by
from db.audit import note_act
from db.models import (
    NEVER,
    NO_PAIN_YET,
    ClinicRow,
    EpisodeReasonRow,
    EpisodeStatusRow,
    PlannedVisitRow,
)
from db.review_filters import few_of, filters_of
from db.status import open_alerts
from recovery.access import ClinicAccess
from recovery.days import post_procedure_day, today_in
from recovery.review import (
    MAX_LISTED,
    PAGE_SIZE,
    ReviewOrder,
    ReviewPage,
    ReviewQuery,
    ReviewRow,
    counted_days,
    week_of,
)


def list_episodes(
    session: Session, access: ClinicAccess, query: ReviewQuery, now: datetime
) -> ReviewPage:
    """
    Return one page of the clinic's patients; leaves an audit entry.

    One more row than shown is fetched to know whether another page follows, so the cost
    does not grow with the size of the clinic.
    """
    first = max(0, query.page) * PAGE_SIZE
    rows = session.exec(
        _asked(session, access, query, now).offset(first).limit(PAGE_SIZE + 1)
    ).all()
    note_act(session, access.actor, "review.listed")
    shown = rows[:PAGE_SIZE]
    visits = _visits(session, access, shown, now) if query.has_visit else {}
    listed = tuple(_to_row(access, row, now, visits) for row in shown)
    return ReviewPage(rows=listed, has_next=len(rows) > PAGE_SIZE)


def note_list_export(session: Session, access: ClinicAccess) -> None:
    """Note that the list was taken away; the caller commits."""
    note_act(session, access.actor, "review.exported")


def export_episodes(
    session: Session, access: ClinicAccess, query: ReviewQuery, now: datetime
) -> list[ReviewRow]:
    """
    Return the list for taking away, all pages in one; ``note_list_export`` notes it.

    At most one more than ``MAX_LISTED`` rows, so that the caller can tell that some are left out.
    """
    rows = session.exec(_asked(session, access, query, now).limit(MAX_LISTED + 1)).all()
    visits = _visits(session, access, rows, now)
    return [_to_row(access, row, now, visits) for row in rows]


def _visits(
    session: Session, access: ClinicAccess, rows: Sequence[EpisodeStatusRow], now: datetime
) -> dict[UUID, tuple[date, ...]]:
    """Return the planned days of the clinic's present week by episode, in order."""
    today = today_in(session.get_one(ClinicRow, access.clinic_id).time_zone, now)
    visit = PlannedVisitRow
    planned = session.exec(
        select(visit.episode_id, col(visit.visit_date))
        .where(
            visit.clinic_id == access.clinic_id,
            col(visit.episode_id).in_([each.episode_id for each in rows]),
            col(visit.visit_date).between(*week_of(today)),
        )
        .order_by(col(visit.visit_date))
    )
    days: defaultdict[UUID, tuple[date, ...]] = defaultdict(tuple)
    for episode_id, day in planned:
        days[episode_id] += (day,)
    return days


def _asked(
    session: Session, access: ClinicAccess, query: ReviewQuery, now: datetime
) -> SelectOfScalar[EpisodeStatusRow]:
    clinic = session.get_one(ClinicRow, access.clinic_id)
    today = today_in(clinic.time_zone, now)
    is_seen = []
    if clinic.only_assigned:
        is_seen.append(seen_by(access.actor, col(EpisodeStatusRow.patient_id)))
    filters = filters_of(access, query, today)
    walked, asked_beside = _walk(access, query)
    beside = filters_of(access, asked_beside, today)
    # One filter alone whose index has the order needs no look at how many match.
    few = few_of(session, filters) if beside else None
    if few is None:
        return walked.where(*is_seen, *(each.holds for each in beside))
    holds = [*is_seen, *(each.holds for each in filters)]
    # Found first and then sorted, where a planner without statistics would walk the clinic.
    key = col(EpisodeStatusRow.episode_id)
    found = _of_clinic(access).where(key.in_(few.ids.correlate(None)), *holds)
    row = aliased(EpisodeStatusRow, found.cte("few").prefix_with("MATERIALIZED"))
    return select(row).order_by(*_order(row, query.order))


def _of_clinic(access: ClinicAccess) -> SelectOfScalar[EpisodeStatusRow]:
    return select(EpisodeStatusRow).where(EpisodeStatusRow.clinic_id == access.clinic_id)


def _walk(
    access: ClinicAccess, query: ReviewQuery
) -> tuple[SelectOfScalar[EpisodeStatusRow], ReviewQuery]:
    """
    Return the list read along one index, and what that index leaves to be asked.

    In the order of need there are indexes by reason and by procedure.
    """
    status, reason = EpisodeStatusRow, EpisodeReasonRow
    by_need = query.order is ReviewOrder.NEED
    if by_need and query.reason is not None:
        same = sa.and_(
            col(status.clinic_id) == col(reason.clinic_id),
            col(status.episode_id) == col(reason.episode_id),
        )
        walked = (
            select(status)
            .join(reason, same)
            .where(reason.clinic_id == access.clinic_id, reason.kind == query.reason)
            .order_by(*_order(reason, query.order))
        )
        return walked, replace(query, reason=None)
    walked = _of_clinic(access).order_by(*_order(status, query.order))
    if by_need and query.procedure:
        return walked.where(status.procedure == query.procedure), replace(query, procedure="")
    return walked, query


def _order(table: Any, order: ReviewOrder) -> tuple[sa.ColumnElement[Any], ...]:
    if order is ReviewOrder.NEED:
        return table.need.desc(), table.need_day.desc(), table.episode_id.desc()
    column, descending = {
        ReviewOrder.NAME: ("sort_name", False),
        ReviewOrder.PROCEDURE: ("procedure", False),
        ReviewOrder.NEWEST_PROCEDURE: ("procedure_date", True),
        ReviewOrder.LATEST_REPORT: ("last_day", True),
        ReviewOrder.LONGEST_SILENT: ("last_day", False),
        ReviewOrder.HIGHEST_PAIN: ("last_worst_pain_nrs", True),
    }[order]
    keys = getattr(table, column), table.episode_id
    return (keys[0].desc(), keys[1].desc()) if descending else (keys[0].asc(), keys[1].asc())


def _to_row(
    access: ClinicAccess,
    row: EpisodeStatusRow,
    now: datetime,
    visits: Mapping[UUID, tuple[date, ...]],
) -> ReviewRow:
    today = today_in(row.time_zone, now)
    logged, counted = counted_days(
        row.logged_mask, last_day=row.last_day, procedure_date=row.procedure_date, today=today
    )
    has_report = row.last_day != NEVER
    has_pain = row.last_worst_pain_nrs != NO_PAIN_YET
    return ReviewRow(
        patient_id=row.patient_id,
        name=row.name,
        procedure=row.procedure,
        procedure_date=row.procedure_date,
        post_procedure_day=post_procedure_day(row.procedure_date, today),
        today=today,
        last_day=row.last_day if has_report else None,
        last_worst_pain_nrs=row.last_worst_pain_nrs if has_pain else None,
        days_logged=logged,
        days_counted=counted,
        spark=row.spark,
        changed_at=row.changed_at,
        is_own_change=row.changed_by == access.actor.account_id,
        alerts=open_alerts(row),
        snoozed_until=row.snoozed_until,
        visits=visits.get(row.episode_id, ()),
    )
