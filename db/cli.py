"""What the commands of ``python -m db`` share."""

from collections.abc import Iterator
from contextlib import contextmanager

from db import schema
from db.engine import Database, configured_url, open_engine


def say(sentence: str) -> None:
    """Print *sentence* for the person at the terminal."""
    print(sentence, flush=True)  # noqa: T201 - a command answers on the terminal


@contextmanager
def configured() -> Iterator[Database]:
    """
    Open the configured database as it is, and close it at the end of the block.

    Raises:
        DatabaseUnavailable: If its address is not one.
    """
    engine = open_engine(configured_url())
    try:
        yield Database(engine)
    finally:
        engine.dispose()


@contextmanager
def ready() -> Iterator[Database]:
    """
    Open the configured database, with its tables made when it is empty.

    Raises:
        DatabaseUnavailable: If it cannot be used, or is of another version.
    """
    with configured() as database:
        if schema.revision_of(database.engine) is None:
            schema.upgrade(database.engine)
        schema.check(database.engine)
        yield database
