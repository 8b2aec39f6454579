"""What a patient wants to ask at the next visit: written down at home, read by the clinic there."""

from uuid import UUID

import streamlit as st

from db.engine import act, reading
from db.patients import own_access
from db.visit_questions import add_question, list_questions, withdraw_question
from db.visits import last_visit_day
from recovery.access import Actor
from recovery.days import today_in
from recovery.visits import VisitQuestion, still_open
from recovery.wording import tr
from ui.clock import now
from ui.own_record import OwnRecord
from ui.plain_text import plain
from ui.presses import press_button
from ui.said import refusals_of, said_of, show_said_of
from ui.words import relative_day

_TEXT, _TYPED, _PRESSES = "visit-question", "visit-question-typed", "visit-questions"


def ask_visit_questions(actor: Actor, record: OwnRecord) -> None:
    """
    List what was asked since the last visit, each with a way back, and ask for more.

    Nothing is shown while the patient does not agree to the log, unless something was typed
    that was refused for it.
    """
    if not record.agrees and not st.session_state.get(_TEXT):
        return
    with reading() as session:
        since = last_visit_day(session, record.access, record.today)
        asked = list_questions(session, record.access)
    st.header(tr("What do you want to ask at your visit?"), anchor=False)
    st.markdown(tr("Your clinic reads it at your visit. Nobody watches it before."))
    for each in still_open(asked, since, record.patient.time_zone):
        _show(actor, record, each)
    if _TEXT not in st.session_state and st.session_state.get(_TYPED):
        # Another page was open meanwhile, and a widget that is not drawn forgets its words.
        st.session_state[_TEXT] = st.session_state[_TYPED]
    # Without a longest: a browser takes nothing at all of words that are pasted beyond it.
    typed = st.text_area(tr("Your question, in your own words"), key=_TEXT, height=100)
    press_button(tr("Keep this question"), _add, actor, key="visit-question-add")
    st.session_state[_TYPED] = typed
    show_said_of(_PRESSES)


def _show(actor: Actor, record: OwnRecord, question: VisitQuestion) -> None:
    asked_on = today_in(record.patient.time_zone, question.asked_at)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{relative_day(asked_on, record.today)}: {plain(question.text)}")
        if record.access.is_proxy and question.asked_by != actor.account_id:
            return
        press_button(
            tr("Take back"),
            _take_back,
            actor,
            question.question_id,
            key=f"question-back-{question.question_id}",
        )


def _add(actor: Actor) -> None:
    """Keep the question before the page is drawn, so that the list already shows it."""
    text, at = str(st.session_state[_TEXT] or ""), now()
    with refusals_of(_PRESSES):
        act(
            lambda session: add_question(session, own_access(session, actor), text, at),
            is_keyed=True,
        )
        st.session_state[_TEXT] = st.session_state[_TYPED] = ""
        said_of(_PRESSES).what = tr("Kept for your visit.")


def _take_back(actor: Actor, question_id: UUID) -> None:
    at = now()
    with refusals_of(_PRESSES):
        act(
            lambda session: withdraw_question(session, own_access(session, actor), question_id, at),
            is_keyed=True,
        )
        said_of(_PRESSES).what = tr("Taken back. The clinic does not read it any more.")
