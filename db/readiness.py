"""Whether the database can take what people save, asked without writing anything."""

import shutil
from pathlib import Path

import sqlalchemy as sa

from db.engine import Database
from db.refusals import translated
from recovery.errors import DatabaseUnavailable

READ_ONLY = "The database can only be read. Start the one that can be written, or wait for it."
"""A standby that was not promoted, or a server that was set to read-only."""

_UNCHANGED = sa.text("UPDATE alembic_version SET version_num = version_num")


def check_writable(database: Database) -> None:
    """
    See whether a transaction may write, and end it without having written.

    On SQLite that takes the write lock, so it waits as long as a person who saves would, and
    changes the row of the schema's version to what it is: only then is a read-only file refused.
    No page of the file is written before a commit, and there is none.

    Raises:
        DatabaseUnavailable: If nothing could be saved now.
    """
    if database.engine.dialect.name == "postgresql":
        _check_primary(database)
        return
    writer = database.engine.execution_options(mendline_writes=True)
    with translated(), writer.connect() as connection, connection.begin() as begun:
        connection.execute(_UNCHANGED)
        begun.rollback()


def free_bytes(database: Database) -> int | None:
    """Return the room on the disk of the database; None when it is another machine's."""
    if database.engine.dialect.name == "postgresql":
        return None
    try:
        return shutil.disk_usage(Path(database.engine.url.database or ".").parent).free
    except OSError as error:
        raise DatabaseUnavailable(
            "The folder of the database cannot be read. Check its disk and permissions."
        ) from error


def _check_primary(database: Database) -> None:
    asked = sa.text("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool")
    with translated(), database.engine.connect() as connection:
        if connection.scalar(asked):
            raise DatabaseUnavailable(READ_ONLY)
