"""Components whose script and style are files of our own, served from our own origin."""

import threading
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

DISTRIBUTION = "mendline"
ASSETS = "assets"

_declaring = threading.Lock()


def component(name: str, folder: Path, html: str | None = None) -> ComponentRenderer:
    """
    Return the command that mounts the component *name* kept in *folder*.

    Call it again for every mount: the running server forgets with each restart of its
    runtime, and a call that has nothing to do costs two look-ups.

    An inline component would load its script from ``blob:``, which the Content Security
    Policy refuses. Streamlit serves files from our own origin for components of installed
    distributions; this project is none, so the same manifest is declared here by hand.

    Args:
        name: Name of the component and of its two files, ``assets/<name>.js`` and ``.css``.

        folder: The folder that holds ``assets``.

        html: What the script finds when it starts; by default one empty element whose
            class is *name*, with dashes for underscores. It is hidden, and the style shows
            it: a script is often there before its style, and unstyled it would flash.
    """
    with _declaring:
        manager = get_bidi_component_manager()
        if manager.get_component_asset_root(f"{DISTRIBUTION}.{name}") is None:
            config = ComponentConfig(name, asset_dir=ASSETS)
            manifest = ComponentManifest(name=DISTRIBUTION, version="1", components=[config])
            manager.register_from_manifest(manifest, folder)
        return _renderer(name, html or f'<div class="{name.replace("_", "-")}" hidden></div>')


@cache
def _renderer(name: str, html: str) -> ComponentRenderer:
    return st.components.v2.component(
        f"{DISTRIBUTION}.{name}", html=html, css=f"{name}.css", js=f"{name}.js"
    )
