"""
The tables.

Every table of patient data carries ``clinic_id``, first in its keys and indexes: a clinic
is the unit of isolation, of partitioning and of sharding. Rows do not leave ``db``.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import uuid_utils.compat
from sqlmodel import Field, SQLModel

from recovery.access import Role
from recovery.reports import (
    MAX_BRACE_HOURS,
    MAX_MEDICINE_TIMES,
    MAX_WALKING_MINUTES,
    NRS_MAX,
    NRS_MIN,
    ActivityLevel,
    EventKind,
    PainMedicine,
)

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """Return a new UUIDv7: unique, and close to its neighbours in the index."""
    return uuid_utils.compat.uuid7()


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def _enum(kind: type[StrEnum]) -> sa.Enum:
    """Return a text column type that stores the values of *kind* and checks them."""
    return sa.Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=32,
        name=kind.__name__.lower(),
    )


def _sortable() -> sa.types.TypeEngine[str]:
    """Return a text type that sorts by code point on both engines, so prefixes are ranges."""
    return sa.String().with_variant(sa.String(collation="C"), "postgresql")


def _between(column: str, low: float, high: float) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=f"{column}_range")


def _nrs(column: str) -> sa.CheckConstraint:
    return _between(column, NRS_MIN, NRS_MAX)


def _patient_key() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"])


def _episode_key() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["clinic_id", "episode_id"], ["episode.clinic_id", "episode.id"])


class ClinicRow(SQLModel, table=True):
    """A clinic and what it decides for itself."""

    __tablename__ = "clinic"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    time_zone: str
    phone: str = ""
    emergency_number: str = "911"
    shares_augmentation_curve: bool = True
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID | None = None


class PatientRow(SQLModel, table=True):
    """A person in follow-up."""

    __tablename__ = "patient"

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
    __table_args__ = (_patient_key(),)

    clinic_id: UUID = Field(primary_key=True)
    word: str = Field(primary_key=True, sa_type=_sortable())
    patient_id: UUID = Field(primary_key=True)


class AccountRow(SQLModel, table=True):
    """Somebody who can sign in."""

    __tablename__ = "account"
    __table_args__ = (
        _patient_key(),
        sa.CheckConstraint(
            "(role IN ('patient', 'carer')) = (patient_id IS NOT NULL)", name="patient_has_record"
        ),
        sa.Index("ix_account_clinic_id_role", "clinic_id", "role"),
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
    role: Role = Field(sa_type=_enum(Role))
    password_hash: str
    must_change_password: bool = False
    is_active: bool = True
    failed_sign_ins: int = 0
    locked_until: datetime | None = None
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID | None = None


class InvitationRow(SQLModel, table=True):
    """A way in that was handed to one person; its code is stored only as a hash."""

    __tablename__ = "invitation"
    __table_args__ = (
        _patient_key(),
        sa.CheckConstraint("role IN ('patient', 'carer')", name="for_one_record"),
        sa.CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used_paired"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_paired"),
        sa.Index("ix_invitation_clinic_id_patient_id", "clinic_id", "patient_id"),
    )

    clinic_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    patient_id: UUID
    role: Role = Field(sa_type=_enum(Role))
    code_hash: str = Field(unique=True)
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID
    expires_at: datetime
    used_at: datetime | None = None
    used_by: UUID | None = None
    revoked_at: datetime | None = None
    revoked_by: UUID | None = None


class SignInAddressRow(SQLModel, table=True):
    """Tries to sign in by a name, an address or both, which are stored as a hash."""

    __tablename__ = "sign_in_address"

    address_hash: str = Field(primary_key=True)
    failed_sign_ins: int = 0
    locked_until: datetime | None = None
    last_failed_at: datetime


class AuthSessionRow(SQLModel, table=True):
    """One sign-in. The token itself is never stored, only its SHA-256."""

    __tablename__ = "auth_session"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(default_factory=utc_now)
    last_seen_at: datetime = Field(default_factory=utc_now)
    expires_at: datetime
    revoked_at: datetime | None = None


class EpisodeRow(SQLModel, table=True):
    """A person's recovery from one procedure."""

    __tablename__ = "episode"
    __table_args__ = (
        _patient_key(),
        _nrs("baseline_nrs"),
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
    activity: ActivityLevel | None = Field(default=None, sa_type=_enum(ActivityLevel))
    walking_minutes: int | None = None
    medicine: PainMedicine | None = Field(default=None, sa_type=_enum(PainMedicine))
    medicine_times: int | None = None
    warning_signs: list[str] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    note: str = ""
    is_by_proxy: bool = False


def _answer_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        _nrs("worst_pain_nrs"),
        _nrs("average_pain_nrs"),
        sa.CheckConstraint("average_pain_nrs <= worst_pain_nrs", name="average_within_worst"),
        _between("brace_hours", 0, MAX_BRACE_HOURS),
        _between("walking_minutes", 0, MAX_WALKING_MINUTES),
        _between("medicine_times", 0, MAX_MEDICINE_TIMES),
    )


class DailyReportRow(_Answers, table=True):
    """The current answers about one calendar day."""

    __tablename__ = "daily_report"
    __table_args__: Any = (_episode_key(), *_answer_checks())

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
        _episode_key(),
        _nrs("pain_nrs"),
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
    kind: EventKind = Field(sa_type=_enum(EventKind))
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
    __table_args__ = (_episode_key(),)

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
        _episode_key(),
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
        _episode_key(),
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
    sort_name: str = Field(sa_type=_sortable())
    time_zone: str
    procedure: str
    procedure_date: date
    last_day: date = NEVER
    last_worst_pain_nrs: int = NO_PAIN_YET
    logged_mask: int = 0
    warning_day: date = NEVER
    event: EventKind | None = Field(default=None, sa_type=_enum(EventKind))
    event_day: date = NEVER
    attention_day: date = NEVER


class AuditRow(SQLModel, table=True):
    """
    Who did what, when and why; written in the transaction of the act, never changed.

    Each entry holds the hash of the one before it in its chain, a clinic's or that of no
    clinic, so that a change or a gap shows. The database refuses to change or delete one.
    Plain ids and no foreign keys, so that the audit never holds up the data it is about.
    """

    __tablename__ = "audit"
    __table_args__ = (
        sa.Index("ix_audit_clinic_id_patient_id_at", "clinic_id", "patient_id", "at"),
        sa.Index("ix_audit_clinic_id_at", "clinic_id", "at"),
    )

    chain: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_type=sa.BigInteger)
    clinic_id: UUID | None = None
    at: datetime
    actor_id: UUID | None = None
    session_id: UUID | None = None
    patient_id: UUID | None = None
    action: str
    subject: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    previous_hash: str
    hash: str


class AuditHeadRow(SQLModel, table=True):
    """The newest entry of a chain; its row is what entries wait for, one after another."""

    __tablename__ = "audit_head"

    chain: UUID = Field(primary_key=True)
    number: int = Field(default=0, sa_type=sa.BigInteger)
    hash: str = ""
