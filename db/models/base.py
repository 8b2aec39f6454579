"""
What the tables share: keys, instants, and column types that are the same on both engines.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
import uuid_utils.compat
from sqlmodel import SQLModel

from recovery.reports import NRS_MAX, NRS_MIN

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """Return a new UUIDv7: unique, and close to its neighbours in the index."""
    return uuid_utils.compat.uuid7()


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def enum_column(kind: type[StrEnum]) -> sa.Enum:
    """Return a text column type that stores the values of *kind* and checks them."""
    return sa.Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=32,
        name=kind.__name__.lower(),
    )


def sortable() -> sa.types.TypeEngine[str]:
    """Return a text type that sorts by code point on both engines, so prefixes are ranges."""
    return sa.String().with_variant(sa.String(collation="C"), "postgresql")


def between(column: str, low: float, high: float) -> sa.CheckConstraint:
    """Return the check that a number lies in a closed range."""
    return sa.CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=f"{column}_range")


def nrs(column: str) -> sa.CheckConstraint:
    """Return the check that a column holds a pain score, 0 to 10."""
    return between(column, NRS_MIN, NRS_MAX)


def patient_key() -> sa.ForeignKeyConstraint:
    """Return the foreign key of a row about one patient."""
    return sa.ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"])


def episode_key() -> sa.ForeignKeyConstraint:
    """Return the foreign key of a row about one episode."""
    return sa.ForeignKeyConstraint(["clinic_id", "episode_id"], ["episode.clinic_id", "episode.id"])
