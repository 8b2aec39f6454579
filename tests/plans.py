"""How a database would run the statements that the app sent it: by an index, or by reading all."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

GROWING = frozenset(
    {
        "account",
        "alert",
        "alert_act",
        "assignment",
        "audit",
        "cohort_count",
        "consent",
        "daily_report",
        "daily_report_revision",
        "emergency_access",
        "episode",
        "episode_outcome",
        "episode_reason",
        "episode_status",
        "event",
        "invitation",
        "outcome_count",
        "page_opening",
        "patient",
        "patient_name_word",
        "planned_visit",
        "questionnaire_response",
        "report_draft",
        "teach_back_answer",
        "visit_note",
        "visit_question",
    }
)
"""Tables that grow with patients and their days; the others stay small, whatever is logged."""

Statements = dict[str, Any]
"""Each different statement with the values it was sent with first."""

_VERBS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
_SCANNED = re.compile(r"^SCAN (?P<name>\w+)(?P<how>.*)$")
_OF_SOME = re.compile(r"USING (COVERING )?INDEX (ix_alert_open|ix_invitation_open) ")
"""Indexes that hold what is still to be done alone, which does not grow with what was."""

_SEARCHED = re.compile(r"^SEARCH (?P<name>\w+) USING .*\((?P<by>[^()]*)\)")


@contextmanager
def recorded(engine: sa.Engine) -> Iterator[Statements]:
    """Note every statement that goes to the database in the block."""
    sent: Statements = {}

    def note(
        _connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, is_many: bool
    ) -> None:
        if statement.lstrip().upper().startswith(_VERBS):
            sent.setdefault(statement, values[0] if is_many else values)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def whole_reads(engine: sa.Engine, statements: Statements) -> dict[str, str]:
    """
    Return the statements that would read all of a growing table, with the step that does.

    On SQLite also those that would read all that a clinic has in one, where no limit or count asks
    for it; such a step names the clinic alone. PostgreSQL is asked what it would do if reading a
    table from end to end were forbidden, so what it still reads so has no index to be found by.
    """
    find = _of_postgresql if engine.dialect.name == "postgresql" else _of_sqlite
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        found = {
            statement: "; ".join(find(driver, statement, values))
            for statement, values in statements.items()
        }
    return {statement: steps for statement, steps in found.items() if steps}


def partitions_read(engine: sa.Engine, statements: Statements) -> dict[str, list[str]]:
    """Return the statements that would read more than one partition of a table, and which."""
    found = {}
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for statement, values in statements.items():
            read = {step["Relation Name"] for step in _steps(driver, statement, values)}
            parts = sorted(each for each in read if re.search(r"_p?\d+$", each))
            tables = [re.sub(r"_p?\d+$", "", each) for each in parts]
            if len(tables) > len(set(tables)):
                found[statement] = parts
    return found


def _of_sqlite(driver: Any, statement: str, values: Any) -> Iterator[str]:
    for *_, step in driver.execute(f"EXPLAIN QUERY PLAN {statement}", values):
        scanned, searched = _SCANNED.match(step), _SEARCHED.match(step)
        if scanned is not None and _growing(scanned["name"]):
            yield step
        if searched is None or not _growing(searched["name"]) or searched["by"] != "clinic_id=?":
            continue
        if not _walks_in_order(statement) and not _OF_SOME.search(step):
            yield step


def _walks_in_order(statement: str) -> bool:
    """Tell whether a statement stops once it has a page, or counts up to a limit."""
    return "LIMIT" in statement


def _of_postgresql(driver: Any, statement: str, values: Any) -> Iterator[str]:
    for step in _steps(driver, statement, values):
        is_whole = step["Node Type"] == "Seq Scan"
        if is_whole and _growing(step["Relation Name"]):
            yield f"Seq Scan on {step['Relation Name']}"


def _steps(driver: Any, statement: str, values: Any) -> Iterator[dict[str, Any]]:
    driver.execute("SET enable_seqscan = off")
    [(plan,)] = driver.execute(f"EXPLAIN (FORMAT JSON) {statement}", values).fetchall()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    waiting = [plan[0]["Plan"]]
    while waiting:
        step = waiting.pop()
        waiting += step.get("Plans", [])
        # A statement that adds rows names its table without reading it.
        if "Relation Name" in step and step["Node Type"] != "ModifyTable":
            yield step


def _growing(name: str) -> bool:
    """Tell whether a table, an alias or a partition of one is meant."""
    return name in GROWING or re.sub(r"_p?\d+$", "", name) in GROWING
