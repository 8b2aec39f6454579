"""Names of Streamlit's pages, by what its messages call them: a short list, whatever is sent."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from streamlit.util import calc_hash

START = "home"
OTHER = "other"
"""A page that we do not have, or that a browser made up."""

_PAGES = Path(__file__).parent.parent.parent / "pages"


def screen_of(script_hash: str, name: str) -> str:
    """
    Return the page that a run is of.

    Args:
        script_hash: Streamlit's mark of it; empty at the first run of an address.
        name: What the address line says then; empty for the start page.
    """
    found = _by_hash().get(script_hash)
    if found is not None:
        return found
    if not script_hash and not name:
        return START
    return name if name in screens() else OTHER


@cache
def screens() -> frozenset[str]:
    """Return the names of all pages, as their files have them."""
    return frozenset(file.stem for file in _PAGES.glob("*/*.py") if file.stem != "__init__")


@cache
def _by_hash() -> Mapping[str, str]:
    return {calc_hash(name): name for name in screens()}
