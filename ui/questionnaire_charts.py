"""What the questionnaires said over time: a chart each, with its sentence and its table."""

from collections.abc import Hashable, Mapping, Sequence

import pandas as pd
import streamlit as st

from charts.frames import BY_CARER
from charts.layer import Layered
from charts.layers import within
from charts.questionnaires import peg_chart, pgic_chart, response_frame
from content.instruments import Questionnaire
from content.local_forms import plain_number
from recovery.questionnaires import Instrument, QuestionnaireResponse
from recovery.wording import LANGUAGE_NAMES, Language, tr
from ui.chart import show_chart
from ui.questionnaires import words_of
from ui.recovery_view import Drawing

TRANSLATED = frozenset(Language) - {Language.ENGLISH}
"""Languages whose wording is a translation of our own, which nobody validated."""


def show_questionnaires(drawing: Drawing, responses: Sequence[QuestionnaireResponse]) -> None:
    """Show a chart for each questionnaire that was ever answered; nothing for the others."""
    begins = drawing.recovery.episode.procedure_date
    for instrument in Instrument:
        answers = response_frame(responses, instrument, begins)
        if not answers.empty:
            _show(drawing, words_of(instrument), answers)


def sentence(questionnaire: Questionnaire, answers: pd.DataFrame) -> str:
    """Say the newest answer beside the first, with no word about what that means."""
    newest, first = answers.iloc[-1], answers.iloc[0]
    if questionnaire.levels:
        return tr(
            "Answer on day {pod}: {answer}.",
            pod=newest["pod"],
            answer=_level(questionnaire, newest["score"]).lower(),
        )
    said = tr(
        "PEG score on day {pod}: {score} of 10.",
        pod=newest["pod"],
        score=plain_number(newest["score"]),
    )
    if len(answers) == 1:
        return said
    before = tr(
        "The first, on day {pod}, was {score}.",
        pod=first["pod"],
        score=plain_number(first["score"]),
    )
    return f"{said} {before}"


def _show(drawing: Drawing, questionnaire: Questionnaire, answers: pd.DataFrame) -> None:
    said = sentence(questionnaire, answers)
    st.header(questionnaire.name, anchor=False)
    st.markdown(said)
    shown = within(answers, drawing.days)
    if shown.empty:
        st.markdown(tr("No answers on these days."))
    else:
        show_chart(_chart(drawing, questionnaire, shown), f"{questionnaire.name}. {said}")
    _show_table(questionnaire, shown)
    if not answers[answers["language"].isin(TRANSLATED)].empty:
        st.markdown(
            tr("Some answers were given to a Spanish wording of our own, which is not validated.")
        )
    if not questionnaire.levels:
        st.markdown(
            tr(
                "The PEG score is the average of three answers about the past week: average pain, "
                "and how much pain got in the way of enjoying life and of general activity."
            )
        )


def _chart(drawing: Drawing, questionnaire: Questionnaire, answers: pd.DataFrame) -> Layered:
    visits, dark = drawing.marks.visits, st.context.theme.type == "dark"
    if questionnaire.levels:
        return pgic_chart(answers, visits, questionnaire.levels, days=drawing.days, dark=dark)
    return peg_chart(answers, visits, days=drawing.days, dark=dark)


def _show_table(questionnaire: Questionnaire, answers: pd.DataFrame) -> None:
    label = tr("{name} as a table", name=questionnaire.name)
    fold = st.expander(label, on_change="rerun", key=f"table-{questionnaire.instrument}")
    if not fold.open:
        return
    with fold:
        if answers.empty:
            st.markdown(tr("No answers on these days."))
            return
        rows = [_table_row(questionnaire, row) for row in reversed(answers.to_dict("records"))]
        st.table(pd.DataFrame(rows), hide_index=True, alt=questionnaire.name)


def _table_row(questionnaire: Questionnaire, answer: Mapping[Hashable, object]) -> dict[str, str]:
    by = tr("Carer") if answer["entry"] == BY_CARER else tr("Patient")
    spoken = Language(str(answer["language"]))
    if spoken in TRANSLATED:
        by = f"{by}, {LANGUAGE_NAMES[spoken]}"
    start = {tr("Day"): str(answer["when"])}
    if questionnaire.levels:
        return start | {tr("Answer"): _level(questionnaire, answer["score"]), tr("By"): by}
    items = {
        question.short: str(answer[f"answer_{number}"])
        for number, question in enumerate(questionnaire.questions)
    }
    return start | {tr("Score"): plain_number(float(str(answer["score"]))), **items, tr("By"): by}


def _level(questionnaire: Questionnaire, score: object) -> str:
    return questionnaire.levels[int(float(str(score))) - 1]
