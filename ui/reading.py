"""Education pages and the way to them."""

from itertools import groupby

import streamlit as st

from content.education import EducationPage
from content.shelf import pages_for
from recovery.wording import tr

MOST_PAGES = 3
"""Pages offered at once; more is a list that nobody reads."""


def show_reading(procedure_id: str, pod: int) -> None:
    """Offer the pages that matter on this day; the rest stays on Learn."""
    pages = [page for page in pages_for(procedure_id) if page.is_due(pod)]
    # What was released last is what the day is about.
    newest = sorted(pages, key=lambda page: page.from_day, reverse=True)[:MOST_PAGES]
    if newest:
        st.header(tr("To read this week"), anchor=False)
    for page in sorted(newest, key=lambda page: page.order):
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
