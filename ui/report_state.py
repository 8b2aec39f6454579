"""What a report form remembers between runs: what it was filled from, and its key."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import streamlit as st

from recovery.errors import RecoveryError
from recovery.reports import PartialReport, StoredReport

ALWAYS_ASKED = "note"
"""A question that the form has on every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """
    The form of one day.

    Attributes:
        filled: The answers the form was last filled with.
        latest: The answers that stood in it when it was last drawn.
        kept: The answers that are safe in the database, as report or as draft.
        expected_version: Version of the entry it was filled from; 0 for none.
        press: Key of the next press of Save.
        revision: Goes up whenever the form is filled anew.
    """

    filled: PartialReport
    latest: PartialReport
    kept: PartialReport
    expected_version: int
    press: UUID
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    What came of a press of Save.

    Attributes:
        answers: What stood in the form.
        revision: Of the form.
        today: The patient's own day at the press.
        stored: The report as it stood after; None when nothing could be read.
        refusal: Why the answers were not stored; None when they were.
    """

    answers: PartialReport
    revision: int
    today: date
    stored: StoredReport | None = None
    refusal: RecoveryError | None = None

    def still_holds(self, state: FormState, stored: StoredReport | None, today: date) -> bool:
        """
        Tell whether it is still to be said.

        Not to a form that was left or says something else, nor on another day, when it would read
        as if said of that day, nor once somebody saved the day after.

        Args:
            state: The form's.
            stored: The report of the day as the page was drawn.
            today: The patient's own day.
        """
        is_of_form = (self.answers, self.revision) == (state.latest, state.revision)
        newest = stored.version if stored else 0
        known = self.stored.version if self.stored else newest
        return is_of_form and self.today == today and newest <= known


@dataclass(slots=True)
class Kept:
    """
    Where the state of a form is kept between runs.

    One thing that is changed in place: a run that began before a save does not put back what
    stood before it.

    Attributes:
        state: The form's.
        outcome: What came of the last press of Save; None before the first.
    """

    state: FormState
    outcome: Outcome | None = None

    def change(self, **changes: Any) -> FormState:
        """Change what is named of the state, whatever became of the rest; return it."""
        self.state = replace(self.state, **changes)
        return self.state


def form_state(day: date, stored: StoredReport | None, draft: PartialReport | None) -> FormState:
    """
    Return the state of the form of *day*; a draft goes before what is stored.

    Streamlit forgets the fields of a form that was not drawn, as when the person looked at
    another page or day. It is filled with what stood in it then.
    """
    kept = st.session_state.get(_slot(day))
    if not isinstance(kept, Kept):
        st.session_state[_slot(day)] = kept = Kept(_new_state(stored, draft, revision=0))
        return kept.state
    known = kept.state
    if question_key(day, known, ALWAYS_ASKED) in st.session_state:
        return known
    if known.latest == PartialReport():
        # Nothing can be lost, and the day may have been saved from another place.
        kept.state = _new_state(stored, draft, revision=known.revision + 1)
        return kept.state
    return kept.change(filled=known.latest, revision=known.revision + 1)


def kept_of(day: date) -> Kept:
    """Return where the state of the form of *day* is kept, which has been drawn before."""
    kept: Kept = st.session_state[_slot(day)]
    return kept


def question_key(day: date, state: FormState, question: str) -> str:
    """Return the key of a question's widget; another one each time the form is filled anew."""
    return f"{day.isoformat()}-{state.revision}-{question}"


def fill_form(day: date, answers: PartialReport) -> None:
    """Fill the form of *day* with other answers; nothing is saved."""
    kept = kept_of(day)
    kept.change(filled=answers, latest=answers, revision=kept.state.revision + 1)


def note_field(day: date, state: FormState, question: str, field: str) -> None:
    """
    Remember what was typed into a field that the person leaves for another page or day.

    Such a field is not drawn in the run that its last change causes, so only a callback sees the
    change. One of a form that was filled anew meanwhile counts no more.

    Args:
        day: The day of the form.
        state: The form's, as the field was drawn.
        question: Of the field.
        field: Of ``PartialReport``.
    """
    kept = kept_of(day)
    if kept.state.revision == state.revision:
        typed = st.session_state[question_key(day, state, question)]
        kept.change(latest=replace(kept.state.latest, **{field: typed}))


def after_save(kept: Kept, answers: PartialReport, version: int) -> None:
    """Remember that *answers* are stored as *version*, and take a new key."""
    kept.change(kept=answers, expected_version=version, press=uuid4())


def _new_state(
    stored: StoredReport | None, draft: PartialReport | None, *, revision: int
) -> FormState:
    start = draft or (PartialReport.of(stored.report) if stored else PartialReport())
    return FormState(
        filled=start,
        latest=start,
        kept=start,
        expected_version=stored.version if stored else 0,
        press=uuid4(),
        revision=revision,
    )


def _slot(day: date) -> str:
    return f"report-form-{day.isoformat()}"
