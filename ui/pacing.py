"""What a person came for, sent ahead of the rest of a page."""

from time import sleep as pause

HEAD_START_SECONDS = 0.15
"""About what a browser needs to load its chart code; see docs/adr/0015."""


def let_it_be_drawn(seconds: float = HEAD_START_SECONDS) -> None:
    """
    Hold the rest of the page back, so that the browser draws what it has first.

    Streamlit's browser code takes what arrives together as one piece and shows it when all
    of it is ready. A pause costs the server nothing: another page runs meanwhile.
    """
    pause(seconds)
