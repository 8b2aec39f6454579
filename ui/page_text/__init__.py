"""The text of an education page, whose medical words and sources can be tapped."""

from pathlib import Path

from ui.component_files import component

_HERE = Path(__file__).parent


def page_text(html: str, *, key: str) -> None:
    """
    Show *html*; a tap on a word shows its meaning below, one on a mark leads to its source.

    Args:
        html: Made by ``content.page_html`` alone: it is shown as it is.

        key: Key of the element, unique on the page.
    """
    component("page_text", _HERE)(key=key, data={"html": html})
