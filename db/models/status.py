"""
What the review list shows, kept ready.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import enum_column, episode_key, sortable
from recovery.reports import EventKind

NEVER = date(1, 1, 1)
"""Stands for "no day yet" in sorted columns, where NULL sorts differently on the two engines."""

NO_PAIN_YET = -1
"""Stands for "no pain reported yet" in a sorted column."""


class EpisodeStatusRow(SQLModel, table=True):
    """
    What the review list shows of an episode, kept in the transaction of each report.

    ``logged_mask`` has bit *n* set when the day *n* days before ``last_day`` was logged,
    so the days logged of the last seven follow for any today without a query.

    The newest warning sign and the newest event stand beside each other, so that neither
    hides the other; ``attention_day`` is the later of their days.
    """

    __tablename__ = "episode_status"
    __table_args__ = (
        episode_key(),
        sa.Index("ix_episode_status_by_name", "clinic_id", "sort_name", "episode_id"),
        sa.Index("ix_episode_status_by_procedure", "clinic_id", "procedure", "episode_id"),
        sa.Index(
            "ix_episode_status_by_procedure_date", "clinic_id", "procedure_date", "episode_id"
        ),
        sa.Index("ix_episode_status_by_last_day", "clinic_id", "last_day", "episode_id"),
        sa.Index(
            "ix_episode_status_by_last_pain", "clinic_id", "last_worst_pain_nrs", "episode_id"
        ),
        sa.Index("ix_episode_status_by_attention", "clinic_id", "attention_day", "episode_id"),
        sa.Index("ix_episode_status_by_patient", "clinic_id", "patient_id"),
    )

    clinic_id: UUID = Field(primary_key=True)
    episode_id: UUID = Field(primary_key=True)
    patient_id: UUID
    name: str
    sort_name: str = Field(sa_type=sortable())
    time_zone: str
    procedure: str
    procedure_date: date
    last_day: date = NEVER
    last_worst_pain_nrs: int = NO_PAIN_YET
    logged_mask: int = 0
    warning_day: date = NEVER
    event: EventKind | None = Field(default=None, sa_type=enum_column(EventKind))
    event_day: date = NEVER
    attention_day: date = NEVER
