"""Choose a pain score in a page test: the scale is drawn by a browser, which AppTest has not."""

import json

from streamlit.testing.v1 import AppTest


def choose_pain(app: AppTest, key: str, value: object) -> None:
    """
    Choose *value* on the pain scale *key* as a browser would; takes effect with the next run.

    Args:
        app: A test that has been run, so that the scale is on the page.

        key: The key the page gave the scale.

        value: NRS 0-10, or anything else to see it refused.
    """
    app.session_state[key] = {"choice": {"nrs": value, "fill": _drawn(app, key)["fill"]}}


def shown_pain(app: AppTest, key: str) -> int | None:
    """Return the number the pain scale *key* shows, NRS 0-10, or None for no answer."""
    nrs = _drawn(app, key)["nrs"]
    assert nrs is None or isinstance(nrs, int)
    return nrs


def _drawn(app: AppTest, key: str) -> dict[str, object]:
    """Return what the server sent to draw the scale."""
    [scale] = [element for element in app.get("bidi_component") if element.key == key]
    drawn = json.loads(scale.proto.json)
    assert isinstance(drawn, dict)
    return drawn
