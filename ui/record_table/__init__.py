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
        kind: "number" is right-aligned with even digits, "flag" puts a shape before its words,
            "spark" draws a ``Spark``.
        wide_only: Whether the column is left out where there is little room.
    """

    name: str
    title: str
    kind: Literal["text", "number", "flag", "spark"] = "text"
    wide_only: bool = False


@dataclass(frozen=True, slots=True)
class Spark:
    """
    A small line of pain, a place a day.

    Attributes:
        pains: NRS 0-10, the oldest first; None for a day without a report, which is never joined over.
        places: How many days the line has room for, from the right; at least as many as *pains*.
        words: What the line shows, in a sentence's piece; read out and never empty.
    """

    pains: Sequence[int | None]
    places: int
    words: str


def record_table(  # noqa: PLR0913 - one argument per thing that a page decides
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, str | Spark]],
    *,
    key: str,
    open_label: str = "Open",
    return_to: str | None = None,
    keys_from_anywhere: bool = False,
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

        return_to: The id of a row that gets the focus when the table is first drawn, so that
            whoever comes back from it is where they left; None for no row.

        keys_from_anywhere: Whether j and k lead into the table also while the focus is elsewhere
            on the page, unless somebody types there. WCAG 2.1.4 asks for a way to turn it off.

    Returns:
        The row's id, once, in the run after its opener was pressed; else None.

    Raises:
        ValueError: If there are no columns, or the ids of the rows are not unique.
    """
    ids = {str(row[ROW_ID]) for row in rows}
    if not columns or len(ids) < len(rows):
        raise ValueError("a record table needs columns, and rows with unique ids")
    if not rows:
        return None
    data = {
        "caption": caption,
        "columns": [[column.title, column.kind, column.wide_only] for column in columns],
        "rows": [
            [row[ROW_ID], *(_sent(row.get(column.name, "")) for column in columns)] for row in rows
        ],
        "openLabel": open_label,
        "returnTo": return_to,
        "keysFromAnywhere": keys_from_anywhere,
    }
    # Naming the event makes the result carry it, also when nothing was pressed.
    result = component("record_table", _HERE)(key=key, data=data, on_opened_change=_nothing)
    return checked_id(result.get("opened"), ids)


def checked_id(value: object, ids: set[str]) -> str | None:
    """Return *value* when it is one of *ids*, else None; a browser may send anything."""
    return value if isinstance(value, str) and value in ids else None


def _sent(value: str | Spark) -> str | list[object]:
    return value if isinstance(value, str) else [value.words, value.places, list(value.pains)]


def _nothing() -> None:
    return None
