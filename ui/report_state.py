"""What a report form remembers between runs: what it was filled from, and its key."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

import streamlit as st

from recovery.reports import PartialReport, StoredReport


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """
    The form of one day.

    Attributes:
        filled: The answers the form was last filled with.
        kept: The answers that are safe in the database, as report or as draft.
        expected_version: Version of the entry it was filled from; 0 for none.
        press: Key of the next press of Save.
        revision: Goes up whenever the form is filled anew.
    """

    filled: PartialReport
    kept: PartialReport
    expected_version: int
    press: UUID
    revision: int = 0


def form_state(day: date, stored: StoredReport | None, draft: PartialReport | None) -> FormState:
    """Return the state of the form of *day*; a draft goes before what is stored."""
    known = st.session_state.get(_slot(day))
    if isinstance(known, FormState):
        return known
    saved = PartialReport.of(stored.report) if stored else PartialReport()
    start = draft or saved
    return keep_state(
        day,
        FormState(
            filled=start,
            kept=start,
            expected_version=stored.version if stored else 0,
            press=uuid4(),
        ),
    )


def keep_state(day: date, state: FormState) -> FormState:
    """Remember the state of the form of *day*, and return it."""
    st.session_state[_slot(day)] = state
    return state


def fill_form(day: date, answers: PartialReport) -> None:
    """Fill the form of *day* with other answers; nothing is saved."""
    state = st.session_state[_slot(day)]
    keep_state(day, replace(state, filled=answers, revision=state.revision + 1))


def after_save(day: date, answers: PartialReport, version: int) -> None:
    """Remember that *answers* are stored as *version*, and take a new key."""
    state = st.session_state[_slot(day)]
    keep_state(day, replace(state, kept=answers, expected_version=version, press=uuid4()))


def _slot(day: date) -> str:
    return f"report-form-{day.isoformat()}"
