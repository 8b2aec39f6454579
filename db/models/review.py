"""
How each of the staff reads the review list.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import utc_now


class SavedViewRow(SQLModel, table=True):
    """A view of the review list that somebody named, to come back to."""

    __tablename__ = "saved_view"

    clinic_id: UUID = Field(primary_key=True, foreign_key="clinic.id")
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    name: str = Field(primary_key=True)
    view: dict[str, Any] = Field(sa_type=sa.JSON)
    updated_at: datetime = Field(default_factory=utc_now)


class ReviewLookRow(SQLModel, table=True):
    """
    When somebody looked at the review list.

    ``looked_at`` is the newest look; ``before`` the one that what is new is told against, which
    moves on only when some time lies between two looks.
    """

    __tablename__ = "review_look"

    clinic_id: UUID = Field(primary_key=True, foreign_key="clinic.id")
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    looked_at: datetime
    before: datetime | None = None
