"""The one question at the end of a page, answered kindly either way."""

import streamlit as st

from content.education import EducationPage
from db.engine import act
from db.learning import AnswerPress, answer_question
from db.patients import own_access
from recovery.access import Actor
from recovery.errors import ConsentMissing, RecoveryError
from recovery.wording import language, tr
from ui.choices import choose_one
from ui.clock import now
from ui.presses import press_key
from ui.reader import Reader


def ask_teach_back(reader: Reader, page: EducationPage) -> None:
    """Ask the page's question, say what is right, and keep what a patient's side answered."""
    question, said = page.question, f"teach-back-said-{page.slug}"
    st.header(tr("One question"), anchor=False)
    with st.form(f"teach-back-form-{page.slug}", border=False):
        options = {str(number): words for number, words in enumerate(question.answers, start=1)}
        chosen = choose_one(question.ask, options, key=f"teach-back-{page.slug}", may_clear=False)
        is_pressed = st.form_submit_button(tr("Check"), key=f"check-{page.slug}")
    if is_pressed and chosen is None:
        st.info(tr("Choose one of the answers first."))
    if is_pressed and chosen is not None:
        st.session_state[said] = chosen
        if reader.record is not None:
            _keep(reader.actor, page, int(chosen))
    if chosen is None or st.session_state.get(said) != chosen:
        return
    if int(chosen) == question.right:
        st.success(question.if_right, icon=":material/check_circle:")
    else:
        st.info(question.if_other, icon=":material/lightbulb:")


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
    try:
        act(
            lambda session: answer_question(session, own_access(session, actor), press),
            is_keyed=True,
        )
    except ConsentMissing:
        # Reading and asking oneself need no consent; only keeping the answer does.
        return
    except RecoveryError as refusal:
        st.error(str(refusal))
