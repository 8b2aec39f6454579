"""What the code and the templates say, and what the catalogues of other languages hold."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from content.catalogues import catalogue_path
from recovery.wording import Language
from tests.sources import ROOT, python_files, shown

APP_FOLDERS = ("pages", "ui", "web", "charts", "exchange", "content", "db", "recovery")
TEMPLATES = ROOT / "web" / "templates"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"tr": None, "trn": (1, 2), "marked": None}
_PLACE = re.compile(r"\{(\w*)[^{}]*\}")

MessageId = str | tuple[str, ...]


@cache
def said() -> dict[MessageId, str]:
    """Return every message of the app with the first place that says it."""
    found: dict[MessageId, str] = {}
    for method, file in _sources():
        for line, message, _, _ in extract_from_file(method, file, keywords=KEYWORDS):
            found.setdefault(message, f"{shown(file)}:{line}")
    return found


def catalogue(language: Language) -> Catalog:
    """Return the catalogue of *language* as a translator edits it."""
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language.value)


def messages(held: Catalog) -> list[Message]:
    """Return the messages of a catalogue without its head."""
    return [message for message in held if message.id]


def texts(part: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the forms of a message or a translation."""
    if part is None:
        return ()
    return (part,) if isinstance(part, str) else tuple(part)


def places(text: str) -> set[str]:
    """Return the names of the places to fill in *text*."""
    return set(_PLACE.findall(text))


def _sources() -> list[tuple[str, Path]]:
    code = [("python", file) for file in (ROOT / "app.py", *python_files(*APP_FOLDERS))]
    return [*code, *(("jinja2", file) for file in sorted(TEMPLATES.glob("*.html")))]
