"""Review: the clinic's patients, searched, sorted and paged by the server."""

import streamlit as st

from db.clinics import clinic_settings
from db.engine import writing
from db.review import list_episodes
from recovery.access import Role, grant_clinic
from recovery.review import ReviewOrder, ReviewQuery
from ui.clock import now
from ui.review_list import NOBODY_ASSIGNED, NOBODY_ENROLLED, ORDER_WORDS, show_review_rows
from ui.shell import show_way
from ui.who import require_actor

PAGE = "review-page"

actor = require_actor(Role.CLINICIAN, Role.ASSISTANT)
ORDERS: list[ReviewOrder] = list(ReviewOrder)


def _first_page() -> None:
    st.session_state[PAGE] = 0


def _turn(by: int) -> None:
    st.session_state[PAGE] = max(0, st.session_state.get(PAGE, 0) + by)


st.title("Review", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    search = st.text_input(
        "Find by name",
        key="review-search",
        persist_state="session",
        placeholder="Beginning of any part of the name",
        on_change=_first_page,
    )
    order = st.selectbox(
        "Sorted by",
        ORDERS,
        format_func=ORDER_WORDS.__getitem__,
        key="review-order",
        persist_state="session",
        on_change=_first_page,
    )
number = st.session_state.get(PAGE, 0)
with writing() as session:
    settings = clinic_settings(session, actor)
    page = list_episodes(
        session,
        grant_clinic(actor),
        ReviewQuery(search=search or "", order=order, page=number),
        now(),
    )
if page.rows:
    show_review_rows(page.rows, key="review-rows")
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
