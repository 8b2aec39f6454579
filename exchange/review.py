"""The clinic's review list as a table to take away."""

from collections.abc import Sequence
from datetime import date

from exchange.tables import to_csv
from recovery.review import MAX_LISTED, ReviewRow

COLUMNS = (
    "name",
    "procedure",
    "procedure_date",
    "post_procedure_day",
    "reasons",
    "reason_days",
    "states",
    "snoozed_until",
    "last_report",
    "last_worst_pain_nrs",
    "days_logged",
    "days_counted",
    "visits_this_week",
)


def review_csv(rows: Sequence[ReviewRow]) -> str:
    """
    Return the list as CSV, a row a patient in the order given.

    Several reasons of one patient stand in one cell, the least handled first, each with its newest
    day and its state at the same place. More rows than ``MAX_LISTED`` are left out, and said so.
    """
    table = [_cells(row) for row in rows[:MAX_LISTED]]
    if len(rows) > MAX_LISTED:
        table.append({"name": f"More are left out after {MAX_LISTED:,}. Choose a filter."})
    return to_csv(COLUMNS, table)


def _cells(row: ReviewRow) -> dict[str, object]:
    alerts = row.alerts_to_handle()
    return {
        "name": row.name,
        "procedure": row.procedure,
        "procedure_date": row.procedure_date.isoformat(),
        "post_procedure_day": row.post_procedure_day,
        "reasons": [each.reason.kind.value for each in alerts],
        "reason_days": [each.reason.last_day.isoformat() for each in alerts],
        "states": [each.state_words for each in alerts],
        "snoozed_until": _day(row.snoozed_until),
        "last_report": _day(row.last_day),
        "last_worst_pain_nrs": row.last_worst_pain_nrs,
        "days_logged": row.days_logged,
        "days_counted": row.days_counted,
        "visits_this_week": [each.isoformat() for each in row.visits],
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
