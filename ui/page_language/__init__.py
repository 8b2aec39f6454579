"""Tells the browser which language an open page is in, after it was changed on that page."""

from pathlib import Path

from recovery.wording import language
from ui.component_files import component

_HERE = Path(__file__).parent


def tell_page_language() -> None:
    """Name the language spoken now on the page, so that a screen reader reads it aloud in that."""
    component("page_language", _HERE)(key="page-language", data={"language": language().value})
