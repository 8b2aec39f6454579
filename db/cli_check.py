"""``python -m db check``: the version, the integrity and the size of the database."""

import argparse

import sqlalchemy as sa
from sqlmodel import SQLModel, select

from db import schema
from db.cli import configured, looked_at, refuse_missing, say
from db.damage import refuse_damage, refuse_orphans
from db.engine import Database, reading
from db.models import ClinicRow, DailyReportRow, PatientRow

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
    with looked_at() as database:
        schema.check(database.engine)
        refuse_damage(database.engine)
        _report(database)


def _report(database: Database) -> None:
    say(f"Schema: revision {schema.head()}, as this version needs.")
    with reading(database) as session:
        if database.engine.dialect.name == "sqlite":
            refuse_orphans(session.connection())
            say("Integrity: no damage found.")
        for words, table in _COUNTED.items():
            count = session.exec(select(sa.func.count()).select_from(table)).one()
            say(f"{words}: {count:,}")
