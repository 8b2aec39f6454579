"""Views of the review list that one of the staff named: shown, kept and deleted."""

from collections.abc import Mapping

import streamlit as st

from db.engine import act, reading
from db.review_views import delete_view, list_views, save_view
from recovery.access import ClinicAccess
from recovery.review_views import MAX_VIEW_NAME, MAX_VIEWS, ReviewView
from ui.clock import now
from ui.plain_text import plain
from ui.presses import press_button
from ui.review_filters import choose_view, chosen_view
from ui.said import refusals_of, said_of, show_said_of

_CHOSEN = "review-view"
_NAME = "review-view-name"
_PRESSES = "review-view"


def show_saved_views(access: ClinicAccess) -> None:
    """Show the actor's own views to choose from, and a way to keep the present one."""
    with st.popover("Saved views", icon=":material/bookmarks:"):
        with reading() as session:
            views = {each.name: each.view for each in list_views(session, access)}
        if views:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.selectbox("Your views", list(views), key=_CHOSEN)
                press_button("Show this view", _choose, views, key="view-show")
                press_button("Delete it", _delete, access, key="view-delete")
        else:
            st.markdown("You keep no view yet.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("Name of the present view", key=_NAME, max_chars=MAX_VIEW_NAME)
            press_button("Save this view", _save, access, key="view-save")
        st.markdown(
            f"A view keeps the order and the filters, up to {MAX_VIEWS} views. It does not keep the "
            "name you search for. Name it by what it shows, not by a person."
        )
        show_said_of(_PRESSES)


def _save(access: ClinicAccess) -> None:
    with refusals_of(_PRESSES):
        typed, view, at = st.session_state[_NAME], chosen_view(), now()
        name = act(lambda session: save_view(session, access, typed, view, at))
        st.session_state[_NAME] = ""
        st.session_state[_CHOSEN] = name
        said_of(_PRESSES).what = f"Kept as {plain(name)}."


def _choose(views: Mapping[str, ReviewView]) -> None:
    # What is chosen at the press, which may have been another when the button was drawn.
    if (view := views.get(st.session_state[_CHOSEN])) is not None:
        choose_view(view)


def _delete(access: ClinicAccess) -> None:
    name = st.session_state[_CHOSEN]
    with refusals_of(_PRESSES):
        act(lambda session: delete_view(session, access, name))
        st.session_state.pop(_CHOSEN, None)
        said_of(_PRESSES).what = f"{plain(name)} is deleted."
