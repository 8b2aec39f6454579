"""Two rows in every table, with values that are easily bent on the way between databases."""

from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from db.audit import note_bare_act
from db.engine import Database, writing
from db.models import new_id
from recovery.alerts import AlertState, CloseReason
from recovery.reports import EventKind
from tests.factories import NOW

NAUGHTY = (
    "\\N",  # how COPY spells no value
    "\\.",  # how it spells the end
    "tab\tline\nreturn\r\\back",
    "'; DROP TABLE patient; --",
    "\u202eعربى 中文 🦴 e\u0301 é Ω",
    "",
    " ",
    "NULL",
    '{"a": 1}',
)
_JSON = {"no value": None, "NUL": "\x00", "half": ["\ud83e", 0.1 + 0.2, -0.0], "2": [True]}

_FILLED, _SPARSE = 0, 1
_MADE_BY_ACTS = {"audit", "audit_head"}
_ONE_ROW = {"backup_plan"}
_DAYS = (date(9999, 12, 31), date(1, 1, 1))
_INSTANTS = (
    datetime(2038, 1, 19, 3, 14, 7, 999_999, tzinfo=UTC),
    datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
)
_FLOATS = (0.1 + 0.2, 5e-324)
# Where a constraint asks for more than the type of the column does.
_FITTING: dict[str, tuple[Any, Any]] = {
    "alert.state": (AlertState.CLOSED, AlertState.NEW),
    "alert.close_reason": (next(iter(CloseReason)), None),
    "emergency_access.started_at": (NOW, NOW),
    "emergency_access.ends_at": (NOW + timedelta(hours=1), NOW + timedelta(hours=1)),
    "event.kind": (EventKind.PAIN_READING, EventKind.FALL),
}


def fill_every_table(database: Database) -> None:
    """Add two rows to every table, one with all values and one with as few as there may be."""
    with writing(database) as session:
        for number in (_FILLED, _SPARSE):
            _fill(session, number)
        for action in ("first.act", "second.act"):
            note_bare_act(session, action, clinic_id=new_id(), subject="of nobody")


def _fill(session: Session, number: int) -> None:
    made: dict[str, dict[str, Any]] = {}
    for table in SQLModel.metadata.sorted_tables:
        if table.name in _MADE_BY_ACTS or (number and table.name in _ONE_ROW):
            continue
        row: dict[str, Any] = {}
        for constraint in table.foreign_key_constraints:
            parent = made[constraint.referred_table.name]
            row |= {key.parent.name: parent[key.column.name] for key in constraint.elements}
        for column in table.columns:
            row.setdefault(column.name, _value(column, number))
        session.connection().execute(table.insert(), row)
        made[table.name] = row


def _value(column: sa.Column[Any], number: int) -> Any:
    fitting = _FITTING.get(f"{column.table.name}.{column.name}")
    if fitting is not None:
        return fitting[number]
    if column.nullable and number == _SPARSE:
        return None
    if isinstance(column.type, sa.JSON):
        return _JSON
    stored = column.type
    if isinstance(stored, sa.types.TypeDecorator):
        stored = stored.impl_instance
    kind = stored.python_type
    if issubclass(kind, Enum):
        return list(kind)[number % len(kind)]
    return _plain(kind, list(column.table.columns).index(column) + number, number)


def _plain(kind: type, place: int, number: int) -> Any:
    values = {
        str: NAUGHTY[place % len(NAUGHTY)],
        bool: number == _FILLED,
        int: number + 1,
        float: _FLOATS[number],
        bytes: bytes(range(256)),
        date: _DAYS[number],
        datetime: _INSTANTS[number],
        UUID: new_id(),
    }
    return values[kind]
