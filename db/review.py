"""The clinic's review list, served from ``episode_status`` alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db.assignments import seen_by, sees_all
from db.audit import note_act
from db.models import NEVER, NO_PAIN_YET, EpisodeStatusRow, PatientNameWordRow
from db.names import words_of
from db.status import open_alerts
from recovery.access import ClinicAccess
from recovery.days import post_procedure_day, today_in
from recovery.review import PAGE_SIZE, ReviewOrder, ReviewPage, ReviewQuery, ReviewRow, days_logged

_LAST_CODE_POINT = "\U0010ffff"
_MAX_SEARCH_WORDS = 5


def list_episodes(
    session: Session, access: ClinicAccess, query: ReviewQuery, now: datetime
) -> ReviewPage:
    """
    Return one page of the clinic's patients; leaves an audit entry.

    One more row than shown is fetched to know whether another page follows, so the cost
    does not grow with the size of the clinic.
    """
    rows = session.exec(
        _visible(session, access, query.search)
        .order_by(*_order(query.order))
        .offset(max(0, query.page) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    ).all()
    note_act(session, access.actor, "review.listed")
    shown = tuple(_to_row(row, now) for row in rows[:PAGE_SIZE])
    return ReviewPage(rows=shown, has_next=len(rows) > PAGE_SIZE)


def _visible(
    session: Session, access: ClinicAccess, search: str
) -> SelectOfScalar[EpisodeStatusRow]:
    statement = _matching(access.clinic_id, search)
    if sees_all(session, access.clinic_id):
        return statement
    return statement.where(seen_by(access.actor, col(EpisodeStatusRow.patient_id)))


def _matching(clinic_id: UUID, search: str) -> SelectOfScalar[EpisodeStatusRow]:
    statement = select(EpisodeStatusRow).where(EpisodeStatusRow.clinic_id == clinic_id)
    for prefix in words_of(search)[:_MAX_SEARCH_WORDS]:
        found = select(PatientNameWordRow.patient_id).where(
            PatientNameWordRow.clinic_id == clinic_id,
            PatientNameWordRow.word >= prefix,
            PatientNameWordRow.word < prefix + _LAST_CODE_POINT,
        )
        statement = statement.where(col(EpisodeStatusRow.patient_id).in_(found))
    return statement


def _order(order: ReviewOrder) -> tuple[sa.ColumnElement[Any], ...]:
    if order is ReviewOrder.NEED:
        table = EpisodeStatusRow
        return col(table.need).desc(), col(table.need_day).desc(), col(table.episode_id).desc()
    column, descending = {
        ReviewOrder.NAME: (EpisodeStatusRow.sort_name, False),
        ReviewOrder.PROCEDURE: (EpisodeStatusRow.procedure, False),
        ReviewOrder.NEWEST_PROCEDURE: (EpisodeStatusRow.procedure_date, True),
        ReviewOrder.LATEST_REPORT: (EpisodeStatusRow.last_day, True),
        ReviewOrder.LONGEST_SILENT: (EpisodeStatusRow.last_day, False),
        ReviewOrder.HIGHEST_PAIN: (EpisodeStatusRow.last_worst_pain_nrs, True),
    }[order]
    keys = col(column), col(EpisodeStatusRow.episode_id)
    return (keys[0].desc(), keys[1].desc()) if descending else (keys[0].asc(), keys[1].asc())


def _to_row(row: EpisodeStatusRow, now: datetime) -> ReviewRow:
    today = today_in(row.time_zone, now)
    has_report = row.last_day != NEVER
    has_pain = row.last_worst_pain_nrs != NO_PAIN_YET
    return ReviewRow(
        patient_id=row.patient_id,
        name=row.name,
        procedure=row.procedure,
        procedure_date=row.procedure_date,
        post_procedure_day=post_procedure_day(row.procedure_date, today),
        last_day=row.last_day if has_report else None,
        last_worst_pain_nrs=row.last_worst_pain_nrs if has_pain else None,
        days_logged=days_logged(row.logged_mask, last_day=row.last_day, today=today)
        if has_report
        else 0,
        spark=row.spark,
        alerts=open_alerts(row),
    )
