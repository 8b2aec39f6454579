"""
Clinics, their patients, accounts and the ways in.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import between, enum_column, new_id, patient_key, sortable, utc_now
from recovery.access import Role
from recovery.settings import (
    DEFAULT_ESCALATION_HOURS,
    EVERY_DAY,
    MAX_CLINIC_VALUE,
    MAX_ESCALATION_HOURS,
)
from recovery.wording import Language

_OPEN = "used_at IS NULL AND revoked_at IS NULL"


class ClinicRow(SQLModel, table=True):
    """A clinic and what it decides for itself."""

    __tablename__ = "clinic"
    __table_args__ = (
        between("escalate_after_hours", 1, MAX_ESCALATION_HOURS),
        between("reading_days", 0, EVERY_DAY),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    time_zone: str
    phone: str = ""
    emergency_number: str = "911"
    shares_augmentation_curve: bool = True
    only_assigned: bool = False
    escalate_after_hours: int = DEFAULT_ESCALATION_HOURS
    escalates_to: UUID | None = None
    reading_days: int = 0
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID | None = None


class ClinicValueRow(SQLModel, table=True):
    """What a clinic advises where leaflets differ, such as the days until driving."""

    __tablename__ = "clinic_value"
    __table_args__ = (between("value", 0, MAX_CLINIC_VALUE),)

    clinic_id: UUID = Field(primary_key=True, foreign_key="clinic.id")
    procedure: str = Field(primary_key=True)
    value_id: str = Field(primary_key=True)
    value: float
    updated_at: datetime = Field(default_factory=utc_now)
    updated_by: UUID


class PatientRow(SQLModel, table=True):
    """A person in follow-up."""

    __tablename__ = "patient"
    __table_args__ = (sa.Index("ix_patient_clinic_id_date_of_birth", "clinic_id", "date_of_birth"),)

    clinic_id: UUID = Field(primary_key=True, foreign_key="clinic.id")
    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    date_of_birth: date
    time_zone: str
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID


class PatientNameWordRow(SQLModel, table=True):
    """One word of a name, folded, so that a search by any part is an index range."""

    __tablename__ = "patient_name_word"
    __table_args__ = (
        patient_key(),
        sa.Index("ix_patient_name_word_clinic_id_patient_id", "clinic_id", "patient_id"),
    )

    clinic_id: UUID = Field(primary_key=True)
    word: str = Field(primary_key=True, sa_type=sortable())
    patient_id: UUID = Field(primary_key=True)


class AccountRow(SQLModel, table=True):
    """Somebody who can sign in."""

    __tablename__ = "account"
    __table_args__ = (
        patient_key(),
        sa.CheckConstraint(
            "(role IN ('patient', 'carer')) = (patient_id IS NOT NULL)", name="patient_has_record"
        ),
        sa.Index("ix_account_clinic_id_role", "clinic_id", "role"),
        sa.Index("ix_account_clinic_id_patient_id", "clinic_id", "patient_id"),
        sa.Index(
            "uq_account_one_per_patient",
            "clinic_id",
            "patient_id",
            unique=True,
            sqlite_where=sa.text("role = 'patient'"),
            postgresql_where=sa.text("role = 'patient'"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    clinic_id: UUID = Field(foreign_key="clinic.id")
    patient_id: UUID | None = None
    username: str = Field(unique=True)
    display_name: str
    role: Role = Field(sa_type=enum_column(Role))
    password_hash: str
    must_change_password: bool = False
    starting_password_ends_at: datetime | None = None
    is_active: bool = True
    language: Language = Field(default=Language.ENGLISH, sa_type=enum_column(Language))
    failed_sign_ins: int = 0
    locked_until: datetime | None = None
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID | None = None


class InvitationRow(SQLModel, table=True):
    """A way in that was handed to one person; its code is stored only as a hash."""

    __tablename__ = "invitation"
    __table_args__ = (
        patient_key(),
        sa.CheckConstraint("role IN ('patient', 'carer')", name="for_one_record"),
        sa.CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used_paired"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_paired"),
        sa.Index("ix_invitation_clinic_id_patient_id", "clinic_id", "patient_id"),
        sa.Index(
            "ix_invitation_open",
            "clinic_id",
            "created_at",
            sqlite_where=sa.text(_OPEN),
            postgresql_where=sa.text(_OPEN),
        ),
    )

    clinic_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    patient_id: UUID
    role: Role = Field(sa_type=enum_column(Role))
    code_hash: str = Field(unique=True)
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID
    expires_at: datetime
    used_at: datetime | None = None
    used_by: UUID | None = None
    revoked_at: datetime | None = None
    revoked_by: UUID | None = None
