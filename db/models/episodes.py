"""
Episodes and what is logged about their days.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import between, enum_column, episode_key, new_id, nrs, patient_key, utc_now
from recovery.reports import (
    MAX_BRACE_HOURS,
    MAX_MEDICINE_TIMES,
    MAX_WALKING_MINUTES,
    ActivityLevel,
    EventKind,
    PainMedicine,
)


class EpisodeRow(SQLModel, table=True):
    """A person's recovery from one procedure."""

    __tablename__ = "episode"
    __table_args__ = (
        patient_key(),
        nrs("baseline_nrs"),
        sa.CheckConstraint(
            "(brace_hours_per_day IS NULL) = (brace_from IS NULL)", name="brace_hours_have_start"
        ),
        sa.CheckConstraint(
            f"brace_hours_per_day > 0 AND brace_hours_per_day <= {MAX_BRACE_HOURS}",
            name="brace_hours_per_day_range",
        ),
        sa.CheckConstraint("brace_to >= brace_from", name="brace_dates_ordered"),
        sa.Index("ix_episode_clinic_id_patient_id", "clinic_id", "patient_id"),
    )

    clinic_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    patient_id: UUID
    procedure: str
    procedure_date: date
    treated_levels: str = ""
    baseline_nrs: int | None = None
    brace_hours_per_day: float | None = None
    brace_from: date | None = None
    brace_to: date | None = None
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID


class _Answers(SQLModel):
    """The answers of a daily report, shared by the current row and its past versions."""

    worst_pain_nrs: int
    average_pain_nrs: int
    brace_hours: float | None = None
    activity: ActivityLevel | None = Field(default=None, sa_type=enum_column(ActivityLevel))
    walking_minutes: int | None = None
    medicine: PainMedicine | None = Field(default=None, sa_type=enum_column(PainMedicine))
    medicine_times: int | None = None
    warning_signs: list[str] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    note: str = ""
    is_by_proxy: bool = False


def _answer_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        nrs("worst_pain_nrs"),
        nrs("average_pain_nrs"),
        sa.CheckConstraint("average_pain_nrs <= worst_pain_nrs", name="average_within_worst"),
        between("brace_hours", 0, MAX_BRACE_HOURS),
        between("walking_minutes", 0, MAX_WALKING_MINUTES),
        between("medicine_times", 0, MAX_MEDICINE_TIMES),
    )


class DailyReportRow(_Answers, table=True):
    """The current answers about one calendar day."""

    __tablename__ = "daily_report"
    __table_args__: Any = (episode_key(), *_answer_checks())

    clinic_id: UUID = Field(primary_key=True)
    episode_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    version: int = 1
    is_late: bool
    idempotency_key: UUID
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID
    updated_at: datetime = Field(default_factory=utc_now)
    updated_by: UUID


class DailyReportRevisionRow(_Answers, table=True):
    """Answers as they stood before a correction; written once, never changed."""

    __tablename__ = "daily_report_revision"
    __table_args__: Any = (
        sa.ForeignKeyConstraint(
            ["clinic_id", "episode_id", "day"],
            ["daily_report.clinic_id", "daily_report.episode_id", "daily_report.day"],
        ),
        *_answer_checks(),
    )

    clinic_id: UUID = Field(primary_key=True)
    episode_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    version: int = Field(primary_key=True)
    idempotency_key: UUID
    saved_at: datetime
    saved_by: UUID


class EventRow(SQLModel, table=True):
    """Something that happened at a time."""

    __tablename__ = "event"
    __table_args__ = (
        episode_key(),
        nrs("pain_nrs"),
        sa.CheckConstraint(
            "kind <> 'pain_reading' OR pain_nrs IS NOT NULL", name="reading_has_pain"
        ),
        sa.UniqueConstraint("clinic_id", "episode_id", "idempotency_key"),
        sa.Index(
            "ix_event_clinic_id_episode_id_occurred_at", "clinic_id", "episode_id", "occurred_at"
        ),
    )

    clinic_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    episode_id: UUID
    kind: EventKind = Field(sa_type=enum_column(EventKind))
    occurred_at: datetime
    pain_nrs: int | None = None
    note: str = ""
    is_by_proxy: bool = False
    idempotency_key: UUID
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID
    withdrawn_at: datetime | None = None
    withdrawn_by: UUID | None = None


class ReportDraftRow(SQLModel, table=True):
    """Answers given but not saved, so that a lost connection or sign-in loses none."""

    __tablename__ = "report_draft"
    __table_args__ = (episode_key(),)

    clinic_id: UUID = Field(primary_key=True)
    episode_id: UUID = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    day: date = Field(primary_key=True)
    answers: dict[str, Any] = Field(sa_type=sa.JSON)
    updated_at: datetime = Field(default_factory=utc_now)


class VisitNoteRow(SQLModel, table=True):
    """A clinician's note pinned to the day of a visit."""

    __tablename__ = "visit_note"
    __table_args__ = (
        episode_key(),
        sa.UniqueConstraint("clinic_id", "episode_id", "idempotency_key"),
        sa.Index(
            "ix_visit_note_clinic_id_episode_id_visit_date", "clinic_id", "episode_id", "visit_date"
        ),
    )

    clinic_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    episode_id: UUID
    visit_date: date
    text: str
    idempotency_key: UUID
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID
