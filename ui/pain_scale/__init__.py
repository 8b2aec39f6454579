"""The pain scale: eleven large choices from 0 to 10 that behave as one question."""

import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

from recovery.reports import NRS_MAX, NRS_MIN

COMPONENT = "mendline.pain_scale"
WORDS = {0: "No pain", 5: "Medium pain", 10: "Worst pain you can imagine"}
ANSWERED = "out of 10"
UNANSWERED = "No number chosen yet"

_HERE = Path(__file__).parent
_MANIFEST = ComponentManifest(
    name="mendline", version="1", components=[ComponentConfig("pain_scale", asset_dir="assets")]
)
_declaring = threading.Lock()


def pain_scale(
    label: str,
    *,
    key: str,
    value: int | None = None,
    disabled: bool = False,
    revision: int = 0,
) -> int | None:
    """
    Ask for a pain score and return the answer; works inside and outside a form.

    Nothing is preselected. When *value* or *revision* differs from the run before,
    *value* is shown in place of what was chosen; after that the person's own choice wins.

    Args:
        label: The question, shown above the numbers.

        key: Key of the widget, unique on the page.

        value: The number to fill in, NRS 0-10; None for no answer.

        disabled: Whether the answer can only be read.

        revision: Change it to fill in the same *value* once more.

    Returns:
        NRS 0-10, or None while there is no answer.
    """
    filled = checked_nrs(value)
    fill = f"{revision}:{filled}"
    data = {
        "label": label,
        "nrs": read_choice(st.session_state.get(key), fill=fill, filled=filled),
        "fill": fill,
        "disabled": disabled,
        "words": {str(number): words for number, words in WORDS.items()},
        "answered": ANSWERED,
        "unanswered": UNANSWERED,
    }
    state = _renderer_with_assets()(key=key, data=data)
    return read_choice(state, fill=fill, filled=filled)


def read_choice(state: object, *, fill: str, filled: int | None) -> int | None:
    """
    Work out the answer from what the browser sent.

    Args:
        state: The state of the component; anything at all, since a browser sent it.

        fill: Names what the page fills in now. A choice made over an earlier fill is void.

        filled: The number the page fills in, NRS 0-10 or None.

    Returns:
        NRS 0-10, or None while there is no answer.
    """
    choice = state.get("choice") if isinstance(state, Mapping) else None
    if not isinstance(choice, Mapping) or "nrs" not in choice or choice.get("fill") != fill:
        return filled
    return checked_nrs(choice["nrs"])


def checked_nrs(value: object) -> int | None:
    """Return *value* when it is a whole number from 0 to 10, else None."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if NRS_MIN <= value <= NRS_MAX else None


def _renderer_with_assets() -> ComponentRenderer:
    """
    Return the mounting command, with the asset folder known to the running server.

    An inline component would load its script from ``blob:``, which the Content Security
    Policy refuses. Streamlit serves files from our own origin for components of installed
    distributions; this project is none, so the same manifest is declared here by hand.
    """
    with _declaring:
        manager = get_bidi_component_manager()
        if manager.get_component_asset_root(COMPONENT) is None:
            manager.register_from_manifest(_MANIFEST, _HERE)
        return _renderer()


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component(
        COMPONENT, html='<div class="pain-scale"></div>', css="pain_scale.css", js="pain_scale.js"
    )
