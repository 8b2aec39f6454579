"""What to read now, by post-procedure day."""

import streamlit as st

from content.education import find_page

_READ_FROM = (
    (None, ("what-it-is", "how-to-prepare", "the-day")),
    (0, ("going-home", "medicines", "when-to-call")),
    (3, ("activity", "brace", "when-to-call")),
    (14, ("activity", "where-studies-disagree", "risks")),
)
"""First post-procedure day of each group of pages; None for the time before."""


def show_reading(procedure_id: str, pod: int) -> None:
    """Show two or three pages that matter on this day; the rest stays on Learn."""
    slugs = next(slugs for first, slugs in reversed(_READ_FROM) if first is None or pod >= first)
    pages = [page for slug in slugs if (page := find_page(procedure_id, slug)) is not None]
    if not pages:
        return
    st.subheader("To read this week")
    for page in pages:
        st.page_link("learn/learn.py", label=page.title, query_params={"page": page.slug})
        st.caption(page.summary)
