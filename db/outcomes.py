"""What became of the clinic's recoveries: summed from counts, never from the reports."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.cohorts import cohort_curve, of_months, outcomes_of
from db.counting import outcome_in
from db.models import AccountRow, EpisodeOutcomeRow, OutcomeCountRow
from recovery.access import TREATING, ClinicAccess
from recovery.outcome_counts import (
    SUMMED,
    Measure,
    Sums,
    outcomes_from,
    reported_until,
    summed,
)
from recovery.outcomes import ClinicOutcomes, OutcomeQuery


def clinic_outcomes(session: Session, access: ClinicAccess, query: OutcomeQuery) -> ClinicOutcomes:
    """
    Count what became of the recoveries asked for.

    The counts of the whole clinic are added up; those of one clinician's patients are made from
    their own rows, which there are fewer of.

    Args:
        session: A session that reads.
        access: Whose clinic.
        query: Which recoveries.
    """
    of = (query.procedure, query.period, query.clinician_id)
    sums = (
        _sums(session, access, query)
        if query.clinician_id is None
        else _own(session, access, query)
    )
    return outcomes_from(sums, query, tuple(cohort_curve(session, access, *of)))


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


def _sums(session: Session, access: ClinicAccess, query: OutcomeQuery) -> Sums:
    table, number = OutcomeCountRow, sa.func.sum(OutcomeCountRow.number)
    asked = of_months(access, table, query.procedure, query.period)
    last = reported_until(query).replace(day=1)
    measure, month = col(table.measure), col(table.month)
    is_summed = measure.in_(SUMMED) | ((measure == Measure.LOGGED) & (month < last))
    is_by_month = (measure == Measure.BEGAN) | (
        (measure == Measure.LOGGED_BY_DAY) & (month == last)
    )
    all_months = session.exec(
        select(table.measure, table.value, number)
        .where(*asked, is_summed)
        .group_by(measure, col(table.value))
    )
    by_month = session.exec(
        select(month, measure, col(table.value), col(table.number)).where(*asked, is_by_month)
    )
    return Sums(
        {(Measure(each), value): int(total) for each, value, total in all_months},
        {(began, Measure(each), value): count for began, each, value, count in by_month},
    )


def _own(session: Session, access: ClinicAccess, query: OutcomeQuery) -> Sums:
    rows = session.exec(
        select(EpisodeOutcomeRow).where(
            *outcomes_of(access, query.procedure, query.period, query.clinician_id)
        )
    )
    return summed(((row.procedure_date, outcome_in(row)) for row in rows), query)
