"""Views of the review list that one of the staff named: shown, kept and deleted."""

import streamlit as st

from db.engine import act, reading
from db.review_views import delete_view, list_views, save_view
from recovery.access import ClinicAccess
from recovery.errors import RecoveryError
from recovery.review_views import MAX_VIEW_NAME, MAX_VIEWS
from ui.clock import now
from ui.plain_text import plain
from ui.review_filters import choose_view, chosen_view

_CHOSEN = "review-view"
_NAME = "review-view-name"
_SAID = "review-view-said"


def show_saved_views(access: ClinicAccess) -> None:
    """Show the actor's own views to choose from, and a way to keep the present one."""
    with st.popover("Saved views", icon=":material/bookmarks:"):
        with reading() as session:
            views = {each.name: each.view for each in list_views(session, access)}
        if views:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                name = st.selectbox("Your views", list(views), key=_CHOSEN)
                st.button(
                    "Show this view", on_click=choose_view, args=(views[name],), key="view-show"
                )
                st.button("Delete it", on_click=_delete, args=(access, name), key="view-delete")
        else:
            st.markdown("You keep no view yet.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("Name of the present view", key=_NAME, max_chars=MAX_VIEW_NAME)
            st.button("Save this view", on_click=_save, args=(access,), key="view-save")
        st.markdown(
            f"A view keeps the order and the filters, up to {MAX_VIEWS} views. It does not keep the "
            "name you search for. Name it by what it shows, not by a person."
        )
        _tell()


def _save(access: ClinicAccess) -> None:
    try:
        typed, view, at = st.session_state[_NAME], chosen_view(), now()
        name = act(lambda session: save_view(session, access, typed, view, at))
    except RecoveryError as refusal:
        st.session_state[_SAID] = ("error", str(refusal))
        return
    st.session_state[_NAME] = ""
    st.session_state[_CHOSEN] = name
    st.session_state[_SAID] = ("success", f"Kept as {plain(name)}.")


def _delete(access: ClinicAccess, name: str) -> None:
    try:
        act(lambda session: delete_view(session, access, name))
    except RecoveryError as refusal:
        st.session_state[_SAID] = ("error", str(refusal))
        return
    st.session_state.pop(_CHOSEN, None)
    st.session_state[_SAID] = ("success", f"{plain(name)} is deleted.")


def _tell() -> None:
    kind, said = st.session_state.pop(_SAID, ("", ""))
    if kind == "error":
        st.error(said)
    elif said:
        st.success(said)
