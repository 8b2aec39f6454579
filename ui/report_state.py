"""What a report form remembers between runs: what it was filled from, and its key."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

import streamlit as st

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
        thanked: Revision and version that the person was last thanked for; None for none.
    """

    filled: PartialReport
    latest: PartialReport
    kept: PartialReport
    expected_version: int
    press: UUID
    revision: int = 0
    thanked: tuple[int, int] | None = None


@dataclass(slots=True)
class Kept:
    """
    Where the state of a form is kept between runs.

    Streamlit ends a run whenever something is read from or put into its session state, also
    between a commit and what is noted of it. So who commits takes this in hand before.

    Attributes:
        state: The form's.
    """

    state: FormState


def form_state(day: date, stored: StoredReport | None, draft: PartialReport | None) -> FormState:
    """
    Return the state of the form of *day*; a draft goes before what is stored.

    Streamlit forgets the fields of a form that was not drawn, as when the person looked at
    another page or day. It is filled with what stood in it then.
    """
    kept = st.session_state.get(_slot(day))
    if not isinstance(kept, Kept):
        return keep_state(day, _new_state(stored, draft, revision=0))
    known = kept.state
    if question_key(day, known, ALWAYS_ASKED) in st.session_state:
        return known
    if known.latest == PartialReport():
        # Nothing can be lost, and the day may have been saved from another place.
        return keep_state(day, _new_state(stored, draft, revision=known.revision + 1))
    return keep_state(day, replace(known, filled=known.latest, revision=known.revision + 1))


def kept_of(day: date) -> Kept:
    """Return where the state of the form of *day* is kept, which has been drawn before."""
    kept: Kept = st.session_state[_slot(day)]
    return kept


def known_state(day: date) -> FormState:
    """Return the state of the form of *day*, which has been drawn before."""
    return kept_of(day).state


def question_key(day: date, state: FormState, question: str) -> str:
    """Return the key of a question's widget; another one each time the form is filled anew."""
    return f"{day.isoformat()}-{state.revision}-{question}"


def keep_state(day: date, state: FormState) -> FormState:
    """Remember the state of the form of *day*, and return it."""
    kept = st.session_state.get(_slot(day))
    if isinstance(kept, Kept):
        kept.state = state
    else:
        st.session_state[_slot(day)] = Kept(state)
    return state


def fill_form(day: date, answers: PartialReport) -> None:
    """Fill the form of *day* with other answers; nothing is saved."""
    state = known_state(day)
    keep_state(day, replace(state, filled=answers, latest=answers, revision=state.revision + 1))


def note_latest(day: date, state: FormState, answers: PartialReport) -> FormState:
    """Remember what stands in the form of *day* now, and return its state."""
    return keep_state(day, replace(state, latest=answers))


def note_field(day: date, question: str, field: str) -> None:
    """
    Remember what was typed into a field that the person leaves for another page or day.

    Such a field is not drawn in the run that its last change causes, so only a callback
    sees the change.
    """
    state = known_state(day)
    typed = st.session_state[question_key(day, state, question)]
    keep_state(day, replace(state, latest=replace(state.latest, **{field: typed})))


def after_save(kept: Kept, answers: PartialReport, version: int) -> None:
    """Remember that *answers* are stored as *version*, and take a new key."""
    state, new_press = kept.state, uuid4()
    kept.state = replace(
        state,
        kept=answers,
        expected_version=version,
        press=new_press,
        thanked=(state.revision, version),
    )


def is_thanked(state: FormState, version: int) -> bool:
    """Tell whether *version* was saved from the form as it stands, without the page being left."""
    return state.thanked == (state.revision, version)


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
