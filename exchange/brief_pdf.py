"""
Briefs as one PDF, a page each, set by Typst in this process.

What people wrote travels as JSON beside the template and is never part of it, so that nothing in
it is read as markup. Nothing is written to a file and nothing is fetched: the letters come with
the package, and what those lack from the machine.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

FONT = "Libertinus Serif"
"""Ships inside the package; the chart is lettered in it too."""

_TEMPLATE = Path(__file__).parent / "brief.typ"
_LONGEST_RUN = 24
"""Letters in a row without a place to break the line; longer ones get some."""

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

    data = json.dumps([_printable(asdict(each)) for each in sheets], ensure_ascii=False)
    made = typst.compile(
        _template(), sys_inputs={"sheets": data}, font_paths=_fonts(), format="pdf"
    )
    if not isinstance(made, bytes):
        raise TypeError("one PDF is one run of bytes")
    return made


def _printable(value: object, name: str = "") -> object:
    """Return *value* with every text in it as it can be printed, the chart's left alone."""
    if isinstance(value, dict):
        return {key: _printable(each, key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(each) for each in value]
    return _spelled(value) if isinstance(value, str) and name != "chart_svg" else value


def _spelled(text: str) -> str:
    """Name the pictures that no printed letter stands for, and let long runs break."""
    named = "".join(_named(each) for each in text)
    return " ".join(_breakable(each) for each in named.split(" "))


def _named(letter: str) -> str:
    # A picture's variant adds nothing to its name.
    if letter == "\ufe0f":
        return ""
    is_picture = unicodedata.category(letter) in {"So", "Sk"} and ord(letter) >= _FIRST_SYMBOL
    return f"[{unicodedata.name(letter, 'sign').lower()}]" if is_picture else letter


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
