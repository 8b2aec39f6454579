"""What a database carries while a move into it is under way, so that nobody serves half of it."""

import hashlib
import json

import sqlalchemy as sa
from sqlmodel import col, select

from db.models import AuditHeadRow
from recovery.errors import DatabaseUnavailable, InvalidEntry

_MARK = sa.Table(
    "unfinished_move",
    sa.MetaData(),
    sa.Column("source", sa.String(64), primary_key=True),
)


def refuse_half_moved(engine: sa.Engine) -> None:
    """
    Refuse a database into which another is still being moved.

    Raises:
        DatabaseUnavailable: Saying what to run.
    """
    if sa.inspect(engine).has_table(_MARK.name):
        raise DatabaseUnavailable(
            "A move into this database is not finished. "
            "Run `uv run python -m db move` again on the old one, as it was first run."
        )


def fingerprint(connection: sa.Connection, counts: dict[str, int]) -> str:
    """
    Return what tells one state of a database from another: its audit's newest entries and *counts*.

    Every act of a person leaves an audit entry, so it changes with each of them.

    Args:
        connection: In a transaction.
        counts: Rows of each table.
    """
    heads = connection.execute(
        select(AuditHeadRow.chain, AuditHeadRow.number, AuditHeadRow.hash).order_by(
            col(AuditHeadRow.chain)
        )
    )
    spelled = [sorted(counts.items()), [[str(part) for part in head] for head in heads]]
    return hashlib.sha256(json.dumps(spelled).encode()).hexdigest()


def begin_or_go_on(target: sa.Connection, source: str, *, is_empty: bool) -> None:
    """
    Mark a database as being moved into, or find that the same move began there before.

    Args:
        target: In a transaction.
        source: The fingerprint of what is moved.
        is_empty: Whether *target* holds no row.

    Raises:
        InvalidEntry: If it holds something else.
    """
    if sa.inspect(target).has_table(_MARK.name):
        if target.scalar(sa.select(_MARK.c.source)) != source:
            raise InvalidEntry(
                "The old database has changed since that move began, or it is another one. "
                "Make a new, empty database, and move into that."
            )
        return
    if not is_empty:
        raise InvalidEntry("The new database is not empty. Make an empty one, and move there.")
    _MARK.create(target)
    target.execute(_MARK.insert().values(source=source))


def end(target: sa.Connection) -> None:
    """Take the mark away in the transaction of *target*: the move is complete."""
    _MARK.drop(target)
