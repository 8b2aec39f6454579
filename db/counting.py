"""
Counts that everybody adds to, and what of each recovery is in them.

A transaction gathers what it adds and adds it at its very end, in the order of the keys: so two
transactions never wait for each other in a circle, and a count is held for the shortest time.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from db.models import CohortCountRow, EpisodeOutcomeRow, EpisodeRow, OutcomeCountRow
from recovery.cohorts import changes_between, scores_of
from recovery.outcome_counts import counted_in
from recovery.outcomes import Outcome

_Table = type[SQLModel]
_KEYS: dict[_Table, tuple[str, ...]] = {
    CohortCountRow: ("clinic_id", "procedure", "month", "pod", "score"),
    OutcomeCountRow: ("clinic_id", "procedure", "measure", "month", "value"),
}
_Pending = dict[_Table, Counter[tuple[Any, ...]]]
_PENDING = "counts"


def keep_outcome(session: Session, episode: EpisodeRow, outcome: Outcome) -> None:
    """
    Keep what became of a recovery, and bring the counts up to date when the transaction ends.

    Whoever calls it holds the episode's review row, so that nobody else changes this one.

    Args:
        session: A session of ``db.engine.writing``.
        episode: Whose.
        outcome: Of its whole log.
    """
    row = session.get(EpisodeOutcomeRow, (episode.clinic_id, episode.id))
    before = None if row is None else outcome_in(row)
    if row is None:
        row = EpisodeOutcomeRow(
            clinic_id=episode.clinic_id,
            episode_id=episode.id,
            patient_id=episode.patient_id,
            procedure=episode.procedure,
            procedure_date=episode.procedure_date,
        )
    _add_later(session, row, before, outcome)
    row.sqlmodel_update(asdict(outcome))
    session.add(row)


def forget_outcome(session: Session, clinic_id: UUID, episode_id: UUID) -> None:
    """Take a recovery out of the counts when the transaction ends; the row goes at once."""
    row = session.get(EpisodeOutcomeRow, (clinic_id, episode_id), populate_existing=True)
    if row is None:
        return
    _add_later(session, row, outcome_in(row), None)
    session.delete(row)
    session.flush()


def counts_of(rows: Iterable[tuple[EpisodeOutcomeRow, int]]) -> dict[_Table, list[dict[str, Any]]]:
    """
    Return the rows of the counts that some recoveries are in, each recovery as often as told.

    Args:
        rows: Recoveries, each with how many of it there are.
    """
    counts: _Pending = {each: Counter() for each in _KEYS}
    for row, times in rows:
        whose, month = (row.clinic_id, row.procedure), row.procedure_date.replace(day=1)
        for pod, score in scores_of(row.series):
            counts[CohortCountRow][*whose, month, pod, score] += times
        for measure, value in counted_in(outcome_in(row), row.procedure_date):
            counts[OutcomeCountRow][*whose, measure.value, month, value] += times
    return {
        table: [
            dict(zip(_KEYS[table], key, strict=True)) | {"number": number}
            for key, number in found.items()
        ]
        for table, found in counts.items()
    }


def outcome_in(row: EpisodeOutcomeRow) -> Outcome:
    """Return what a row tells of its recovery."""
    return Outcome(
        series=row.series,
        responses=row.responses,
        active_pod=row.active_pod,
        is_active_again=row.is_active_again,
        logged_days=row.logged_days,
        brace_percent=row.brace_percent,
    )


def _add_later(
    session: Session, row: EpisodeOutcomeRow, before: Outcome | None, after: Outcome | None
) -> None:
    if not session.info.get("commits"):
        raise ValueError("counts are changed inside db.engine.writing()")
    pending: _Pending = session.info.setdefault(_PENDING, {each: Counter() for each in _KEYS})
    whose, day = (row.clinic_id, row.procedure), row.procedure_date
    month = day.replace(day=1)
    series = (each.series if each else "" for each in (before, after))
    for (pod, score), change in changes_between(*series).items():
        pending[CohortCountRow][*whose, month, pod, score] += change
    old, new = (counted_in(each, day) if each else set() for each in (before, after))
    for counts, change in ((old - new, -1), (new - old, 1)):
        for measure, value in counts:
            pending[OutcomeCountRow][*whose, measure.value, month, value] += change
    session.info["counts_at_end"] = _add


def _add(session: Session) -> None:
    pending: _Pending = session.info.pop(_PENDING, {})
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    for table, counts in pending.items():
        changed = [_bound(table, key, counts[key]) for key in sorted(counts) if counts[key]]
        fewer = [each for each in changed if each["by"] < 0]
        changing, clearing = _statements(table, postgresql if is_postgresql else sqlite)
        for statement, rows in ((changing, changed), (clearing, fewer)):
            if rows:
                session.connection().execute(statement, rows)


# Names of parameters must not be those of columns.
def _bound(table: _Table, key: tuple[Any, ...], by: int) -> dict[str, Any]:
    named = {f"of_{name}": part for name, part in zip(_KEYS[table], key, strict=True)}
    return named | {"by": by, "first": max(by, 0)}


@cache
def _statements(counts: _Table, dialect: Any) -> tuple[sa.Executable, sa.Executable]:
    """Return what changes counts by a number, and what removes those of nobody."""
    table = cast(sa.Table, sa.inspect(counts).local_table)
    key: dict[str, Any] = {name: sa.bindparam(f"of_{name}") for name in _KEYS[counts]}
    insert = dialect.insert(table).values(key | {"number": sa.bindparam("first")})
    changing: sa.Executable = insert.on_conflict_do_update(
        index_elements=[table.c[name] for name in key],
        set_={"number": table.c.number + sa.bindparam("by")},
    )
    is_key = [table.c[name] == part for name, part in key.items()]
    return changing, sa.delete(table).where(*is_key, table.c.number == 0)
