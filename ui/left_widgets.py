"""
How long a session knows the widgets of a page that was left.

Of every widget that it ever drew, Streamlit keeps what a press of it does, with all that this
was given, until the session ends: whoever opens one patient after another would give back none
of them. There is no setting for it. A widget is not forgotten at once, since a press may be on
its way still when its page is left, and is to be done.
"""
# ruff: noqa: SLF001 - for want of a setting this looks inside

from datetime import datetime, timedelta

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.session_state import SessionState

from ui.clock import now

KEPT = timedelta(minutes=1)
"""How long, at least, a press of a widget that no page shows any more is still done."""

_LEFT = "left-widgets"


def forget_left_widgets() -> None:
    """Forget the widgets that no run has drawn for ``KEPT``; before a page is drawn."""
    context = get_script_run_ctx()
    if context is None:
        return
    since: dict[str, datetime] = st.session_state.get(_LEFT, {})
    st.session_state[_LEFT] = _forget_older(context.session_state._state, since, now())


def _forget_older(
    state: SessionState, since: dict[str, datetime], at: datetime
) -> dict[str, datetime]:
    """Return since when those are left that are kept."""
    still = {}
    for widget_id in _left(state):
        left_at = since.get(widget_id, at)
        if at - left_at > KEPT:
            _forget(state, widget_id)
        else:
            still[widget_id] = left_at
    return still


def _left(state: SessionState) -> list[str]:
    """Return those whose values are gone, as they are when a run ended that did not draw them."""
    widgets = state._new_widget_state
    has_value = {*state._old_state, *widgets.states}
    return [
        widget_id
        # A run that was asked to end may not have ended yet, and has no lock in common with this.
        for widget_id, known in list(widgets.widget_metadata.items())
        # What outlives its page on purpose is few, and stays as Streamlit has it.
        if widget_id not in has_value and known.persist_state is None and known.bind is None
    ]


def _forget(state: SessionState, widget_id: str) -> None:
    state._new_widget_state.widget_metadata.pop(widget_id, None)
    names = state._key_id_mapper
    key = names._id_key_mapping.pop(widget_id, None)
    if key is not None and names._key_id_mapping.get(key) == widget_id:
        names._key_id_mapping.pop(key, None)
