"""A copy of a SQLite database that holds what was stored at one instant, made while people work."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from db.backup_check import Checked, check_copy, count_rows
from db.backup_faults import (
    BackupRefused,
    CopyDamaged,
    CopyExchanged,
    DatabaseBusy,
    FolderUnusable,
    NoRoom,
    refused,
)
from db.engine import Database
from db.sqlite_file import connected, keep_on_disk, make_private, sqlite_file
from recovery.errors import RecoveryError

PART = ".part"
"""Ends the name of a copy that is being made."""

WAIT_SECONDS = 60.0
"""How long a backup waits for a moment at which nobody writes."""

_LOOK_AGAIN_SECONDS = 0.001
_SHARED = "mode=rw"
_FIXED = ("st_dev", "st_ino", "st_mode", "st_uid")
"""What stays of a file whatever is written to it."""

_OTHER_FILE = "vacuum_db"
"""What SQLite calls the copy while it fills it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """
    A copy that was checked and is safe on the disk.

    Attributes:
        file: Where it is.
        size_bytes: Of the file.
        checked: What was found in it.
    """

    file: Path
    size_bytes: int
    checked: Checked


def back_up(database: Database, file: Path, *, if_faulty: Path | None = None) -> Backup:
    """
    Copy *database* to *file*, check the copy, and wait until it is safe on the disk.

    Nobody is held up for longer than it takes to begin. What is wrong with the database itself
    (``Checked.refuse_faults``) is left to the caller: such a copy is better than none.

    Args:
        database: On SQLite.
        file: Where to; its folder is there, it is not.
        if_faulty: Where to, beside *file*, if something is wrong with the database itself;
            *file* unless given.

    Raises:
        DatabaseUnavailable: If it is PostgreSQL, or the copy cannot be made or is not whole;
            nothing is left of it then.
    """
    source = sqlite_file(database.engine)
    _refuse_missing(source)
    _refuse_existing(file)
    part = file.with_name(f"{file.name}{PART}")
    with _in_plain_words():
        _make(part)
        begun = part.lstat()
        try:
            rows = _copy(source, part)
            _refuse_exchanged(part, begun)
            keep_on_disk(part)
            checked = check_copy(part, rows)
            if checked.fault is not None:
                file = if_faulty or file
            _refuse_existing(file)
            part.rename(file)
        finally:
            part.unlink(missing_ok=True)
        keep_on_disk(file.parent)
    return Backup(file=file, size_bytes=file.stat().st_size, checked=checked)


def _copy(source: Path, part: Path) -> dict[str, int]:
    """
    Fill *part*, and return how many rows each table of *source* held at that instant.

    The instant is one at which nobody writes: writers wait until a reader and the copy have begun.
    """
    with (
        connected(source, _SHARED) as writer,
        connected(source, _SHARED, wait_s=WAIT_SECONDS) as reader,
        connected(source, _SHARED, wait_s=WAIT_SECONDS) as copier,
    ):
        _take_turn(writer)
        reader.execute("BEGIN")
        # A transaction begins with what it first reads.
        reader.execute("SELECT name FROM sqlite_schema LIMIT 1").fetchall()
        copier.set_authorizer(_let_go(writer))
        copier.execute("VACUUM INTO ?", [str(part)])
        return count_rows(reader)


def _take_turn(writer: sqlite3.Connection) -> None:
    """
    Begin to write as soon as nobody else does.

    SQLite's own way of waiting looks more and more rarely, and so misses the moments between the
    transactions of somebody who saves without a pause.
    """
    end = monotonic() + WAIT_SECONDS
    while True:
        try:
            writer.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() > end:
                raise
            sleep(_LOOK_AGAIN_SECONDS)
        else:
            return


def _let_go(writer: sqlite3.Connection) -> Callable[..., int]:
    """Return what SQLite asks before each step of a copy, and what lets writers go on."""

    def allow(
        _act: int, _what: str | None, _more: str | None, where: str | None, *_: object
    ) -> int:
        # The first step that concerns the copy comes after SQLite began to read.
        if where == _OTHER_FILE and writer.in_transaction:
            writer.rollback()
        return sqlite3.SQLITE_OK

    return allow


def _make(part: Path) -> None:
    try:
        make_private(part)
    except FileExistsError as error:
        raise BackupRefused(
            f"Another backup to this file is being made, or was cut short. Remove {part}, or "
            "choose another name."
        ) from error


def _refuse_exchanged(part: Path, begun: os.stat_result) -> None:
    """Refuse what is not the file that was made for the copy, and ours alone."""
    now = part.lstat()
    is_same = all(getattr(now, each) == getattr(begun, each) for each in _FIXED)
    if not is_same or now.st_nlink != 1 or now.st_uid != os.geteuid():
        raise refused(CopyExchanged)


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise BackupRefused(f"There is a file {file} already. Choose another name.")


def _refuse_missing(source: Path) -> None:
    if not source.is_file():
        raise BackupRefused(
            "There is no database yet. Run `uv run python -m db upgrade` to make one."
        )


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refused(NoRoom if error.errno == errno.ENOSPC else FolderUnusable) from error
    except sqlite3.Error as error:
        raise _meant(error) from error


def _meant(error: sqlite3.Error) -> RecoveryError:
    reason = str(error).lower()
    for sign, kind in (
        ("full", NoRoom),
        ("locked", DatabaseBusy),
        ("malformed", CopyDamaged),
        ("not a database", CopyDamaged),
        ("disk i/o", FolderUnusable),
        ("unable to open", FolderUnusable),
    ):
        if sign in reason:
            return refused(kind)
    return refused(BackupRefused)
