"""Questionnaires that are due: the way to them, the form, and the thanks."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from content.instruments import Question, Questionnaire
from content.local_forms import long_day, plain_number
from content.shelf import questionnaires
from db.engine import Session, act
from db.patients import own_access
from db.questionnaires import Answering, list_responses, save_response
from recovery.access import Role
from recovery.days import today_in
from recovery.questionnaires import OFFERED_DAYS, Instrument, QuestionnaireResponse, due, open_pod
from recovery.reports import NRS_MAX, NRS_MIN
from recovery.wording import language, tr
from ui.choices import choose_one, chosen_one
from ui.clock import now
from ui.own_record import OwnRecord
from ui.pain_scale import chosen_nrs, pain_scale
from ui.presses import press_submit
from ui.procedure import procedure_of
from ui.said import refusals_of, said_of, show_said_of
from ui.shell import ask_for
from ui.who import present_actor

QUESTIONS_PAGE = "patient/questions.py"
ASKED = "ask"
"""Name in the page's address of the questionnaire that was pressed."""

ANSWERED = "answered"
"""Name of what is said on Home of a questionnaire that was answered."""


def words_of(instrument: Instrument) -> Questionnaire:
    """Return the words of a questionnaire in the language spoken."""
    return questionnaires()[instrument]


def read_responses(session: Session, record: OwnRecord) -> list[QuestionnaireResponse]:
    """Return the answers so far; nothing is read on a day without an open questionnaire."""
    return list_responses(session, record.access) if open_pods(record) else []


def open_pods(record: OwnRecord) -> dict[Instrument, int]:
    """Return the due day of each questionnaire that can be answered today, answered or not."""
    procedure = procedure_of(record.patient.episode.procedure)
    found = {
        instrument: open_pod(instrument, record.pod, record.milestone_days)
        for instrument in procedure.instruments
    }
    return {instrument: pod for instrument, pod in found.items() if pod is not None}


def due_now(record: OwnRecord, responses: Sequence[QuestionnaireResponse]) -> dict[Instrument, int]:
    """Return the due day of each questionnaire that waits for an answer."""
    found = {
        instrument: due(
            instrument, record.pod, record.milestone_days, _answered(responses, instrument)
        )
        for instrument in open_pods(record)
    }
    return {instrument: pod for instrument, pod in found.items() if pod is not None}


def offer_questions(record: OwnRecord, responses: Sequence[QuestionnaireResponse]) -> None:
    """Offer each questionnaire that waits as a button; nothing before the patient agrees."""
    if not record.agrees:
        return
    for instrument in due_now(record, responses):
        if st.button(
            words_of(instrument).title,
            key=f"questions-{instrument}",
            width="stretch",
            icon=":material/quiz:",
        ):
            st.switch_page(QUESTIONS_PAGE, query_params={ASKED: instrument.value})


def show_answered(record: OwnRecord, responses: Sequence[QuestionnaireResponse]) -> None:
    """Thank for each questionnaire that is open and answered, and say the answer plainly."""
    pods = open_pods(record)
    for each in responses:
        if pods.get(each.instrument) == each.due_pod:
            st.success(thanks(each))


def thanks(response: QuestionnaireResponse) -> str:
    """Thank for an answer, and say it plainly."""
    return tr("Saved. Thank you. {answer}", answer=answer_sentence(response))


def answer_sentence(response: QuestionnaireResponse) -> str:
    """Say what was answered, with no word about what it means."""
    if response.instrument is Instrument.PEG:
        return tr(
            "Your score is {score} of 10. It is the average of your three numbers.",
            score=plain_number(response.score),
        )
    levels = words_of(response.instrument).levels
    return tr("Your answer: {answer}.", answer=levels[response.answers[0] - 1].lower())


def ask_questions(record: OwnRecord, instrument: Instrument, due_pod: int) -> None:
    """
    Ask *instrument* and keep the answers on a press of Save; refused, they stay in the form.

    The thanks are read from what is stored, so that a second press finds them too.
    """
    questionnaire = words_of(instrument)
    last = record.patient.episode.procedure_date + timedelta(days=due_pod + OFFERED_DAYS - 1)
    until = tr("today") if last == record.today else long_day(last)
    st.markdown(tr("You can answer until {day}.", day=until))
    with st.form(f"questions-{instrument}-{due_pod}", border=False):
        _ask(questionnaire, due_pod)
        press_submit(
            tr("Save"),
            _press,
            record,
            instrument,
            due_pod,
            key=f"questions-save-{instrument}-{due_pod}",
            type="primary",
            width="stretch",
        )
    show_said_of(_said_key(instrument))
    st.markdown(questionnaire.foot)


def _said_key(instrument: Instrument) -> str:
    return f"questions-{instrument}"


def _ask(questionnaire: Questionnaire, due_pod: int) -> None:
    for question in questionnaire.questions:
        key = _key(questionnaire, due_pod, question)
        if questionnaire.levels:
            choose_one(question.ask, _options(questionnaire), key=key, may_clear=False)
        else:
            ends = dict(zip((NRS_MIN, NRS_MAX), question.ends, strict=True))
            pain_scale(question.ask, key=key, words=ends)


def _press(record: OwnRecord, instrument: Instrument, due_pod: int) -> None:
    """Keep the answers before the page is drawn."""
    answers = _read(words_of(instrument), due_pod)
    with refusals_of(_said_key(instrument)):
        saved = _save(record, instrument, due_pod, answers)
        # At the top of a page that begins anew: where Save stood there is no page any more.
        said_of(ANSWERED).what = thanks(saved)
        ask_for("patient/home.py")


def _read(questionnaire: Questionnaire, due_pod: int) -> list[int | None]:
    keys = [_key(questionnaire, due_pod, question) for question in questionnaire.questions]
    if not questionnaire.levels:
        return [chosen_nrs(key) for key in keys]
    chosen = [chosen_one(key, _options(questionnaire)) for key in keys]
    return [None if each is None else int(each) for each in chosen]


def _options(questionnaire: Questionnaire) -> dict[str, str]:
    return {str(level): words for level, words in enumerate(questionnaire.levels, 1)}


def _key(questionnaire: Questionnaire, due_pod: int, question: Question) -> str:
    return f"answer-{questionnaire.instrument}-{due_pod}-{question.id}"


def _save(
    record: OwnRecord, instrument: Instrument, due_pod: int, answers: Sequence[int | None]
) -> QuestionnaireResponse:
    at, actor = now(), present_actor(Role.PATIENT, Role.CARER)
    answering = Answering(
        instrument=instrument,
        due_pod=due_pod,
        answers=answers,
        milestone_days=record.milestone_days,
        language=language(),
        today=today_in(record.patient.time_zone, at),
        now=at,
    )
    # The database keeps one answer for each due day, so a second try finds the first.
    return act(
        lambda session: save_response(session, own_access(session, actor), answering),
        is_keyed=True,
    )


def _answered(responses: Sequence[QuestionnaireResponse], instrument: Instrument) -> set[int]:
    return {each.due_pod for each in responses if each.instrument is instrument}
