"""What the commands of ``python -m db`` share."""

from db import schema
from db.engine import Database, configured_url, open_engine


def say(sentence: str) -> None:
    """Print *sentence* for the person at the terminal."""
    print(sentence, flush=True)  # noqa: T201 - a command answers on the terminal


def open_configured() -> Database:
    """
    Open the configured database as it is.

    Raises:
        DatabaseUnavailable: If its address is not one.
    """
    return Database(open_engine(configured_url()))


def open_ready() -> Database:
    """
    Open the configured database, with its tables made when it is empty.

    Raises:
        DatabaseUnavailable: If it cannot be used, or is of another version.
    """
    database = open_configured()
    if schema.revision_of(database.engine) is None:
        schema.upgrade(database.engine)
    schema.check(database.engine)
    return database
