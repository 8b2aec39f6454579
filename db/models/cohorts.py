"""
What became of the clinic's recoveries, kept ready for counting.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import between, episode_key, nrs
from recovery.cohorts import LAST_POD
from recovery.outcomes import MOST_PERCENT, REPORTING_DAYS


class CohortCountRow(SQLModel, table=True):
    """
    How many people had an average pain of ``score`` on a post-procedure day.

    Counted by procedure and by the month of the procedure, whose first day ``month`` is. A count
    of none has no row.
    """

    __tablename__ = "cohort_count"
    __table_args__ = (
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"]),
        between("pod", 0, LAST_POD),
        nrs("score"),
        sa.CheckConstraint("number >= 0", name="number_counted"),
    )

    clinic_id: UUID = Field(primary_key=True)
    procedure: str = Field(primary_key=True)
    month: date = Field(primary_key=True)
    pod: int = Field(primary_key=True)
    score: int = Field(primary_key=True)
    number: int


class OutcomeCountRow(SQLModel, table=True):
    """
    How many recoveries came to one value of a measure: ``recovery.outcome_counts``.

    Counted by procedure and by the month of the procedure, whose first day ``month`` is. A count
    of none has no row.
    """

    __tablename__ = "outcome_count"
    __table_args__ = (
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"]),
        sa.CheckConstraint("number >= 0", name="number_counted"),
    )

    clinic_id: UUID = Field(primary_key=True)
    procedure: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    month: date = Field(primary_key=True)
    value: str = Field(primary_key=True)
    number: int


class EpisodeOutcomeRow(SQLModel, table=True):
    """
    What became of a recovery so far: ``recovery.outcomes.Outcome``, kept with each report.

    ``series`` is also what of this recovery is in ``cohort_count``, and the rest what of it is in
    ``outcome_count``, so a change of it says what to add there.
    """

    __tablename__ = "episode_outcome"
    __table_args__: Any = (
        episode_key(),
        between("logged_days", 0, REPORTING_DAYS),
        between("brace_percent", 0, MOST_PERCENT),
        between("active_pod", -1, LAST_POD),
        sa.Index(
            "ix_episode_outcome_clinic_id_procedure_procedure_date",
            "clinic_id",
            "procedure",
            "procedure_date",
        ),
        sa.Index("ix_episode_outcome_clinic_id_patient_id", "clinic_id", "patient_id"),
    )

    clinic_id: UUID = Field(primary_key=True)
    episode_id: UUID = Field(primary_key=True)
    patient_id: UUID
    procedure: str
    procedure_date: date
    series: str = ""
    responses: str = ""
    active_pod: int = -1
    is_active_again: bool = False
    logged_days: int = 0
    brace_percent: int | None = None
