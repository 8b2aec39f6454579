"""
Who looks after whom, and what a patient agreed to.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import enum_column, new_id, patient_key, utc_now
from recovery.emergency import EmergencyReason


class AssignmentRow(SQLModel, table=True):
    """Somebody of the staff who looks after a patient."""

    __tablename__ = "assignment"
    __table_args__ = (
        patient_key(),
        sa.Index("ix_assignment_clinic_id_account_id", "clinic_id", "account_id", "patient_id"),
    )

    clinic_id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID


class EmergencyAccessRow(SQLModel, table=True):
    """One opening of a record by somebody who does not look after the patient."""

    __tablename__ = "emergency_access"
    __table_args__ = (
        patient_key(),
        sa.CheckConstraint("ends_at > started_at", name="ends_later"),
        sa.CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="review_paired"),
        sa.Index("ix_emergency_access_clinic_id_patient_id", "clinic_id", "patient_id"),
    )

    clinic_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    patient_id: UUID
    account_id: UUID = Field(foreign_key="account.id")
    reason: EmergencyReason = Field(sa_type=enum_column(EmergencyReason))
    words: str
    started_at: datetime
    ends_at: datetime
    reviewed_at: datetime | None = None
    reviewed_by: UUID | None = None


class ConsentRow(SQLModel, table=True):
    """What a patient agreed to, in which words, and until when."""

    __tablename__ = "consent"
    __table_args__ = (
        patient_key(),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="end_paired"),
        sa.Index("ix_consent_clinic_id_patient_id", "clinic_id", "patient_id"),
        sa.Index(
            "uq_consent_one_open",
            "clinic_id",
            "patient_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    clinic_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    patient_id: UUID
    text_version: str
    given_at: datetime
    given_by: UUID
    withdrawn_at: datetime | None = None
    withdrawn_by: UUID | None = None


class ErasureRequestRow(SQLModel, table=True):
    """A patient's wish that everything about them be erased."""

    __tablename__ = "erasure_request"
    __table_args__ = (patient_key(),)

    clinic_id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(primary_key=True)
    requested_at: datetime
    requested_by: UUID
