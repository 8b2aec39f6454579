"""How the clinic's own recoveries went, day by day, from the counts that add up."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.models import AssignmentRow, CohortCountRow, EpisodeOutcomeRow
from recovery.access import ClinicAccess
from recovery.cohorts import EVER, CohortDay, Counts, Period, cohort_days, counted
from recovery.days import month_end


def cohort_curve(
    session: Session,
    access: ClinicAccess,
    procedure: str,
    period: Period = EVER,
    clinician_id: UUID | None = None,
) -> list[CohortDay]:
    """
    Return average pain by post-procedure day, on the days that enough people logged.

    The counts of the whole clinic are added up; those of one clinician's patients are made from
    their own series, which there are fewer of.

    Args:
        session: A session that reads.
        access: Whose clinic.
        procedure: Id of the procedure.
        period: Months of the procedures.
        clinician_id: Whose patients, by who looks after them now; None for all.
    """
    if clinician_id is None:
        return cohort_days(_counts(session, access, procedure, period))
    series = session.exec(
        select(EpisodeOutcomeRow.series).where(
            *outcomes_of(access, procedure, period, clinician_id)
        )
    )
    return cohort_days(counted(series))


def outcomes_of(
    access: ClinicAccess, procedure: str, period: Period, clinician_id: UUID | None
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of the outcomes asked for; as for ``cohort_curve``."""
    table = EpisodeOutcomeRow
    found = [col(table.clinic_id) == access.clinic_id, col(table.procedure) == procedure]
    if period.first is not None:
        found.append(col(table.procedure_date) >= period.first)
    if period.last is not None:
        found.append(col(table.procedure_date) <= month_end(period.last))
    if clinician_id is not None:
        theirs = select(AssignmentRow.patient_id).where(
            AssignmentRow.clinic_id == access.clinic_id, AssignmentRow.account_id == clinician_id
        )
        found.append(col(table.patient_id).in_(theirs))
    return found


def of_months(
    access: ClinicAccess, table: Any, procedure: str, period: Period
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of the counts asked for, in a table of counts by month."""
    found = [col(table.clinic_id) == access.clinic_id, col(table.procedure) == procedure]
    if period.first is not None:
        found.append(col(table.month) >= period.first)
    if period.last is not None:
        found.append(col(table.month) <= period.last)
    return found


def _counts(session: Session, access: ClinicAccess, procedure: str, period: Period) -> Counts:
    table = CohortCountRow
    grouped = session.exec(
        select(table.pod, table.score, sa.func.sum(table.number))
        .where(*of_months(access, table, procedure, period))
        .group_by(col(table.pod), col(table.score))
    )
    return {(pod, score): int(number) for pod, score, number in grouped}
