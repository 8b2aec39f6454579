"""A table of records whose rows open: a real HTML table, made of cards on a phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ui.component_files import component

ROW_ID = "id"

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a record table.

    Attributes:
        name: Where a row keeps this column's value.
        title: Heading; on a phone it stands in front of each value.
        kind: "number" is right-aligned with even digits, "flag" puts a shape before its words.
        wide_only: Whether the column is left out where there is little room.
    """

    name: str
    title: str
    kind: Literal["text", "number", "flag"] = "text"
    wide_only: bool = False


def record_table(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, str]],
    *,
    key: str,
    open_label: str = "Open",
) -> str | None:
    """
    Draw the rows and tell which one was opened; not for use inside a form.

    Without rows nothing is drawn: the page says in its own words what is missing.

    Args:
        caption: What the table holds, read out by screen readers.

        columns: From left to right; the first one's value is the row's opener and must
            not be empty.

        rows: Top to bottom; each has a unique "id", and a column it lacks is shown empty.

        key: Key of the widget, unique on the page.

        open_label: Read out before the first value, as in "Open Ada Example".

    Returns:
        The row's id, once, in the run after its opener was pressed; else None.

    Raises:
        ValueError: If there are no columns, or the ids of the rows are not unique.
    """
    ids = {row[ROW_ID] for row in rows}
    if not columns or len(ids) < len(rows):
        raise ValueError("a record table needs columns, and rows with unique ids")
    if not rows:
        return None
    data = {
        "caption": caption,
        "columns": [[column.title, column.kind, column.wide_only] for column in columns],
        "rows": [[row[ROW_ID], *(row.get(column.name, "") for column in columns)] for row in rows],
        "openLabel": open_label,
    }
    # Naming the event makes the result carry it, also when nothing was pressed.
    result = component("record_table", _HERE)(key=key, data=data, on_opened_change=_nothing)
    return checked_id(result.get("opened"), ids)


def checked_id(value: object, ids: set[str]) -> str | None:
    """Return *value* when it is one of *ids*, else None; a browser may send anything."""
    return value if isinstance(value, str) and value in ids else None


def _nothing() -> None:
    return None
