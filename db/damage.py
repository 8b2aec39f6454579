"""Looking for damage in a SQLite file."""

from time import monotonic
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from db.refusals import plain_words
from recovery.errors import DatabaseUnavailable

START_SECONDS = 10.0
"""How long a start looks for damage; a nightly backup looks at all of the file."""

_STEPS = 10_000
"""Steps of SQLite's machine between two looks at the clock: some milliseconds."""

_SIGNS = ("malformed", "not a database")
_DAMAGED = "The database file is damaged. Keep a copy of it, and restore a backup."


def refuse_damage(engine: sa.Engine, *, seconds: float | None = None) -> bool:
    """
    Look at the pages of a SQLite file; another database looks after itself.

    Args:
        engine: Of the database.
        seconds: When to stop looking; None to look at all of it.

    Returns:
        Whether all of it was looked at.

    Raises:
        DatabaseUnavailable: If there is damage, or it cannot be looked at now.
    """
    if engine.dialect.name != "sqlite":
        return True
    try:
        found = _looked_at(engine, seconds)
    except DatabaseError as error:
        reason = str(error.orig).lower()
        if "interrupted" in reason:
            return False
        is_damage = any(sign in reason for sign in _SIGNS)
        raise DatabaseUnavailable(_DAMAGED if is_damage else plain_words(error)) from error
    if found != "ok":
        raise DatabaseUnavailable(_DAMAGED)
    return True


def _looked_at(engine: sa.Engine, seconds: float | None) -> object:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        end = None if seconds is None else monotonic() + seconds
        driver.set_progress_handler(lambda: end is not None and monotonic() > end, _STEPS)
        try:
            return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        finally:
            driver.set_progress_handler(None, 0)


def refuse_orphans(connection: sa.Connection) -> None:
    """
    Look for rows that refer to records that are gone.

    Raises:
        DatabaseUnavailable: If there are some.
    """
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise DatabaseUnavailable(
            "Some entries belong to records that are gone. Keep a copy, and restore a backup."
        )
