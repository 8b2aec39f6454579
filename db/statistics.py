"""
What SQLite is told of how rows are spread, so that it plans as for a large clinic at any size.

Without statistics it takes a clinic for ten rows: every key begins with the clinic, so it reads all
of one where an index would find a single row. Gathered statistics would follow what happens to be
stored, and a plan might change overnight. These are those of a clinic of ten thousand patients,
and the same everywhere. PostgreSQL gathers its own.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

_PATIENTS, _CLINICS = 10_000, 4
"""Patients of each clinic, and clinics: more than one, so that one is never all there is."""

_PARTIAL = 0.1
"""Share of its table's rows that an index of some of them holds."""

_EACH = {
    "alert": 0.3,
    "alert_act": 0.3,
    "audit": 100,
    "cohort_count": 7,
    "daily_report": 90,
    "daily_report_revision": 1,
    "emergency_access": 0.01,
    "episode_reason": 0.05,
    "erasure_request": 0.01,
    "event": 3,
    "outcome_count": 7,
    "page_opening": 8,
    "patient_name_word": 2,
    "planned_visit": 4,
    "questionnaire_response": 4,
    "report_draft": 0.1,
    "teach_back_answer": 4,
    "visit_note": 3,
    "visit_question": 0.5,
}
"""Rows a patient in each table; one unless told otherwise."""

_DIFFERENT = {
    "account_id": 50,
    "action": 60,
    "chain": _CLINICS,
    "clinic_id": _CLINICS,
    "instrument": 2,
    "kind": 10,
    "last_worst_pain_nrs": 11,
    "measure": 6,
    "month": 36,
    "need": 8,
    "need_day": 10,
    "pod": 60,
    "procedure": 11,
    "role": 200,
    "score": 11,
}
"""
How many values a column has in a clinic; of those that are not named, many.

Roles that are asked for together are those of the staff, who are few.
"""

_MANY = 5_000


def plant_statistics(connection: sa.Connection) -> None:
    """Put the statistics in place of whatever is known, in the transaction of *connection*."""
    if connection.dialect.name != "sqlite":
        return
    run = connection.exec_driver_sql
    # Analysing a table of one row makes the table of statistics.
    run("ANALYZE alembic_version")
    run("DELETE FROM sqlite_stat1")
    for table in sorted(sa.inspect(connection).get_table_names()):
        for index, is_unique, is_partial in _indexes(connection, table):
            columns = [name for *_, name in run(f'PRAGMA index_info("{index}")')]
            if "clinic_id" in columns or "chain" in columns:
                line = statistic(table, columns, is_unique=is_unique, is_partial=is_partial)
                run("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, index, line))
    # Taken up by this connection now, by others when they open.
    run("ANALYZE sqlite_schema")


def statistic(
    table: str, columns: Sequence[str], *, is_unique: bool, is_partial: bool = False
) -> str:
    """
    Return a line of ``sqlite_stat1``.

    Rows in all, then rows that are alike in the first column, in the first two, and so on.

    Args:
        table: Whose index it is.
        columns: Of the index, in order.
        is_unique: Whether no two rows are alike in all of them.
        is_partial: Whether it holds some of the rows alone.
    """
    share = _PARTIAL if is_partial else 1.0
    rows = left = max(1, round(_EACH.get(table, 1) * _PATIENTS * _CLINICS * share))
    numbers = [rows]
    for at, column in enumerate(columns):
        left = max(1, round(left / _different(column)))
        is_whole_key = is_unique and at == len(columns) - 1
        numbers.append(1 if is_whole_key else left)
    return " ".join(map(str, numbers))


def _different(column: str) -> int:
    if column in {"patient_id", "episode_id"}:
        return _PATIENTS
    return _DIFFERENT.get(column, _MANY)


def _indexes(connection: sa.Connection, table: str) -> Iterator[tuple[str, bool, bool]]:
    rows: Any = connection.exec_driver_sql(f'PRAGMA index_list("{table}")')
    for _, name, is_unique, _origin, is_partial in list(rows):
        yield name, bool(is_unique), bool(is_partial)
