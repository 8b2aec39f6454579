"""Whatever the review list is asked for, it is read from an index and no table is read whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from db import review_filters
from db.engine import Database, writing
from db.review_counts import count_reasons
from recovery.access import grant_clinic
from recovery.judgement.reasons import ReasonKind
from recovery.review import DayRange, ReviewOrder
from tests.db.reviewing import names_in
from tests.factories import NOW
from tests.small_clinic import SmallClinic

SIGN = ReasonKind.WARNING_SIGN


@contextmanager
def _asked(engine: sa.Engine) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "episode_" in statement and statement.startswith(("SELECT", "WITH")):
            seen.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def _plan(session: Session, statement: str, parameters: Any) -> str:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    prefix = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    rows = session.connection().exec_driver_sql(f"{prefix} {statement}", parameters)
    return "\n".join(str(row[-1]) for row in rows)


def _plans(database: Database, clinic: SmallClinic, queries: list[dict[str, Any]]) -> list[str]:
    with writing(database) as session, _asked(database.engine) as asked:
        for query in queries:
            names_in(session, clinic.clinician, **query)
        count_reasons(session, grant_clinic(clinic.clinician))
        count_reasons(session, grant_clinic(clinic.clinician), is_mine=True)
        if database.engine.dialect.name == "postgresql":
            # A table of one row is read whole unless that is forbidden.
            session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
            session.connection().exec_driver_sql("SET LOCAL enable_sort = off")
        return [_plan(session, statement, parameters) for statement, parameters in list(asked)]


def _reads_no_table_whole(plan: str) -> bool:
    tables = ("episode_status", "episode_reason", "assignment", "planned_visit")
    return "Seq Scan" not in plan and not any(f"SCAN {table}" in plan for table in tables)


def test_the_list_is_read_in_the_order_of_an_index(database: Database, clinic: SmallClinic) -> None:
    """No order, reason or procedure sorts what it found, whose size then would show."""
    queries: list[dict[str, Any]] = [
        *({"order": order} for order in ReviewOrder),
        {"reason": SIGN},
        {"procedure": "kyphoplasty"},
    ]
    plans = _plans(database, clinic, queries)[: len(queries)]

    for plan in plans:
        assert _reads_no_table_whole(plan), plan
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan
    assert "ix_episode_reason_by_need" in plans[-2]
    assert "procedure_need" in plans[-1]


@pytest.mark.usefixtures("few")
def test_no_filter_reads_a_table_whole(database: Database, clinic: SmallClinic) -> None:
    """Whatever is asked for, each table is entered by an index, and so are the counts."""
    queries: list[dict[str, Any]] = [
        {"is_mine": True},
        {"has_visit": True},
        {"days": DayRange(first=0, last=14)},
        {"changed_since": NOW},
        {"search": "row el"},
        {"reason": SIGN, "order": ReviewOrder.NAME},
        {"procedure": "kyphoplasty", "order": ReviewOrder.NAME, "has_visit": True},
    ]
    plans = _plans(database, clinic, queries)

    assert len(plans) >= len(queries) + 2
    for plan in plans:
        assert _reads_no_table_whole(plan), plan


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_many_matches_are_met_on_the_way_of_the_order(
    database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A condition on a column does not lead SQLite away to sort all who match."""
    monkeypatch.setattr(review_filters, "FEW", -1)
    queries: list[dict[str, Any]] = [
        {"days": DayRange(first=0)},
        {"changed_since": NOW - timedelta(days=1)},
        {"has_visit": True, "days": DayRange(first=0)},
    ]
    pages = [plan for plan in _plans(database, clinic, queries) if "by_need (" in plan]

    assert len(pages) >= len(queries)
    assert not any("TEMP B-TREE FOR ORDER" in plan for plan in pages)
