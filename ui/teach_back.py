"""The one question at the end of a page, answered kindly either way."""

from contextlib import suppress

import streamlit as st

from content.education import EducationPage
from db.engine import act
from db.learning import AnswerPress, answer_question
from db.patients import own_access
from recovery.access import Actor
from recovery.errors import ConsentMissing
from recovery.wording import language, tr
from ui.choices import choose_one, chosen_one
from ui.clock import now
from ui.presses import press_button, press_key
from ui.reader import Reader
from ui.said import refusals_of, show_said_of


def ask_teach_back(reader: Reader, page: EducationPage) -> None:
    """Ask the page's question, say what is right, and keep what a patient's side answered."""
    question = page.question
    st.header(tr("One question"), anchor=False)
    # In no form: what was said of another answer leaves as soon as this one is chosen.
    chosen = choose_one(question.ask, _options(page), key=_key(page), may_clear=False)
    is_pressed = press_button(tr("Check"), _press, reader, page, key=f"check-{page.slug}")
    show_said_of(_key(page))
    if is_pressed and chosen is None:
        st.info(tr("Choose one of the answers first."))
    if chosen is None or st.session_state.get(f"{_key(page)}-said") != chosen:
        return
    if int(chosen) == question.right:
        st.success(question.if_right, icon=":material/check_circle:")
    else:
        st.info(question.if_other, icon=":material/lightbulb:")


def _press(reader: Reader, page: EducationPage) -> None:
    chosen = chosen_one(_key(page), _options(page))
    if chosen is None:
        return
    st.session_state[f"{_key(page)}-said"] = chosen
    if reader.record is not None:
        _keep(reader.actor, page, int(chosen))


def _options(page: EducationPage) -> dict[str, str]:
    return {str(number): words for number, words in enumerate(page.question.answers, start=1)}


def _key(page: EducationPage) -> str:
    return f"teach-back-{page.slug}"


def _keep(actor: Actor, page: EducationPage, answer: int) -> None:
    at = now()
    press = AnswerPress(
        slug=page.slug,
        answer=answer,
        is_right=answer == page.question.right,
        language=language(),
        # Another answer is another press, however soon after.
        idempotency_key=press_key(f"teach-back-{page.slug}-{answer}", at),
        now=at,
    )
    # Reading and asking oneself need no consent; only keeping the answer does.
    with refusals_of(_key(page)), suppress(ConsentMissing):
        act(
            lambda session: answer_question(session, own_access(session, actor), press),
            is_keyed=True,
        )
