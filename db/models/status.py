"""
What the review list shows, kept ready.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import enum_column, episode_key, sortable, utc_now
from recovery.judgement.reasons import ReasonKind

NEVER = date(1, 1, 1)
"""Stands for "no day yet" in sorted columns, where NULL sorts differently on the two engines."""

NOT_AGAIN = date(9999, 12, 31)
"""Stands for "on no day to come"."""

NO_PAIN_YET = -1
"""Stands for "no pain reported yet" in a sorted column."""


def _index(name: str, *columns: str) -> sa.Index:
    return sa.Index(f"ix_episode_status_by_{name}", "clinic_id", *columns, "episode_id")


class EpisodeStatusRow(SQLModel, table=True):
    """
    What the review list shows of an episode, kept in the transaction of what changes it.

    ``logged_mask`` has bit *n* set when the day *n* days before ``last_day`` was logged,
    so the days logged of the last seven follow for any today without a query. ``spark`` holds
    the average pain of the 28 days up to ``last_day``, a sign a day: ``0`` to ``9``, ``X`` for
    ten, ``.`` for a day without a report.

    ``need``, ``need_day`` and ``reasons`` sum up the open alerts that are not snoozed;
    ``snoozed_until`` is the day on which the first snooze of the others ends. ``changed_by`` is
    whose act on an alert changed the row last; None for what the patient or time did.
    ``judge_on`` is the next day on which time alone may change them.
    """

    __tablename__ = "episode_status"
    __table_args__ = (
        episode_key(),
        _index("name", "sort_name"),
        _index("procedure", "procedure"),
        _index("procedure_need", "procedure", "need", "need_day"),
        _index("procedure_date", "procedure_date"),
        _index("last_day", "last_day"),
        _index("last_pain", "last_worst_pain_nrs"),
        _index("need", "need", "need_day"),
        _index("change", "changed_at"),
        _index("due", "judge_on"),
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
    spark: str = ""
    need: int = 0
    need_day: date = NEVER
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    snoozed_until: date | None = None
    changed_at: datetime = Field(default_factory=utc_now)
    changed_by: UUID | None = None
    judge_on: date = NEVER


class EpisodeReasonRow(SQLModel, table=True):
    """
    One kind of reason that an episode's open alerts give, kept beside its review row.

    ``need`` and ``need_day`` are those of the review row, so that all who share a kind are one
    index range in the order of need, and are counted there.
    """

    __tablename__ = "episode_reason"
    __table_args__ = (
        episode_key(),
        sa.Index(
            "ix_episode_reason_by_need", "clinic_id", "kind", "need", "need_day", "episode_id"
        ),
    )

    clinic_id: UUID = Field(primary_key=True)
    episode_id: UUID = Field(primary_key=True)
    kind: ReasonKind = Field(primary_key=True, sa_type=enum_column(ReasonKind))
    need: int
    need_day: date
