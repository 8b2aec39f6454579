"""Storing what a press asks for once, however often and fast the press arrives."""

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel


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
