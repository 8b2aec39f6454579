"""What an administrator wants to know of the machine: version, schema, database, room."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa

from db import schema
from db.engine import Database
from db.machine import replica_lag
from db.readiness import free_bytes
from recovery.access import AdminAccess


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemState:
    """
    The state of the installation.

    Attributes:
        versions: Of what Mendline stands on, by name.
        schema: Revision of the database.
        engine: ``sqlite`` or ``postgresql``, with its version.
        size_bytes: Of the database.
        free_bytes: Left on the disk of the database; None when it is another machine's.
        has_replica: Whether a copy is set from which pages may read.
        replica_lag_bytes: Log that the copy has yet to repeat; None when it cannot be read.
    """

    versions: dict[str, str]
    schema: str
    engine: str
    size_bytes: int
    free_bytes: int | None
    has_replica: bool
    replica_lag_bytes: int | None


def system_state(database: Database, access: AdminAccess) -> SystemState:  # noqa: ARG001 - demanded, so that nobody else asks
    """
    Look at the installation.

    Raises:
        DatabaseUnavailable: If the database cannot be reached.
    """
    engine = database.engine
    revision = schema.revision_of(engine) or ""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            size = connection.scalar(sa.text("SELECT pg_database_size(current_database())"))
        else:
            size = _size(Path(engine.url.database or ""))
        lag = replica_lag(database, connection)
        number = ".".join(str(part) for part in engine.dialect.server_version_info or ())
    return SystemState(
        versions={name: version(name) for name in ("streamlit", "sqlmodel", "pandas", "altair")},
        schema=revision,
        engine=f"{engine.dialect.name} {number}".strip(),
        size_bytes=int(size or 0),
        free_bytes=free_bytes(database),
        has_replica=database.replica is not None,
        replica_lag_bytes=lag,
    )


def _size(file: Path) -> int:
    # The journal beside it holds what was written last.
    parts = (file, file.with_name(f"{file.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())
