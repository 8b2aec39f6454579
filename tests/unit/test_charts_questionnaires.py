"""The charts of the questionnaires: fixed axes, gaps that stay gaps, levels in words."""

from datetime import timedelta
from typing import Any

import pytest

from charts.days import DayRange
from charts.frames import BY_CARER, ON_THE_DAY, note_frame
from charts.questionnaires import peg_chart, pgic_chart, response_frame
from recovery.questionnaires import Instrument, QuestionnaireResponse, score
from recovery.wording import Language, speaking
from tests.unit.charting import PROCEDURE, layers, rows, spec

PEG, PGIC = Instrument.PEG, Instrument.PGIC
DAYS = DayRange(0, 89)
NO_VISITS = note_frame([], PROCEDURE)
WORDS = ("A lot better", "Better", "A bit better", "Same", "A bit worse", "Worse", "A lot worse")


def _answer(
    instrument: Instrument, due_pod: int, *answers: int, late: int = 0, carer: bool = False
) -> QuestionnaireResponse:
    found = score(instrument, answers)
    assert found is not None
    return QuestionnaireResponse(
        instrument=instrument,
        due_pod=due_pod,
        answered_on=PROCEDURE + timedelta(days=due_pod + late),
        language=Language.ENGLISH,
        answers=answers,
        score=found,
        is_by_proxy=carer,
    )


ANSWERS = [
    _answer(PEG, 35, 2, 2, 2),
    _answer(PGIC, 14, 2),
    _answer(PEG, 7, 8, 7, 7, late=2),
    _answer(PEG, 14, 6, 5, 5, carer=True),
    _answer(PGIC, 30, 1, carer=True),
]


def _peg(answers: list[QuestionnaireResponse] = ANSWERS, days: DayRange = DAYS) -> dict[str, Any]:
    frame = response_frame(answers, PEG, PROCEDURE)
    return spec(peg_chart(frame, NO_VISITS, days=days))


def _pgic(answers: list[QuestionnaireResponse] = ANSWERS) -> dict[str, Any]:
    frame = response_frame(answers, PGIC, PROCEDURE)
    return spec(pgic_chart(frame, NO_VISITS, WORDS, days=DAYS))


def _words(drawn: dict[str, Any]) -> list[str]:
    texts = list(layers(drawn, "text"))
    return [row["words"].strip() for row in rows(drawn, texts[0])]


def _domains(drawn: dict[str, Any], channel: str) -> set[tuple[float, ...]]:
    used = (layer["encoding"].get(channel, {}) for layer in drawn["layer"])
    return {tuple(each["scale"]["domain"]) for each in used if "scale" in each}


@pytest.mark.parametrize("instrument", Instrument)
def test_without_answers_the_table_is_empty_and_whole(instrument: Instrument) -> None:
    """Every column is there, so that nothing has to ask first."""
    frame = response_frame([], instrument, PROCEDURE)

    assert frame.empty
    assert {"pod", "due_pod", "when", "score", "entry", "run", "answer_0"} <= set(frame.columns)


def test_the_table_holds_one_questionnaire_in_the_order_of_weeks() -> None:
    """With the day of the answer, who answered, and a gap where a week was missed."""
    frame = response_frame(ANSWERS, PEG, PROCEDURE)

    assert frame["pod"].tolist() == [9, 14, 35]
    assert frame["due_pod"].tolist() == [7, 14, 35]
    assert frame["run"].tolist() == [0, 0, 1]
    assert frame["entry"].tolist() == [ON_THE_DAY, BY_CARER, ON_THE_DAY]
    assert frame["score"].tolist() == pytest.approx([22 / 3, 16 / 3, 2])
    assert frame["answer_2"].tolist() == [7, 5, 2]
    assert frame["when"].tolist()[0].startswith("Day 9, ")


@pytest.mark.parametrize("answers", [[], ANSWERS], ids=["none", "some"])
def test_both_charts_keep_to_the_schema_and_their_axes(
    answers: list[QuestionnaireResponse],
) -> None:
    """The same days as every other chart; the score always from 0 to 10."""
    for instrument in Instrument:
        frame = response_frame(answers, instrument, PROCEDURE)
        chart = (
            peg_chart(frame, NO_VISITS, days=DAYS)
            if instrument is PEG
            else pgic_chart(frame, NO_VISITS, WORDS, days=DAYS, dark=True)
        )
        assert chart.to_dict(validate=True)["layer"]
    assert _domains(_peg(answers), "y") == {(0, 10)}
    assert _domains(_peg(answers), "x") == _domains(_pgic(answers), "x") == {(-0.5, 89.5)}


def test_a_missed_week_ends_the_line() -> None:
    """The line joins what lies a week apart; a week by itself is a point alone."""
    drawn = _peg()
    [line] = layers(drawn, "line")

    assert [row["pod"] for row in rows(drawn, line)] == [9, 14]
    points = [row["pod"] for layer in layers(drawn, "point") for row in rows(drawn, layer)]
    assert sorted(points) == [9, 14, 35]


def test_weeks_that_are_all_apart_have_no_line() -> None:
    """An empty layer would be an image without a name."""
    assert not list(layers(_peg([ANSWERS[0]]), "line"))


def test_the_newest_score_stands_beside_its_point() -> None:
    """As the sentence has it, with the decimal sign of the language."""
    assert "2" in _words(_peg())
    assert "7.3" in _words(_peg([ANSWERS[2]]))
    with speaking(Language.SPANISH):
        assert "7,3" in _words(_peg([ANSWERS[2]]))


def test_a_carers_answer_has_another_shape_and_a_key() -> None:
    """Never by colour alone; without one there is no key."""
    drawn = _pgic()
    shaped = [layer for layer in layers(drawn, "point") if "shape" in layer["encoding"]]

    assert [row["pod"] for layer in shaped for row in rows(drawn, layer)] == [30]
    assert shaped[0]["encoding"]["shape"]["legend"]["values"] == [BY_CARER]
    own = _pgic([ANSWERS[1]])
    assert not [layer for layer in layers(own, "point") if "shape" in layer["encoding"]]


def test_a_level_is_said_in_words_with_the_best_at_the_top() -> None:
    """And no line joins two milestones."""
    drawn = _pgic()
    ranks = {
        row["pod"]: row["rank"] for layer in layers(drawn, "point") for row in rows(drawn, layer)
    }

    assert ranks == {14: 5, 30: 6}
    assert {"Better", "A lot better", "Same", "A lot worse"} <= set(_words(drawn))
    assert _words(drawn).count("A lot better") == 1
    assert not list(layers(drawn, "line"))


def test_two_equal_levels_close_together_are_named_once() -> None:
    """Words do not lie on words."""
    drawn = _pgic([_answer(PGIC, 14, 4), _answer(PGIC, 20, 4), _answer(PGIC, 80, 4)])

    assert _words(drawn).count("Same") == 2


def test_what_lies_outside_the_range_is_not_sent() -> None:
    """Only the days that are drawn travel to the browser."""
    drawn = _peg(days=DayRange(0, 13))

    assert [row["pod"] for layer in layers(drawn, "point") for row in rows(drawn, layer)] == [9]
