"""``python -m db check``: the version, the integrity and the size of the database."""

import argparse

import sqlalchemy as sa
from sqlmodel import SQLModel, select

from db import schema
from db.cli import configured, refuse_missing, say
from db.engine import Database, reading
from db.models import ClinicRow, DailyReportRow, PatientRow
from recovery.errors import DatabaseUnavailable

_COUNTED: dict[str, type[SQLModel]] = {
    "Clinics": ClinicRow,
    "Patients": PatientRow,
    "Daily reports": DailyReportRow,
}


def run(_asked: argparse.Namespace) -> None:
    """
    Say what state the database is in.

    Raises:
        DatabaseUnavailable: If something is wrong with it.
    """
    with configured() as database:
        refuse_missing(database)
        schema.check(database.engine)
        _report(database)


def _report(database: Database) -> None:
    say(f"Schema: revision {schema.head()}, as this version needs.")
    with reading(database) as session:
        if database.engine.dialect.name == "sqlite":
            _refuse_damage(session.connection())
            say("Integrity: no damage found.")
        for words, table in _COUNTED.items():
            count = session.exec(select(sa.func.count()).select_from(table)).one()
            say(f"{words}: {count:,}")


def _refuse_damage(connection: sa.Connection) -> None:
    damage = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if damage != "ok":
        raise DatabaseUnavailable(
            "The database file is damaged. Keep a copy of it, and restore a backup."
        )
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise DatabaseUnavailable(
            "Some entries belong to records that are gone. Keep a copy, and restore a backup."
        )
