"""
Visits that lie ahead, and what the patient wants to ask there.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import episode_key, new_id, utc_now


class PlannedVisitRow(SQLModel, table=True):
    """A day on which the clinic expects the patient."""

    __tablename__ = "planned_visit"
    __table_args__ = (
        episode_key(),
        sa.Index("ix_planned_visit_clinic_id_visit_date", "clinic_id", "visit_date", "episode_id"),
    )

    clinic_id: UUID = Field(primary_key=True)
    episode_id: UUID = Field(primary_key=True)
    visit_date: date = Field(primary_key=True)
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID


class VisitQuestionRow(SQLModel, table=True):
    """Something the patient wants to ask at the next visit."""

    __tablename__ = "visit_question"
    __table_args__ = (
        episode_key(),
        sa.UniqueConstraint("clinic_id", "episode_id", "idempotency_key"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="end_paired"),
    )

    clinic_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    episode_id: UUID
    text: str
    is_by_proxy: bool = False
    idempotency_key: UUID
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID
    withdrawn_at: datetime | None = None
    withdrawn_by: UUID | None = None
