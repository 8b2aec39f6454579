"""The file of a database: where it lies, what it holds, and a change made to it past the app."""

import sqlite3
from pathlib import Path

from sqlmodel import select

from db.connections import open_engine
from db.engine import Database, reading
from db.models import ClinicRow


def file_of(database: Database) -> Path:
    """Return the file of an open database."""
    return Path(str(database.engine.url.database))


def clinics_in(file: Path) -> list[str]:
    """Return the names of the clinics in a file, in order."""
    database = Database(open_engine(f"sqlite:///{file}"))
    with reading(database) as session:
        names = list(session.exec(select(ClinicRow.name).order_by(ClinicRow.name)))
    database.engine.dispose()
    return names


def change_by_hand(file: Path, statement: str) -> None:
    """Run one statement on a file, as nothing of the app would."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(statement)
    connection.close()
