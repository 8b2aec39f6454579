"""
What a patient agrees to before anything is logged.

Each text keeps its file for good, so that what somebody agreed to can be read again. A change
of meaning is a new file, and everybody is asked anew.
"""

from functools import cache
from pathlib import Path

from recovery.wording import Language, language

_FOLDER = Path(__file__).parent / "consent"

CONSENT_VERSION = max(file.stem for file in (_FOLDER / Language.ENGLISH).glob("*.md"))
"""The version that people are asked to agree to now: the day it was written."""


def consent_text(version: str = CONSENT_VERSION) -> str:
    """
    Return the words of a version, as Markdown, in the language spoken.

    Raises:
        KeyError: If there never was such a version.
    """
    return _texts(language())[version]


@cache
def _texts(spoken: Language) -> dict[str, str]:
    files = (_FOLDER / spoken).glob("*.md")
    return {file.stem: file.read_text(encoding="utf-8") for file in files}
