"""The schema's version: bring it up to date, or refuse it in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from db.move_mark import refuse_half_moved
from db.statistics import plant_statistics
from recovery.errors import DatabaseUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"
# Any constant will do: it names the lock that two starting processes share.
_ADVISORY_LOCK = 7_204_441


def head() -> str:
    """Return the revision that this version of the app works with."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise ValueError("db/migrations holds no revision")
    return revision


def revision_of(engine: sa.Engine) -> str | None:
    """
    Return the revision of the database, or None while it is empty.

    Raises:
        DatabaseUnavailable: If the database cannot be reached.
    """
    with _reachable(), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: sa.Engine) -> None:
    """
    Migrate the database to this version's revision, one process at a time.

    Raises:
        DatabaseUnavailable: If it cannot be reached, or is newer than this version.
    """
    refuse_newer(revision_of(engine))
    writer = engine.execution_options(mendline_writes=True)
    with (
        _reachable(),
        writer.connect() as connection,
        _foreign_keys_off(connection),
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            # Another start may take longer over it than a person would wait for a row.
            for limit in ("lock_timeout", "idle_in_transaction_session_timeout"):
                connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        plant_statistics(connection)


def check(engine: sa.Engine) -> None:
    """
    Refuse a database of another schema version, and one that another is being moved into.

    Raises:
        DatabaseUnavailable: Saying what to run.
    """
    revision = revision_of(engine)
    refuse_newer(revision)
    if revision != head():
        raise DatabaseUnavailable(
            "The database is older than this version of Mendline. "
            "Back it up, run `uv run python -m db upgrade`, and start again."
        )
    with _reachable():
        refuse_half_moved(engine)


def refuse_newer(revision: str | None) -> None:
    """
    Refuse a revision that this version does not know.

    Raises:
        DatabaseUnavailable: Saying what to do.
    """
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise DatabaseUnavailable(
            "The database was made by a newer version of Mendline. "
            "Install that version, or choose another database with MENDLINE_DATABASE_URL."
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise DatabaseUnavailable(
            "The database cannot be opened or written. "
            "Check that it runs, its address in MENDLINE_DATABASE_URL, and its permissions."
        ) from error


@contextmanager
def _foreign_keys_off(connection: sa.Connection) -> Iterator[None]:
    """Let SQLite's batch migrations rebuild a table that others refer to."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # The switch has no effect inside a transaction, so it goes to the driver directly.
    driver = connection.connection.driver_connection
    if driver is None:
        raise DatabaseUnavailable("The database closed the connection. Try again.")
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
