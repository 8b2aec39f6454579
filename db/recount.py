"""Counts of outcomes, made anew from the recoveries that they count."""

from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from db.bulk import load
from db.counting import counts_of
from db.models import EpisodeOutcomeRow

_AT_ONCE = 1_000
"""Recoveries in memory at a time."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """
    What came of counting anew.

    Attributes:
        counts: How many there are now.
        wrong: How many of those before were missing, too many, or another number.
    """

    counts: int
    wrong: int


def recount(session: Session) -> Recounted:
    """
    Put the counts that the stored recoveries make in the place of those that are there.

    Nobody adds to the counts meanwhile: who saves a report waits until the caller commits.

    Args:
        session: Of ``db.engine.writing``.
    """
    _hold(session)
    counted = counts_of(
        (row, 1) for row in session.exec(select(EpisodeOutcomeRow)).yield_per(_AT_ONCE)
    )
    wrong = sum(_replace(session, table, rows) for table, rows in counted.items())
    return Recounted(counts=sum(map(len, counted.values())), wrong=wrong)


def _hold(session: Session) -> None:
    """Keep others from the counts before any recovery is read; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(
            sa.text("LOCK TABLE cohort_count, outcome_count IN EXCLUSIVE MODE")
        )


def _replace(session: Session, model: type[SQLModel], rows: list[dict[str, Any]]) -> int:
    table = cast(sa.Table, sa.inspect(model).local_table)
    names = [column.name for column in table.columns]
    stored = {tuple(row) for row in session.connection().execute(sa.select(table))}
    made = {tuple(row[name] for name in names) for row in rows}
    if differing := stored ^ made:
        session.connection().execute(sa.delete(table))
        load(session.connection(), table, rows)
    number = names.index("number")
    return len({row[:number] + row[number + 1 :] for row in differing})
