"""
Counts that everybody adds to, and what of each recovery is in them.

A transaction gathers what it adds and adds it at its very end, in the order of the keys: so two
transactions never wait for each other, and a count is held for the shortest time.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from db.models import CohortCountRow, EpisodeOutcomeRow, EpisodeRow
from recovery.cohorts import changes_between
from recovery.outcomes import Outcome

_KEY = ("clinic_id", "procedure", "month", "pod", "score")
_Key = tuple[UUID, str, date, int, int]
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
    if row is None:
        row = EpisodeOutcomeRow(
            clinic_id=episode.clinic_id,
            episode_id=episode.id,
            patient_id=episode.patient_id,
            procedure=episode.procedure,
            procedure_date=episode.procedure_date,
        )
    _add_later(session, row, changes_between(row.series, outcome.series))
    row.sqlmodel_update(asdict(outcome))
    session.add(row)


def forget_outcome(session: Session, clinic_id: UUID, episode_id: UUID) -> None:
    """Take a recovery out of the counts when the transaction ends; the row goes at once."""
    row = session.get(EpisodeOutcomeRow, (clinic_id, episode_id), populate_existing=True)
    if row is None:
        return
    _add_later(session, row, changes_between(row.series, ""))
    session.delete(row)
    session.flush()


def _add_later(
    session: Session, row: EpisodeOutcomeRow, changes: Mapping[tuple[int, int], int]
) -> None:
    if not session.info.get("commits"):
        raise ValueError("counts are changed inside db.engine.writing()")
    pending: Counter[_Key] = session.info.setdefault(_PENDING, Counter())
    month = row.procedure_date.replace(day=1)
    for (pod, score), change in changes.items():
        pending[row.clinic_id, row.procedure, month, pod, score] += change
    session.info["counts_at_end"] = _add


def _add(session: Session) -> None:
    pending: Counter[_Key] = session.info.pop(_PENDING, Counter())
    changes = [(key, pending[key]) for key in sorted(pending) if pending[key]]
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    more = _more(postgresql if is_postgresql else sqlite)
    for is_more, group in groupby(changes, key=lambda change: change[1] > 0):
        rows = [_bound(key, abs(by)) for key, by in group]
        for statement in [more] if is_more else [_LESS, _NONE_LEFT]:
            session.connection().execute(statement, rows)


# Names of parameters must not be those of columns.
def _bound(key: _Key, by: int) -> dict[str, Any]:
    return {f"of_{name}": part for name, part in zip(_KEY, key, strict=True)} | {"by": by}


_TABLE = cast(sa.Table, sa.inspect(CohortCountRow).local_table)
_IS_KEY = [_TABLE.c[name] == sa.bindparam(f"of_{name}") for name in _KEY]
_LESS = sa.update(_TABLE).where(*_IS_KEY).values(number=_TABLE.c.number - sa.bindparam("by"))
_NONE_LEFT = sa.delete(_TABLE).where(*_IS_KEY, _TABLE.c.number == 0)


@cache
def _more(dialect: Any) -> sa.Executable:
    values: dict[str, Any] = {name: sa.bindparam(f"of_{name}") for name in _KEY} | {
        "number": sa.bindparam("by")
    }
    insert = dialect.insert(_TABLE).values(values)
    statement: sa.Executable = insert.on_conflict_do_update(
        index_elements=[_TABLE.c[name] for name in _KEY],
        set_={"number": _TABLE.c.number + insert.excluded.number},
    )
    return statement
