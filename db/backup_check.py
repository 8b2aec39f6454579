"""Whether a copy of a SQLite database is whole, and true to what it was copied from."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from db import schema
from db.audit_check import AuditCheck, find_break
from db.backup_faults import (
    AuditBroken,
    BackupRefused,
    CopyDamaged,
    CopyDiffers,
    RowsWithoutRecord,
    refused,
)
from db.sqlite_file import connected

_UNWRITTEN = "immutable=1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """
    What was found in a copy that is whole.

    Attributes:
        revision: Of its schema; None when it has none, so that it is no database of ours.
        rows: In all of its tables.
        has_orphans: Whether rows refer to records that are gone.
        audit: What its audit holds; None with another schema than this version's.
    """

    revision: str | None
    rows: int
    has_orphans: bool
    audit: AuditCheck | None

    @property
    def fault(self) -> type[BackupRefused] | None:
        """What is wrong with the database itself, and so with every true copy of it."""
        if self.has_orphans:
            return RowsWithoutRecord
        is_broken = self.audit is not None and self.audit.broken is not None
        return AuditBroken if is_broken else None

    def refuse_faults(self) -> None:
        """
        Refuse what is wrong with the database itself.

        Raises:
            RecoveryError: Naming the fault.
        """
        if self.fault is not None:
            raise refused(self.fault)


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each table holds; not the one that notes the schema's version."""
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' "
        "AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name != 'alembic_version'"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - a name of the database's own
        for (name,) in names
    }


def check_copy(file: Path, expected: Mapping[str, int] | None = None) -> Checked:
    """
    Look at every page and every row of *file*, which nobody may be writing.

    Args:
        file: The copy.
        expected: Rows of each table of what it was copied from, if they are known.

    Raises:
        RecoveryError: If it is damaged, or holds other numbers of rows.
    """
    try:
        with connected(file, _UNWRITTEN) as connection:
            if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise refused(CopyDamaged)
            has_orphans = connection.execute("PRAGMA foreign_key_check").fetchone() is not None
            counted = count_rows(connection)
    except sqlite3.DatabaseError as error:
        raise refused(CopyDamaged) from error
    if expected is not None and counted != expected:
        raise refused(CopyDiffers)
    revision, audit = _audit_of(file)
    return Checked(
        revision=revision, rows=sum(counted.values()), has_orphans=has_orphans, audit=audit
    )


def _audit_of(file: Path) -> tuple[str | None, AuditCheck | None]:
    address = f"{file.absolute().as_uri()}?{_UNWRITTEN}"
    opened = partial(sqlite3.connect, address, uri=True)
    engine = sa.create_engine("sqlite://", creator=opened, poolclass=sa.NullPool)
    revision = schema.revision_of(engine)
    # An older audit has other columns.
    if revision != schema.head():
        return revision, None
    with Session(engine) as session:
        return revision, find_break(session)
