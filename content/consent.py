"""
What a patient agrees to before anything is logged.

Each text keeps its file for good, so that what somebody agreed to can be read again. A change
of meaning is a new file, and everybody is asked anew.
"""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "consent"

CONSENT_VERSION = max(file.stem for file in _FOLDER.glob("*.md"))
"""The version that people are asked to agree to now: the day it was written."""


@cache
def consent_text(version: str = CONSENT_VERSION) -> str:
    """
    Return the words of a version, as Markdown.

    Raises:
        KeyError: If there never was such a version.
    """
    texts = {file.stem: file for file in _FOLDER.glob("*.md")}
    return texts[version].read_text(encoding="utf-8")
