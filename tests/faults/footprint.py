"""What an act left behind in a clinic's rows, spelled so that two clinics can be compared."""

import re
from collections import Counter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from db.engine import Database, reading

READS = frozenset({"chart.read", "review.listed", "visits.listed", "page.opened"})
"""Acts that a page notes when it is drawn, as often as it is."""

_DRAWN = frozenset({"auth_session", "page_opening", "review_look"})
"""Tables that change when a page is drawn."""

_ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")

Footprint = dict[str, Counter[str]]


def footprint(database: Database, clinic_id: UUID, prefix: str) -> Footprint:
    """
    Return the rows of a clinic by table, without keys, instants and hashes.

    Args:
        database: Where it is.
        clinic_id: Which clinic.
        prefix: Begins the names of its people, and is left out.
    """
    found: Footprint = {}
    with reading(database) as session:
        for table in SQLModel.metadata.sorted_tables:
            if _clinic_column(table) is not None and table.name not in _DRAWN:
                rows = session.connection().execute(_of_clinic(table, clinic_id))
                found[table.name] = Counter(
                    re.sub(prefix, "", _ID.sub("ID", repr(tuple(row))), flags=re.IGNORECASE)
                    for row in rows
                    if table.name != "audit" or row.action not in READS
                )
    return {name: rows for name, rows in found.items() if rows}


def difference(left: Footprint, right: Footprint) -> dict[str, Any]:
    """Return what differs, by table, to be read when a comparison fails."""
    return {
        name: (left.get(name), right.get(name))
        for name in {*left, *right}
        if left.get(name) != right.get(name)
    }


def _of_clinic(table: sa.Table, clinic_id: UUID) -> sa.Select[Any]:
    spelled = (
        column.is_(None).label(column.name) if _is_random(column) else column
        for column in table.columns
        # An entry's place in the chain depends on what was read before.
        if (table.name, column.name) != ("audit", "number")
    )
    return sa.select(*spelled).where(_clinic_column(table) == clinic_id)


def _clinic_column(table: sa.Table) -> Any:
    return table.columns.get("id" if table.name == "clinic" else "clinic_id")


def _is_random(column: sa.Column[Any]) -> bool:
    """Tell whether a column's value says nothing, but whether there is one does."""
    return isinstance(column.type, sa.Uuid | UTCDateTime) or column.name.endswith("hash")
