"""Whether the database can take what people save, on both engines."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.engine import Database, open_engine, writing
from db.readiness import READ_ONLY, check_writable, free_bytes
from recovery.errors import DatabaseUnavailable


def test_a_database_that_can_be_written_is_left_as_it_was(database: Database) -> None:
    """Asked again and again, it keeps no lock and no connection, and writes nothing to disk."""
    journal = Path(f"{database.engine.url.database}-wal")
    check_writable(database)
    before = journal.stat() if journal.exists() else None
    for _ in range(20):
        check_writable(database)

    after = journal.stat() if journal.exists() else None
    assert (before and before.st_mtime_ns) == (after and after.st_mtime_ns)
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    with writing(database) as session:
        session.connection().execute(sa.text("SELECT 1"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_that_takes_no_writes_is_told(database: Database) -> None:
    """As a standby is, and a primary that was set to read-only."""
    with database.engine.connect() as connection:
        name = connection.scalar(sa.text("SELECT current_database()"))
        connection.execute(sa.text(f'ALTER DATABASE "{name}" SET default_transaction_read_only=on'))
        connection.commit()
    database.engine.dispose()

    with pytest.raises(DatabaseUnavailable, match=READ_ONLY):
        check_writable(database)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_takes_no_writes_is_told(database: Database) -> None:
    """A file on a disk that went read-only can still be read."""
    file = database.engine.url.database
    readable = Database(open_engine(f"sqlite:///file:{file}?mode=ro&uri=true"))

    with pytest.raises(DatabaseUnavailable, match="can only be read"):
        check_writable(readable)
    readable.engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_missing_file_is_told(database: Database) -> None:
    """Nothing is made in its place where there is no folder."""
    database.engine.dispose()
    away = Database(open_engine("sqlite:////proc/none.db"))

    with pytest.raises(DatabaseUnavailable):
        check_writable(away)
    away.engine.dispose()


def test_the_room_is_that_of_the_databases_own_disk(database: Database) -> None:
    """Another machine's disk is not ours to measure."""
    found = free_bytes(database)

    if database.engine.dialect.name == "postgresql":
        assert found is None
    else:
        assert found is not None
        assert 0 < found <= shutil.disk_usage("/").total * 1_000
