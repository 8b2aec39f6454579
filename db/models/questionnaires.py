"""
Answers to short questionnaires.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import enum_column, episode_key, new_id, utc_now
from recovery.questionnaires import Instrument
from recovery.wording import Language


class QuestionnaireResponseRow(SQLModel, table=True):
    """The answers to one questionnaire on the day it was due; written once, never changed."""

    __tablename__ = "questionnaire_response"
    __table_args__ = (
        episode_key(),
        sa.CheckConstraint("due_pod >= 0", name="due_from_day_0"),
        sa.UniqueConstraint("clinic_id", "episode_id", "instrument", "due_pod"),
    )

    clinic_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    episode_id: UUID
    instrument: Instrument = Field(sa_type=enum_column(Instrument))
    due_pod: int
    answered_on: date
    language: Language = Field(sa_type=enum_column(Language))
    answers: list[int] = Field(sa_type=sa.JSON)
    score: float
    is_by_proxy: bool = False
    created_at: datetime = Field(default_factory=utc_now)
    created_by: UUID
