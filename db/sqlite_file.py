"""The file of a SQLite database: where it is, connections beside the app's, safe on the disk."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from recovery.errors import DatabaseUnavailable

OWNER_ALONE = 0o600
_HEAD_BYTES = 20
_VERSIONS = slice(18, 20)
_WITHOUT_JOURNAL = b"\x01\x01"
_OTHER_ENGINE = (
    "This is for SQLite. With PostgreSQL, back up and restore with pg_dump or pg_basebackup, "
    "as docs/deploy.md says."
)


def sqlite_file(engine: sa.Engine) -> Path:
    """
    Return the file of a SQLite database, whether it is there or not.

    Raises:
        DatabaseUnavailable: If it is a PostgreSQL database.
    """
    if engine.dialect.name != "sqlite":
        raise DatabaseUnavailable(_OTHER_ENGINE)
    return Path(engine.url.database or "").absolute()


@contextmanager
def connected(file: Path, how: str, *, wait_s: float = 0) -> Iterator[sqlite3.Connection]:
    """
    Open *file* beside the app's own connections; transactions are begun by hand.

    Args:
        file: A database that is there.
        how: ``mode=rw`` to share it with the app, ``immutable=1`` for a file that nobody writes.
        wait_s: How long a lock is waited for.
    """
    # As an address, so that a missing file is not made.
    address = f"{file.absolute().as_uri()}?{how}"
    with closing(
        sqlite3.connect(address, uri=True, timeout=wait_s, isolation_level=None)
    ) as connection:
        yield connection


def is_at_rest(file: Path) -> bool:
    """
    Tell whether *file* is a backup that the app has not opened since it was made.

    Until then it keeps no journal beside it, and says so in two bytes of its head (the version
    to read and to write with, https://sqlite.org/fileformat.html). Not for a file that this
    process has open: closing it would drop the locks.
    """
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD_BYTES)
    except OSError:
        return False
    return head[_VERSIONS] == _WITHOUT_JOURNAL


def make_private(file: Path) -> None:
    """
    Make an empty *file* for its owner alone.

    Raises:
        OSError: If it cannot be made, or is there.
    """
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE))


def keep_on_disk(path: Path) -> None:
    """
    Wait until a file, or the names in a folder, would outlast a power cut.

    Raises:
        OSError: If the disk refuses.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
