"""Storing what a press asks for once, however often and fast the press arrives."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, select

from db.models import EpisodeRow


def add_once(session: Session, row: SQLModel, is_stored: Callable[[], bool]) -> bool:
    """
    Add *row* unless the same press stored it already; the caller commits.

    Args:
        session: A session of ``db.engine.writing``.
        row: What the press asks for.
        is_stored: Tells whether the press was acted on; asked again when the database
            refuses *row*, since the same press may come in between.

    Returns:
        Whether *row* was added now.
    """
    if is_stored():
        return False
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        if not is_stored():
            raise
        return False
    return True


def is_press_stored(
    session: Session, table: type[SQLModel], episode: EpisodeRow, key: UUID
) -> bool:
    """
    Tell whether a press about an episode was acted on.

    Args:
        session: A session.
        table: Where its row goes; one with ``clinic_id``, ``episode_id`` and ``idempotency_key``.
        episode: Whose.
        key: Of the press.
    """
    columns: Any = table
    found = session.exec(
        select(columns.id).where(
            columns.clinic_id == episode.clinic_id,
            columns.episode_id == episode.id,
            columns.idempotency_key == key,
        )
    ).first()
    return found is not None
