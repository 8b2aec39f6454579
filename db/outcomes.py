"""What became of the clinic's recoveries: counted from one row each, never from the reports."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.cohorts import cohort_curve, outcomes_of
from db.models import AccountRow, EpisodeOutcomeRow
from recovery.access import TREATING, ClinicAccess
from recovery.outcomes import (
    REPORTING_DAYS,
    ClinicOutcomes,
    OutcomeQuery,
    milestone_counts,
)


def clinic_outcomes(session: Session, access: ClinicAccess, query: OutcomeQuery) -> ClinicOutcomes:
    """
    Count what became of the recoveries asked for.

    Args:
        session: A session that reads.
        access: Whose clinic.
        query: Which recoveries.
    """
    table = EpisodeOutcomeRow
    days = _grouped(session, access, query, table.procedure_date)
    responses = _grouped(session, access, query, table.responses)
    is_over = col(table.procedure_date) <= query.days_before(REPORTING_DAYS)
    return ClinicOutcomes(
        recoveries=sum(days.values()),
        curve=tuple(
            cohort_curve(session, access, query.procedure, query.period, query.clinician_id)
        ),
        milestones=milestone_counts(query, days, responses),
        active=_active(session, access, query),
        logged_days=_grouped(session, access, query, table.logged_days, is_over),
        brace_percents=_grouped(
            session, access, query, table.brace_percent, col(table.brace_percent).is_not(None)
        ),
    )


def procedure_months(
    session: Session, access: ClinicAccess, procedure: str
) -> tuple[date, date] | None:
    """Return the days of the first and the last procedure that is counted; None without any."""
    found: Any = session.exec(
        select(
            sa.func.min(EpisodeOutcomeRow.procedure_date),
            sa.func.max(EpisodeOutcomeRow.procedure_date),
        ).where(
            EpisodeOutcomeRow.clinic_id == access.clinic_id,
            EpisodeOutcomeRow.procedure == procedure,
        )
    ).one()
    first, last = found
    return None if first is None else (first, last)


def counted_procedures(
    session: Session, access: ClinicAccess, procedures: Sequence[str]
) -> dict[str, tuple[date, date]]:
    """Return those of some procedures that are counted, with the days of ``procedure_months``."""
    # Each is two looks into an index; listing what there is would read all of it.
    found = {each: procedure_months(session, access, each) for each in procedures}
    return {each: days for each, days in found.items() if days is not None}


def list_treating(session: Session, access: ClinicAccess) -> dict[UUID, str]:
    """Return the names of the clinic's treating staff, in order, by account."""
    rows = session.exec(
        select(AccountRow.id, AccountRow.display_name)
        .where(
            AccountRow.clinic_id == access.clinic_id,
            col(AccountRow.role).in_(TREATING),
            col(AccountRow.is_active),
        )
        .order_by(col(AccountRow.display_name), col(AccountRow.id))
    )
    return dict(rows.all())


def _active(
    session: Session, access: ClinicAccess, query: OutcomeQuery
) -> dict[tuple[int, bool], int]:
    table = EpisodeOutcomeRow
    grouped = session.exec(
        select(table.active_pod, table.is_active_again, sa.func.count())
        .where(
            *outcomes_of(access, query.procedure, query.period, query.clinician_id),
            table.active_pod > 0,
        )
        .group_by(col(table.active_pod), col(table.is_active_again))
    )
    return {(pod, is_event): number for pod, is_event, number in grouped}


def _grouped(
    session: Session,
    access: ClinicAccess,
    query: OutcomeQuery,
    column: Any,
    *conditions: sa.ColumnElement[bool],
) -> Counter[Any]:
    """Count the recoveries asked for by one of their columns."""
    grouped = session.exec(
        select(column, sa.func.count())
        .where(*outcomes_of(access, query.procedure, query.period, query.clinician_id), *conditions)
        .group_by(column)
    )
    return Counter(dict(grouped.all()))
