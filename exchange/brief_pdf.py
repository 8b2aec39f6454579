"""
Briefs as one PDF, a page each, set by Typst in this process.

What people wrote travels as JSON beside the template and is never part of it, so that nothing in
it is read as markup. Nothing is written to a file and nothing is fetched: the letters come with
the package, and what those lack from the machine.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

FONT = "Libertinus Serif"
"""Ships inside the package; the chart is lettered in it too."""

_TEMPLATE = Path(__file__).parent / "brief.typ"
_LONGEST_RUN = 24
"""Letters in a row without a place to break the line; longer ones get some."""

_TITLE_LETTERS, _AGE_LETTERS = 72, 5
"""Of a title, pictures named; its end, the age, is kept when more are cut out before it."""

_QUOTE_LETTERS, _QUOTES_LETTERS = 320, 600
"""Of one quote and of all together, pictures named; words are counted before they come here."""

_CUT = "..."
_BREAK = "\u200b"  # may break, has no width
_FIRST_SYMBOL = 0x2190
"""Below lie signs such as degree and copyright, which the letters that ship have."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of numbers with what it is about."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """
    What somebody wants to ask.

    Attributes:
        text: As typed, or a sentence that nothing was asked.
        by: Who typed it, when that was not the patient.
        is_own: Whether it is somebody's own words, which stand in quotation marks.
    """

    text: str
    by: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """
    One page.

    Attributes:
        title: Whom it is about.
        about: The line below.
        lines: The numbers.
        quotes: What the patient wants to ask.
        more: How many questions are left out; may be empty.
        chart_svg: The chart.
        chart_words: The chart's sentence, for those who hear the file.
    """

    title: str
    about: str
    lines: Sequence[Line]
    quotes: Sequence[Quote]
    more: str
    chart_svg: str
    chart_words: str


def briefs_pdf(sheets: Sequence[Sheet]) -> bytes:
    """
    Return one PDF with a page for each sheet, which fits A4 and Letter alike.

    Raises:
        ValueError: If there is no sheet.
    """
    if not sheets:
        raise ValueError("a PDF needs at least one sheet")
    import typst  # noqa: PLC0415 - 80 MB, loaded for who prints

    data = json.dumps([_printable(each) for each in sheets], ensure_ascii=False)
    made = typst.compile(
        _template(), sys_inputs={"sheets": data}, font_paths=_fonts(), format="pdf"
    )
    if not isinstance(made, bytes):
        raise TypeError("one PDF is one run of bytes")
    return made


def _printable(sheet: Sheet) -> dict[str, object]:
    """Return a sheet with every text in it as it can be printed, the chart's left alone."""
    return {
        "title": _breaking(_shortened(_spelled(sheet.title), _TITLE_LETTERS, _AGE_LETTERS)),
        "about": _breaking(_spelled(sheet.about)),
        "lines": [
            {"label": each.label, "text": _breaking(_spelled(each.text))} for each in sheet.lines
        ],
        "quotes": _quotes(sheet.quotes),
        "more": sheet.more,
        "chart_svg": sheet.chart_svg,
        "chart_words": sheet.chart_words,
    }


def _quotes(quotes: Sequence[Quote]) -> list[dict[str, object]]:
    """Return the quotes, each cut to its share of the room that those before it leave."""
    printed: list[dict[str, object]] = []
    left = _QUOTES_LETTERS
    for at, each in enumerate(quotes):
        share = left // (len(quotes) - at)
        text = _shortened(_spelled(each.text), min(_QUOTE_LETTERS, share))
        left -= len(text)
        printed.append({"text": _breaking(text), "by": each.by, "is_own": each.is_own})
    return printed


def _shortened(text: str, most: int, end: int = 0) -> str:
    """Return *text* with at most *most* letters, the last *end* of them kept."""
    if len(text) <= most:
        return text
    return text[: most - end - len(_CUT)] + _CUT + text[len(text) - end :]


def _spelled(text: str) -> str:
    """Name the pictures that no printed letter stands for, many of one in a row once."""
    # A picture's variant adds nothing to its name.
    runs = groupby(text.replace("\ufe0f", ""))
    return "".join(_named(letter, sum(1 for _ in run)) for letter, run in runs)


def _named(letter: str, times: int) -> str:
    if unicodedata.category(letter) not in {"So", "Sk"} or ord(letter) < _FIRST_SYMBOL:
        return letter * times
    name = f"[{unicodedata.name(letter, 'sign').lower()}]"
    return name if times == 1 else f"{name} x {times}"


def _breaking(text: str) -> str:
    return " ".join(_breakable(each) for each in text.split(" "))


def _breakable(run: str) -> str:
    if len(run) <= _LONGEST_RUN:
        return run
    return _BREAK.join(
        run[start : start + _LONGEST_RUN] for start in range(0, len(run), _LONGEST_RUN)
    )


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415 - as above

    return typst.Fonts()
