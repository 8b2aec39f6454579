"""Tables as CSV that a spreadsheet opens without running anything in them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

# A cell that begins with one of these is a formula to some spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Spreadsheets skip these before they look for a formula; a tab or a line break begins one.
_SPACES = " \u00a0\u2007\u202f\u3000\ufeff"


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """
    Return *rows* as CSV with a header (RFC 4180, UTF-8 to be encoded by the caller).

    Texts that a spreadsheet would take for a formula get an apostrophe in front, which
    spreadsheets show as the text it is. A value that is missing is an empty cell.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return written.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, list | tuple):
        value = "; ".join(str(each) for each in value)
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(_SPACES).startswith(_FORMULA_STARTS) else text
