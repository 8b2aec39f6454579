"""Review: who needs a look and why, filtered, sorted and paged by the server."""

from urllib.parse import urlencode

import streamlit as st

from content.list_phases import query_of
from db.clinics import clinic_settings
from db.engine import writing
from db.review import list_episodes
from db.review_counts import count_reasons
from db.review_views import look
from recovery.access import Role, grant_clinic
from recovery.days import today_in
from recovery.review import MAX_LISTED
from ui.clock import now
from ui.review_filters import (
    PAGE,
    SEARCH,
    ask_filters,
    ask_flags,
    ask_reason,
    chosen_view,
    filter_words,
    show_filter_words,
)
from ui.review_list import NOBODY_ASSIGNED, NOBODY_ENROLLED, show_review_rows
from ui.saved_views import show_saved_views
from ui.shell import show_way
from ui.who import require_actor

actor = require_actor(Role.CLINICIAN, Role.ASSISTANT)
access = grant_clinic(actor)


def _turn(by: int) -> None:
    st.session_state[PAGE] = max(0, st.session_state.get(PAGE, 0) + by)


view = chosen_view()
search = st.session_state.get(SEARCH) or ""
number = st.session_state.get(PAGE, 0)
at = now()
with writing() as session:
    settings = clinic_settings(session, actor)
    since = look(session, access, at)
    counts = count_reasons(session, access, is_mine=view.is_mine)
    query = query_of(view, since=since, search=search, page=number)
    page = list_episodes(session, access, query, at)

st.title("Review", anchor=False)
ask_reason(counts)
ask_filters()
with st.container(horizontal=True):
    ask_flags(since=since)
    show_saved_views(access)
words = filter_words(
    view, today=today_in(settings.time_zone, at), since=since, zone_name=settings.time_zone
)
if words:
    show_filter_words(words)
if page.rows:
    show_review_rows(
        page.rows,
        key="review-rows",
        view=view,
        since=since,
        zone_name=settings.time_zone,
        has_keys=True,
    )
elif view.is_filtered:
    st.info("Nobody is left by these filters. Take one away, or show everybody.")
elif search:
    st.info("Nobody of that name is in follow-up here. Check the spelling, or clear the search.")
else:
    st.info(NOBODY_ASSIGNED if settings.only_assigned else NOBODY_ENROLLED)
if settings.only_assigned:
    st.markdown("You see the patients you look after.")
    show_way("clinician/emergency.py", "Somebody else, in an emergency", ":material/emergency:")
with st.container(horizontal=True, vertical_alignment="center"):
    st.button("Previous", on_click=_turn, args=(-1,), disabled=number == 0)
    st.markdown(f"Page {number + 1}")
    st.button("Next", on_click=_turn, args=(1,), disabled=not page.has_next)
asked = urlencode({name: str(value) for name, value in view.as_saved().items() if value})
st.link_button(
    "Take this list away as a table", f"/review-list.csv?{asked}", icon=":material/download:"
)
st.markdown(
    f"The table holds all pages of the list, up to {MAX_LISTED:,} patients. A name you search for "
    "does not narrow it, since addresses are kept in logs."
)
