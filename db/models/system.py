"""
What the installation keeps about itself: its jobs, and when it backs itself up.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import between, utc_now

ONLY_PLAN = 1
"""Key of the one row of ``backup_plan``: a database has one plan at most."""


class JobRow(SQLModel, table=True):
    """
    When a job of the server last ran, whichever process ran it.

    ``finished_at`` is the last success and ``detail`` what it said then; ``failed_at`` and
    ``failure`` tell of the last failure by its kind alone, since texts of errors may hold values.
    """

    __tablename__ = "job"

    name: str = Field(primary_key=True)
    started_at: datetime
    finished_at: datetime | None = None
    detail: str = ""
    failed_at: datetime | None = None
    failure: str = ""


class BackupPlanRow(SQLModel, table=True):
    """When the server copies its database, where to, and how many copies it keeps."""

    __tablename__ = "backup_plan"
    __table_args__ = (
        sa.CheckConstraint(f"id = {ONLY_PLAN}", name="only_one"),
        between("hour", 0, 23),
        between("keep", 1, 365),
    )

    id: int = Field(default=ONLY_PLAN, primary_key=True)
    hour: int
    time_zone: str
    folder: str
    keep: int
    changed_at: datetime = Field(default_factory=utc_now)
    changed_by: UUID | None = None
