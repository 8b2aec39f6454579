"""Education pages and the way to them."""

from itertools import groupby

import streamlit as st

from content.education import EducationPage, find_page

_READ_FROM = (
    (None, ("what-it-is", "how-to-prepare", "the-day")),
    (0, ("going-home", "medicines", "when-to-call")),
    (3, ("activity", "brace", "when-to-call")),
    (14, ("activity", "where-studies-disagree", "risks")),
)
"""First post-procedure day of each group of pages; None for the time before."""


def show_reading(procedure_id: str, pod: int) -> None:
    """Offer two or three pages that matter on this day; the rest stays on Learn."""
    slugs = next(slugs for first, slugs in reversed(_READ_FROM) if first is None or pod >= first)
    pages = [page for slug in slugs if (page := find_page(procedure_id, slug)) is not None]
    if pages:
        st.header("To read this week", anchor=False)
    for page in pages:
        show_page_link(page)


def show_page_link(page: EducationPage) -> None:
    """Offer one page by its title, with a line about what it says."""
    if st.button(page.title, key=f"read-{page.slug}", width="stretch"):
        st.switch_page("learn/learn.py", query_params={"page": page.slug})
    st.markdown(page.summary)


def show_text(markdown: str) -> None:
    """Show a page's Markdown; what is quoted in it is what to do, and stands in a box."""
    lines = markdown.splitlines()
    for is_box, part in groupby(lines, key=lambda line: line.startswith(">")):
        if is_box:
            words = "\n".join(line.removeprefix(">").removeprefix(" ") for line in part)
            st.info(words, icon=":material/task_alt:")
        else:
            st.markdown("\n".join(part))
