"""A person's own record as JSON, and its days and events as tables."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from exchange.tables import to_csv

Record = Mapping[str, Any]
DAY_COLUMNS = (
    "procedure",
    "day",
    "worst_pain_nrs",
    "average_pain_nrs",
    "brace_hours",
    "activity",
    "walking_minutes",
    "medicine",
    "medicine_times",
    "warning_signs",
    "note",
    "is_by_proxy",
    "is_late",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
)
EVENT_COLUMNS = (
    "procedure",
    "occurred_at",
    "kind",
    "pain_nrs",
    "note",
    "is_by_proxy",
    "created_at",
    "created_by",
    "withdrawn_at",
)
QUESTIONNAIRE_COLUMNS = (
    "procedure",
    "instrument",
    "due_pod",
    "answered_on",
    "score",
    "answers",
    "language",
    "is_by_proxy",
    "created_at",
    "created_by",
)


def record_json(record: Record) -> str:
    """Return the record as JSON: days as 2026-11-22, instants with their zone."""
    return json.dumps(record, default=_spelled, ensure_ascii=False, indent=2)


def days_csv(record: Record) -> str:
    """Return the daily reports, oldest first, with the procedure they follow."""
    return to_csv(DAY_COLUMNS, _rows(record, "daily_reports"))


def events_csv(record: Record) -> str:
    """Return the events, oldest first, with the procedure they follow."""
    return to_csv(EVENT_COLUMNS, _rows(record, "events"))


def questionnaires_csv(record: Record) -> str:
    """Return the answers to questionnaires, oldest first, with the procedure they follow."""
    return to_csv(QUESTIONNAIRE_COLUMNS, _rows(record, "questionnaires"))


def _rows(record: Record, name: str) -> list[Record]:
    return [
        {key: _cell(value) for key, value in row.items()} | {"procedure": episode["procedure"]}
        for episode in record["episodes"]
        for row in episode[name]
    ]


def _cell(value: object) -> object:
    return _spelled(value) if isinstance(value, date) else value


def _spelled(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
