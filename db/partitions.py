"""
The day data of a clinic, kept in one of several parts of its table on PostgreSQL.

Which part is decided by a hash of ``clinic_id``, so every query that names the clinic reads one
of them. SQLite keeps each table in one piece. Migration 0009 makes the parts.
"""

import re

import sqlalchemy as sa

PARTITIONED = ("daily_report", "daily_report_revision", "event")
"""The tables that grow with every day of every patient; those that others refer to come first."""

PARTITIONS = 16
"""Parts of each; also how many servers a table could be spread over without being cut anew."""

_PARTITION = re.compile(rf"(?:{'|'.join(PARTITIONED)})_p\d\d")


def partition_name(table: str, number: int) -> str:
    """Return the name of part *number*, from 0, of *table*."""
    return f"{table}_p{number:02d}"


def is_partition(name: str) -> bool:
    """Tell whether a table of the database is a part of another one."""
    return _PARTITION.fullmatch(name) is not None


def is_compared(
    item: object, name: str | None, kind: str, _is_reflected: object, _compared_to: object
) -> bool:
    """
    Tell Alembic what of a database is ours to compare: not the parts, nor what refers to one.

    PostgreSQL keeps a foreign key to a table in parts once more for each of them.
    """
    if kind == "table":
        return not is_partition(name or "")
    if kind == "foreign_key_constraint" and isinstance(item, sa.ForeignKeyConstraint):
        return not is_partition(item.elements[0].target_fullname.rpartition(".")[0])
    return True
