"""Education pages and the way to them."""

from collections.abc import Collection, Sequence

import streamlit as st

from content.education import EducationPage
from content.shelf import pages_for
from recovery.wording import tr, trn

MOST_PAGES = 3
"""Pages offered at once; more is a list that nobody reads."""


def show_reading(procedure_id: str, pod: int, read: Collection[str]) -> None:
    """
    Offer the pages that matter on this day; the rest stays on Learn.

    Args:
        procedure_id: Whose pages.
        pod: Post-procedure day.
        read: The slugs of what the reader has opened; other pages go before them.
    """
    due = [page for page in pages_for(procedure_id) if page.is_due(pod)]
    # What was released last is what the day is about.
    first = sorted(due, key=lambda page: (page.slug in read, -page.from_day))[:MOST_PAGES]
    if first:
        st.header(tr("To read this week"), anchor=False)
    for page in sorted(first, key=lambda page: page.order):
        show_page_link(page, is_read=page.slug in read)


def show_page_list(pages: Sequence[EducationPage], pod: int, read: Collection[str]) -> None:
    """Offer what is for this day, then the rest with the days that it is for."""
    due = [page for page in pages if page.is_due(pod)]
    rest = [page for page in pages if not page.is_due(pod)]
    if due:
        st.header(tr("For now"), anchor=False)
    for page in due:
        show_page_link(page, is_read=page.slug in read)
    if rest:
        st.header(tr("More to read"), anchor=False)
    for page in rest:
        show_page_link(page, is_read=page.slug in read, days=days_of(page, pod))


def show_page_link(page: EducationPage, *, is_read: bool = False, days: str = "") -> None:
    """
    Offer one page by its title, with a line about what it says.

    Args:
        page: The page.
        is_read: Whether to say that it was read.
        days: The days that it is for, where these are not now.
    """
    if st.button(page.title, key=f"read-{page.slug}", width="stretch"):
        st.switch_page("learn/learn.py", query_params={"page": page.slug})
    read = tr("Read")
    mark = f":material/check_circle: {read}" if is_read else ""
    beside = " · ".join(filter(None, [mark, days]))
    st.markdown(f"{page.summary}  \n{beside}" if beside else page.summary)


def days_of(page: EducationPage, pod: int) -> str:
    """Say which days a page is for that is not for *pod*."""
    return _later(page.from_day) if pod < page.from_day else _earlier(page)


def _later(first: int) -> str:
    if first == 0:
        return tr("From the day of your procedure")
    if first > 0:
        return tr("From day {day}", day=first)
    return trn(
        "From {count} day before your procedure",
        "From {count} days before your procedure",
        -first,
    )


def _earlier(page: EducationPage) -> str:
    first, last = page.from_day, page.to_day
    if last is None or last < 0:
        return tr("For the time before your procedure")
    if last == 0:
        return tr("Until the day of your procedure")
    if first < 0:
        return tr("Until day {day}", day=last)
    if first == last:
        return tr("For day {day}", day=last)
    return tr("For days {first} to {last}", first=first, last=last)
