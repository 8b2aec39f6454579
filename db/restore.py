"""Putting a backup in the place of a SQLite database that nobody uses."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from db import schema
from db.backup_check import Checked, check_copy
from db.backup_content import WaysClosed, close_ways_in, plan_in
from db.backup_faults import BackupRefused
from db.sqlite_file import OWNER_ALONE, connected, keep_on_disk, make_private
from recovery.backups import BackupPlan

_ARRIVING = ".restoring"
# Where SQLite locks a file, whatever its content is (PENDING_BYTE of its src/os.h).
_FIRST_LOCKED = 0x40000000
_LOCKED_BYTES = 512
_JOURNALS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """
    What is in the place of the database now.

    Attributes:
        checked: What was found in the backup.
        kept: The file that was there before; None without one.
        is_older: Whether its schema has to be brought up to this version's.
        erased_since: Records that were erased after the backup was made, and are back.
        closed: Ways in that the backup would have opened again.
        plan: When the server backs itself up from now on, as the backup has it; None if never.
    """

    checked: Checked
    kept: Path | None
    is_older: bool
    erased_since: int
    closed: WaysClosed
    plan: BackupPlan | None


def restore(target: Path, backup: Path, now: datetime, *, despite_faults: bool = False) -> Restored:
    """
    Put *backup* in the place of the database *target*, and keep what was there.

    Args:
        target: Where the app expects its database; it may be missing.
        backup: A file that ``db.backup`` made; it stays as it is.
        now: The instant (UTC), for the name of the file that is kept.
        despite_faults: Whether to take a backup of a database that was at fault itself.

    Raises:
        DatabaseUnavailable: If the backup is not whole or newer than this version, or somebody
            uses the database; nothing was changed then.
    """
    _refuse_source(target, backup)
    part = target.with_name(f"{target.name}{_ARRIVING}")
    try:
        _fetch(backup, part)
        checked = check_copy(part)
        _refuse_content(checked, despite_faults=despite_faults)
        closed = close_ways_in(part, now)
        keep_on_disk(part)
        with _nobody_uses(target):
            kept = _keep(target, now)
            _take_over_owner(part, kept or target.parent)
            part.replace(target)
        keep_on_disk(target.parent)
    except OSError as error:
        raise BackupRefused(
            f"The folder {target.parent} cannot be written, or is full. Check it, and try again."
        ) from error
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise BackupRefused(
            "The backup could not be made ready. Check the disk of the database, and try again."
        ) from error
    finally:
        _remove(part)
    return Restored(
        checked=checked,
        kept=kept,
        is_older=checked.revision != schema.head(),
        erased_since=_erased_since(target, kept) if kept else 0,
        closed=closed,
        plan=plan_in(target),
    )


def _refuse_source(target: Path, backup: Path) -> None:
    if not backup.is_file():
        raise BackupRefused(f"There is no file {backup}. Check its name.")
    if target.exists() and target.samefile(backup):
        raise BackupRefused("This file is the database itself. Name a backup of it.")
    journal = backup.with_name(f"{backup.name}-wal")
    if journal.exists() and journal.stat().st_size:
        raise BackupRefused(
            "This file is in use, or was copied by hand: a journal lies beside it. "
            "Make a backup of it with `uv run python -m db backup FILE`, and restore that."
        )


def _refuse_content(checked: Checked, *, despite_faults: bool) -> None:
    if checked.revision is None:
        raise BackupRefused("This file holds no database of Mendline. Name a backup.")
    schema.refuse_newer(checked.revision)
    if not despite_faults:
        checked.refuse_faults()


def _fetch(backup: Path, part: Path) -> None:
    # One that is left from a try that was cut short is of no use to anybody, and its journal
    # would be taken for the new one's.
    _remove(part)
    make_private(part)
    shutil.copyfile(backup, part)
    keep_on_disk(part)


def _remove(part: Path) -> None:
    for ending in ("", "-journal", *_JOURNALS):
        part.with_name(f"{part.name}{ending}").unlink(missing_ok=True)


@contextmanager
def _nobody_uses(target: Path) -> Iterator[None]:
    """
    Hold the database for the block, with its journals written back where it is whole.

    Raises:
        BackupRefused: If another process has it open.
    """
    if not target.exists():
        yield
        return
    with connected(target, "mode=rw") as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            # Only the last who has it open can end the journal.
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            # What is damaged is replaced all the same, with its journals kept beside it.
            if "locked" in str(error).lower() or _is_held(target):
                raise BackupRefused(
                    "The database is in use. Stop Mendline, and restore again."
                ) from error
        yield


def _is_held(target: Path) -> bool:
    """Tell whether another process holds a lock on a file that is no database any more."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        return False
    handle = os.open(target, os.O_RDWR)
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCKED_BYTES, _FIRST_LOCKED)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _keep(target: Path, now: datetime) -> Path | None:
    """Give what is at *target* a dated name beside its own, and return it."""
    if not target.exists():
        return None
    kept = target.with_name(f"{target.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    # By a second name where the disk has such, so that at no instant there is no database.
    try:
        kept.hardlink_to(target)
    except FileExistsError as error:
        raise BackupRefused(f"There is a file {kept} already. Wait a second.") from error
    except OSError:
        target.rename(kept)
    for ending in _JOURNALS:
        journal = target.with_name(f"{target.name}{ending}")
        if journal.exists():
            journal.rename(kept.with_name(f"{kept.name}{ending}"))
    return kept


def _take_over_owner(part: Path, before: Path) -> None:
    """Let the same account use the database as before, whoever restores it."""
    was = before.stat()
    part.chmod(was.st_mode & 0o777 if before.is_file() else OWNER_ALONE)
    with suppress(PermissionError):
        os.chown(part, was.st_uid, was.st_gid)


def _erased_since(target: Path, kept: Path) -> int:
    """Count the records in *target* that the database it replaced had erased."""
    try:
        with connected(kept, "mode=ro") as connection:
            connection.execute("ATTACH ? AS restored", [f"{target.as_uri()}?mode=ro"])
            found = connection.execute(
                "SELECT count(*) FROM restored.patient WHERE id IN "
                "(SELECT patient_id FROM audit WHERE action = 'patient.erased')"
            ).fetchone()
    except sqlite3.DatabaseError:
        # What was replaced is damaged, or of a version without an audit.
        return 0
    return int(found[0])
