"""What a patient's side read and answered, for the clinic."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from content.shelf import pages_for
from recovery.days import today_in
from recovery.reading import Opening, PageAnswer, tries_until_right
from ui.plain_text import plain
from ui.recovery_view import Recovery
from ui.words import count_of, dated


def show_what_was_read(
    recovery: Recovery, openings: Sequence[Opening], answers: Sequence[PageAnswer]
) -> None:
    """Say how many of the pages of this day were opened, and list what was read and answered."""
    st.header("Reading", anchor=False)
    pages = pages_for(recovery.patient.episode.procedure)
    opened = {each.slug for each in openings}
    due = [page for page in pages if page.is_due(recovery.pod)]
    read = sum(page.slug in opened for page in due)
    if due:
        st.markdown(f"{read} of {count_of(len(due), 'page')} for day {recovery.pod} opened.")
    if not openings and not answers:
        st.markdown("Nothing was opened yet, and no question was answered.")
        return
    touched = opened | {each.slug for each in answers}
    shown = [page for page in pages if page in due or page.slug in touched]
    named = {page.slug: plain(page.title) for page in shown}
    # Kept although this version has no such page any more.
    gone = sorted(touched - {page.slug for page in pages})
    rows = [
        _row(recovery, slug, title, openings, answers)
        for slug, title in (named | {slug: plain(slug) for slug in gone}).items()
    ]
    st.table(pd.DataFrame(rows).astype(str), hide_index=True, alt="Pages opened and answers given")


def _row(
    recovery: Recovery,
    slug: str,
    title: str,
    openings: Sequence[Opening],
    answers: Sequence[PageAnswer],
) -> dict[str, str]:
    mine = [each for each in openings if each.slug == slug]
    return {
        "Page": title,
        "Opened": _opened(recovery, mine),
        "By": _by(mine),
        "Question": _answered([each for each in answers if each.slug == slug]),
    }


def _opened(recovery: Recovery, openings: Sequence[Opening]) -> str:
    if not openings:
        return "not yet"
    zone_name = recovery.patient.time_zone
    first = today_in(zone_name, min(each.first_opened_at for each in openings))
    last = today_in(zone_name, max(each.last_opened_at for each in openings))
    times = sum(each.times for each in openings)
    again = "" if times == 1 else f", {times} times until {dated(last)}"
    return f"{dated(first)}{again}"


def _by(openings: Sequence[Opening]) -> str:
    sides = {each.is_by_proxy for each in openings}
    names = [words for side, words in ((False, "patient"), (True, "helper")) if side in sides]
    return " and ".join(names) or "nobody"


def _answered(answers: Sequence[PageAnswer]) -> str:
    if not answers:
        return "not answered"
    by = ", by a helper" if all(each.is_by_proxy for each in answers) else ""
    tries = tries_until_right(answers)
    if tries is None:
        return f"{count_of(len(answers), 'answer')}, none right yet{by}"
    return f"right at the first try{by}" if tries == 1 else f"right after {tries} tries{by}"
