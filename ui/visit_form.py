"""A visit note, pinned to a day."""

from datetime import date

import streamlit as st

from db.engine import act
from db.patients import renewed
from db.visit_notes import NotePress, add_visit_note
from recovery.access import PatientAccess
from recovery.errors import InvalidEntry
from ui.clock import now
from ui.presses import of_words, press_key, press_submit
from ui.said import refusals_of, said_of, show_said_of


def ask_visit_note(access: PatientAccess, today: date) -> None:
    """Ask for a note and add it; a refused one keeps its words."""
    st.header("Add a visit note", anchor=False)
    with st.form(_key(access, "note"), border=False):
        st.date_input("Day of the visit", value=today, format="YYYY-MM-DD", key=_key(access, "day"))
        st.text_area("Note", key=_key(access, "text"))
        press_submit("Add note", _press, access, today, key=_key(access, "add"))
    show_said_of(_key(access, "note"))


def _press(access: PatientAccess, today: date) -> None:
    """Add the note before the page is drawn, so that the chart already shows it."""
    said = _key(access, "note")
    with refusals_of(said):
        text = str(st.session_state[_key(access, "text")] or "")
        _add(access, st.session_state[_key(access, "day")], text, today)
        st.session_state[_key(access, "text")] = ""
        said_of(said).what = "The note is added and stands on the chart."


def _key(access: PatientAccess, part: str) -> str:
    # Each patient's own, so that nothing written for one ever shows with another.
    return f"visit-{part}-{access.patient_id}"


def _add(access: PatientAccess, visit_date: object, text: str, today: date) -> None:
    if not isinstance(visit_date, date):
        raise InvalidEntry("Choose the day of the visit.")
    pressed_at = now()
    press = NotePress(
        visit_date=visit_date,
        text=text,
        today=today,
        # Other words are another note, however soon after.
        idempotency_key=press_key(
            f"visit-note-{access.patient_id}-{visit_date}-{of_words(text)}", pressed_at
        ),
        now=pressed_at,
    )
    # Asked again, since the access may have ended while the page stood open.
    act(lambda session: add_visit_note(session, renewed(session, access), press), is_keyed=True)
