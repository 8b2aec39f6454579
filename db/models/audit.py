"""
The audit and the newest entry of each of its chains.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


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
