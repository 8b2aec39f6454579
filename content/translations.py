"""Translations of content files: none is missing, and none is older than what it translates."""

import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import Any

from content.documents import Document
from content.errors import ContentError, shown_path
from recovery.wording import Language

CITATION = re.compile(r"\[\^([^\]]*)\]")
_PLACE = re.compile(r"\{([^{}]*)\}")
_DIGITS = re.compile(r"\d+")
_TRANSLATES = re.compile(r"^((?:- )?translates: *).*$", re.MULTILINE)


def digest(path: Path) -> str:
    """Return what names the present text of a file: 12 hexadecimal digits."""
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def fellow(path: Path, language: Language) -> Path:
    """
    Return the file that says the same in *language*.

    Raises:
        ContentError: If there is none.
    """
    parts = list(path.parts)
    place = len(parts) - 1 - parts[::-1].index(Language.ENGLISH.value)
    parts[place] = language.value
    other = Path(*parts)
    if not other.is_file():
        raise ContentError(
            path, 1, f"it has no {language.value} translation", f"Write {shown_path(other)}."
        )
    return other


def check_translation(
    document: Document[Any], original: Document[Any], said: str, original_said: str
) -> None:
    """
    Refuse a translation that is stale, or says other figures, citations or places to fill.

    Args:
        document: The translation.
        original: What it translates.
        said: All of the translation's words in one text.
        original_said: All of the original's.

    Raises:
        ContentError: Naming what to do.
    """
    present = digest(original.path)
    if document.translates != present:
        raise ContentError(
            document.path,
            1,
            f"it translates another text of {shown_path(original.path)}",
            "Bring it up to date, then run: uv run python -m content stamp "
            f"{shown_path(document.path)}",
        )
    for what, pattern in (("citations", CITATION), ("places", _PLACE), ("figures", _DIGITS)):
        here, there = (Counter(pattern.findall(text)) for text in (said, original_said))
        if here != there:
            odd = sorted((here - there) + (there - here))
            raise ContentError(
                document.path,
                1,
                f"its {what} differ from the English ones: {', '.join(odd)}",
                "Say the same in both.",
            )


def stamp(path: Path) -> None:
    """
    Write into a translation the digest of the English file as it is now.

    Raises:
        ContentError: If the file has no line for it, or there is no English file.
    """
    parts = list(path.parts)
    known = {each.value for each in Language}
    place = max((place for place, part in enumerate(parts) if part in known), default=-1)
    if place < 0 or parts[place] == Language.ENGLISH.value:
        raise ContentError(path, 1, "this is no translation", "Name a file below es/.")
    parts[place] = Language.ENGLISH.value
    original = Path(*parts)
    text = path.read_text(encoding="utf-8")
    if not original.is_file() or not _TRANSLATES.search(text):
        raise ContentError(
            path, 1, "no line begins with translates", "Add one, or the English file."
        )
    marked = _TRANSLATES.sub(rf'\g<1>"{digest(original)}"', text, count=1)
    path.write_text(marked, encoding="utf-8")
