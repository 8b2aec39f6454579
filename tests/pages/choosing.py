"""Answer large choices and open table rows in a page test: a browser draws them, AppTest has none."""

import json
from collections.abc import Collection

from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest


def choose(app: AppTest, key: str, chosen: object) -> None:
    """
    Choose on the question *key* as a browser would; takes effect with the next run.

    Args:
        app: A test that has been run, so that the question is on the page.

        key: The key the page gave ``choose_one`` or ``choose_many``.

        chosen: The id chosen; or the ids ticked, empty for "none of these"; or None to take
            the answer back; or anything else to see it refused.
    """
    if isinstance(chosen, str):
        chosen = [chosen]
    elif isinstance(chosen, set | frozenset):
        chosen = sorted(chosen)
    app.session_state[key] = {"choice": {"chosen": chosen, "fill": drawn(app, key)["fill"]}}


def shown_choice(app: AppTest, key: str) -> Collection[str] | None:
    """Return the ids the question *key* shows as chosen, in order; None for no answer."""
    chosen = drawn(app, key)["chosen"]
    assert chosen is None or isinstance(chosen, list)
    return chosen


def open_row(app: AppTest, key: str, row_id: object) -> AppTest:
    """
    Press the opener of the row *row_id* in the table *key*, run the page and return the test.

    Args:
        app: A test that has been run, so that the table is on the page.

        key: The key the page gave ``record_table``.

        row_id: The id of a row, or anything else to see it refused.
    """
    # AppTest knows no component triggers; this is the message a browser sends.
    states = app._tree.get_widget_states()  # noqa: SLF001
    pressed = json.dumps([{"event": "opened", "value": row_id}])
    trigger = f"$$STREAMLIT_INTERNAL_KEY_{_proto(app, key).id}__events"
    states.widgets.append(WidgetState(id=trigger, json_trigger_value=pressed))
    return app._run(states)  # noqa: SLF001


def shown_rows(app: AppTest, key: str) -> list[list[str]]:
    """Return the rows of the table *key* as shown: each its id, then a value per column."""
    if not any(element.key == key for element in app.get("bidi_component")):
        return []
    rows = drawn(app, key)["rows"]
    assert isinstance(rows, list)
    return rows


def drawn(app: AppTest, key: str) -> dict[str, object]:
    """Return what the server sent to draw the component *key*."""
    content = json.loads(_proto(app, key).json)
    assert isinstance(content, dict)
    return content


def _proto(app: AppTest, key: str) -> BidiComponent:
    [element] = [element for element in app.get("bidi_component") if element.key == key]
    assert isinstance(element.proto, BidiComponent)
    return element.proto
