"""What the commands of ``python -m db`` share."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select

from db import schema
from db.engine import Database, configured_url, open_engine, reading
from db.models import ClinicRow
from db.sqlite_file import is_at_rest
from recovery.errors import DatabaseUnavailable, InvalidEntry


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
def looked_at() -> Iterator[Database]:
    """
    Open the configured database to look at it alone: a backup stays as it is, byte for byte.

    The app's own way of opening gives a file another kind of journal, for good.

    Raises:
        DatabaseUnavailable: If its address is not one.
    """
    with configured() as database:
        file = Path(database.engine.url.database or "").absolute()
        is_file = database.engine.dialect.name == "sqlite"
        if not is_file or not is_at_rest(file):
            yield database
            return
    opened = partial(sqlite3.connect, f"{file.as_uri()}?mode=ro", uri=True)
    engine = sa.create_engine(
        "sqlite://", creator=opened, poolclass=sa.NullPool, hide_parameters=True
    )
    yield Database(engine)


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


def refuse_missing(database: Database) -> None:
    """
    Refuse a file that is not there, before SQLite makes it.

    Raises:
        DatabaseUnavailable: Saying what to run.
    """
    url = database.engine.url
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise DatabaseUnavailable(
            "There is no database yet. Run `uv run python -m db upgrade` to make one."
        )


def clinics_in(database: Database) -> list[tuple[UUID, str]]:
    """Return the key and name of every clinic."""
    with reading(database) as session:
        return list(session.exec(select(ClinicRow.id, ClinicRow.name)))


def choose_clinic(clinics: list[tuple[UUID, str]], wanted: str | None) -> UUID:
    """
    Return the key of the clinic named *wanted*, or of the only one when none is named.

    Raises:
        InvalidEntry: If there is none of that name, or more than one.
    """
    fitting = [key for key, name in clinics if wanted is None or name == wanted.strip()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise InvalidEntry("There is more than one such clinic. Name one with --clinic NAME.")
    raise InvalidEntry("There is no clinic of that name. Check its spelling.")


def ask(question: str) -> str:
    """
    Ask the person at the terminal.

    Raises:
        InvalidEntry: If there is none, or whoever is there stops.
    """
    try:
        return input(question)
    except KeyboardInterrupt as error:
        # Commands ask before they act.
        raise InvalidEntry("Stopped. Nothing was changed.") from error
    except EOFError as error:
        raise InvalidEntry(
            "An answer is missing. Give it as an option, or in a terminal."
        ) from error
