"""
What people read, and how they answered the question at the end of a page.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import enum_column, episode_key, new_id, utc_now
from recovery.wording import Language


class PageOpeningRow(SQLModel, table=True):
    """That a page was opened, by whom, when first and last, and how many times."""

    __tablename__ = "page_opening"
    __table_args__ = (episode_key(), sa.CheckConstraint("times >= 1", name="times_counted"))

    clinic_id: UUID = Field(primary_key=True)
    episode_id: UUID = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    slug: str = Field(primary_key=True)
    first_opened_at: datetime = Field(default_factory=utc_now)
    last_opened_at: datetime = Field(default_factory=utc_now)
    times: int = 1
    is_by_proxy: bool = False


class TeachBackAnswerRow(SQLModel, table=True):
    """One answer to the question at the end of a page; every answer is kept."""

    __tablename__ = "teach_back_answer"
    __table_args__ = (
        episode_key(),
        sa.CheckConstraint("answer >= 1", name="answer_numbered"),
        sa.UniqueConstraint("clinic_id", "episode_id", "idempotency_key"),
    )

    clinic_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    episode_id: UUID
    account_id: UUID = Field(foreign_key="account.id")
    slug: str
    language: Language = Field(sa_type=enum_column(Language))
    answer: int
    is_right: bool
    is_by_proxy: bool = False
    idempotency_key: UUID
    answered_at: datetime = Field(default_factory=utc_now)
