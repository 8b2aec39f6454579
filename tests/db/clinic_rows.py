"""A clinic written and the clinics counted: the smallest write and the smallest read."""

from sqlmodel import select

from db.engine import (
    Database,
    reading,
    writing,
)
from db.models import ClinicRow
from tests.factories import make_clinic


def add_clinic(database: Database) -> None:
    """Write a clinic."""
    with writing(database) as session:
        make_clinic(session)


def count_clinics(database: Database) -> int:
    """Return how many clinics there are."""
    with reading(database) as session:
        return len(session.exec(select(ClinicRow)).all())
