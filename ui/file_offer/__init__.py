"""
A file made by a page, handed to the browser over the page's own connection.

Streamlit's download button would put it under an address that needs no sign-in and outlives the
session, so a file about patients goes the way of the page's words instead and is kept nowhere.
"""

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ui.component_files import component

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """
    One file.

    Attributes:
        name: As the browser saves it; nothing in it tells who it is about.
        kind: Its media type, such as ``application/pdf``.
        content: Its bytes.
    """

    name: str
    kind: str
    content: bytes


def hand_over(file: File, label: str, *, key: str) -> None:
    """
    Let the browser save a file at once, and offer it again while it stands on the page.

    Call it in the run in which the file was made: the next run takes it off the page.

    Args:
        file: What is handed over.
        label: On the button that saves it once more.
        key: Of the component, unique on the page.
    """
    data = {
        # Each hand-over is one of its own, which the browser saves once by itself.
        "serial": uuid4().hex,
        "name": file.name,
        "kind": file.kind,
        "content": b64encode(file.content).decode("ascii"),
        "label": label,
    }
    component("file_offer", _HERE)(key=key, data=data)
