"""
Alerts, what was done with them, and the thresholds that made them.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import enum_column, episode_key, new_id, patient_key, utc_now
from recovery.alerts import AlertActKind, AlertState, CloseReason
from recovery.judgement.reasons import ReasonKind

_OPEN = "state <> 'closed'"


class JudgementSettingsRow(SQLModel, table=True):
    """One version of a clinic's thresholds; written once, never changed."""

    __tablename__ = "judgement_settings"
    __table_args__ = (sa.CheckConstraint("version >= 1", name="version_counted"),)

    clinic_id: UUID = Field(primary_key=True, foreign_key="clinic.id")
    version: int = Field(primary_key=True)
    thresholds: dict[str, Any] = Field(sa_type=sa.JSON)
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID


class AlertRow(SQLModel, table=True):
    """
    One reason to look at an episode.

    There is one open alert of a kind at a time, but of what the person recorded one for each
    day. ``holds`` says whether the newest answers still say so, ``is_rearmed`` whether the kind
    may be found anew after this one was closed.
    """

    __tablename__ = "alert"
    __table_args__ = (
        episode_key(),
        patient_key(),
        sa.CheckConstraint("last_day >= first_day", name="days_ordered"),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name="seen_paired"),
        sa.CheckConstraint("(acted_at IS NULL) = (acted_by IS NULL)", name="acted_paired"),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_paired"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_by_one"),
        sa.CheckConstraint("(state = 'closed') = (close_reason IS NOT NULL)", name="closed_why"),
        sa.CheckConstraint(
            "(escalated_at IS NULL) = (escalated_to IS NULL)", name="escalated_to_one"
        ),
        sa.Index("ix_alert_clinic_id_episode_id", "clinic_id", "episode_id"),
        sa.Index(
            "uq_alert_one_new",
            "clinic_id",
            "episode_id",
            "kind",
            "first_day",
            unique=True,
            sqlite_where=sa.text("state = 'new'"),
            postgresql_where=sa.text("state = 'new'"),
        ),
        sa.Index("ix_alert_clinic_id_opened_at", "clinic_id", "opened_at"),
        sa.Index(
            "ix_alert_open",
            "clinic_id",
            "kind",
            "episode_id",
            sqlite_where=sa.text(_OPEN),
            postgresql_where=sa.text(_OPEN),
        ),
        sa.Index(
            "ix_alert_untouched",
            "clinic_id",
            "opened_at",
            sqlite_where=sa.text("state = 'new' AND escalated_at IS NULL"),
            postgresql_where=sa.text("state = 'new' AND escalated_at IS NULL"),
        ),
        sa.Index(
            "ix_alert_snoozed",
            "clinic_id",
            "snoozed_until",
            sqlite_where=sa.text("snoozed_until IS NOT NULL"),
            postgresql_where=sa.text("snoozed_until IS NOT NULL"),
        ),
    )

    clinic_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    episode_id: UUID
    patient_id: UUID
    kind: ReasonKind = Field(sa_type=enum_column(ReasonKind))
    first_day: date
    last_day: date
    figures: dict[str, Any] = Field(sa_type=sa.JSON)
    settings_version: int
    state: AlertState = Field(default=AlertState.NEW, sa_type=enum_column(AlertState))
    version: int = 1
    holds: bool = True
    is_rearmed: bool = False
    opened_at: datetime = Field(default_factory=utc_now)
    seen_at: datetime | None = None
    seen_by: UUID | None = None
    acted_at: datetime | None = None
    acted_by: UUID | None = None
    closed_at: datetime | None = None
    closed_by: UUID | None = None
    close_reason: CloseReason | None = Field(default=None, sa_type=enum_column(CloseReason))
    snoozed_until: date | None = None
    escalated_at: datetime | None = None
    escalated_to: UUID | None = None


class AlertActRow(SQLModel, table=True):
    """One thing done with an alert; written once, never changed."""

    __tablename__ = "alert_act"
    __table_args__ = (
        sa.ForeignKeyConstraint(["clinic_id", "alert_id"], ["alert.clinic_id", "alert.id"]),
        episode_key(),
        sa.CheckConstraint("number >= 1", name="number_counted"),
        sa.Index("ix_alert_act_clinic_id_episode_id", "clinic_id", "episode_id"),
    )

    clinic_id: UUID = Field(primary_key=True)
    alert_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    episode_id: UUID
    kind: AlertActKind = Field(sa_type=enum_column(AlertActKind))
    words: str = ""
    reason: CloseReason | None = Field(default=None, sa_type=enum_column(CloseReason))
    until: date | None = None
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID | None = None
