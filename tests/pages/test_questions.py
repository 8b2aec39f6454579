"""Questionnaires on the screens: offered on their day, asked, thanked for, drawn."""

import json
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.consents import withdraw_consent
from db.engine import Database, reading, writing
from db.models import AccountRow
from db.questionnaires import Answering, list_responses, save_response
from recovery.questionnaires import Instrument, QuestionnaireResponse
from recovery.wording import Language
from tests.factories import NOW, TODAY
from tests.pages.charts import alt_texts, domains, specs
from tests.pages.choosing import choose, drawn, shown_choice
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals
from tests.pages.pain import choose_pain, shown_pain
from tests.small_clinic import SmallClinic, make_small_clinic
from ui.review_list import OPEN_PATIENT

PAGE = "patient/questions.py"
PEG, PGIC = Instrument.PEG, Instrument.PGIC
WEEK_TITLE = "Three questions about your week"
CHANGE_TITLE = "How have you been since the procedure?"
ITEMS = ("pain", "enjoyment", "activity")
DAY = timedelta(days=1)


def _on_day(database: Database, pod: int, **changes: Any) -> SmallClinic:
    """Return a clinic whose patient is on a post-procedure day; kyphoplasty's milestone is 14."""
    return make_small_clinic(database, procedure_date=TODAY - pod * DAY, brace_plan=None, **changes)


def _stored(database: Database, small: SmallClinic) -> list[QuestionnaireResponse]:
    with reading(database) as session:
        return list_responses(session, small.own)


def _answer(
    database: Database, small: SmallClinic, pod: int, due_pod: int, answers: tuple[int, ...]
) -> None:
    """Store an answer given on post-procedure day *due_pod* of somebody who is on day *pod*."""
    instrument = PEG if len(answers) == 3 else PGIC
    answering = Answering(
        instrument=instrument,
        due_pod=due_pod,
        answers=answers,
        milestone_days=(14, 30),
        language=Language.ENGLISH,
        today=TODAY - (pod - due_pod) * DAY,
        now=NOW,
    )
    with writing(database) as session:
        save_response(session, small.own, answering)


def _choose_week(app: AppTest, due_pod: int, *answers: object) -> None:
    for item, value in zip(ITEMS, answers, strict=True):
        if value is not None:
            choose_pain(app, f"answer-peg-{due_pod}-{item}", value)


@on_one_engine
@pytest.mark.parametrize("pod", [-3, 0, 6, 10])
def test_nothing_is_offered_on_other_days(visit: Visit, database: Database, pod: int) -> None:
    """Neither on Home nor on Today, and the page itself says so."""
    small = _on_day(database, pod)

    for page in ("", "patient/today.py", PAGE):
        app = visit(small.patient, page)
        assert not {WEEK_TITLE, CHANGE_TITLE} & set(labels(app))
    assert "No more questions today." in prose(app)


@on_one_engine
def test_an_unknown_procedure_asks_nothing(visit: Visit, database: Database) -> None:
    """No content says which questionnaires it has."""
    small = _on_day(database, 7, procedure="discectomy")

    assert WEEK_TITLE not in labels(visit(small.patient))


@on_one_engine
@pytest.mark.parametrize("page", ["", "patient/today.py"])
def test_the_week_is_offered_from_day_7_and_leads_to_its_page(
    visit: Visit, database: Database, page: str
) -> None:
    """For three days, behind the one thing to do; nothing is chosen before."""
    app = visit(_on_day(database, 9).patient, page)
    assert CHANGE_TITLE not in labels(app)

    press(app, WEEK_TITLE)

    assert app.title[0].value == WEEK_TITLE
    assert [shown_pain(app, f"answer-peg-7-{item}") for item in ITEMS] == [None] * 3
    assert "Krebs" in prose(app)
    assert "You can answer until today." in prose(app)


@on_one_engine
def test_without_consent_the_page_asks_for_it(visit: Visit, database: Database) -> None:
    """And Home offers nothing but the consent."""
    small = _on_day(database, 7)
    with writing(database) as session:
        withdraw_consent(session, small.own, NOW)

    assert WEEK_TITLE not in labels(visit(small.patient))
    assert "I agree" in labels(visit(small.patient, PAGE))
    assert "sign in and agree first" in prose(visit(small.carer, PAGE))


@on_one_engine
def test_a_missing_answer_is_refused_and_nothing_is_lost(visit: Visit, database: Database) -> None:
    """One plain sentence; the two answers stay, and the third saves them."""
    small = _on_day(database, 7)
    app = press(visit(small.patient), WEEK_TITLE)
    _choose_week(app, 7, 4, None, 4)

    press(app, "Save")

    assert refusals(app) == ["Answer every question, then save."]
    assert shown_pain(app, "answer-peg-7-pain") == 4
    assert _stored(database, small) == []

    _choose_week(app, 7, 4, 5, 4)
    press(app, "Save")
    [kept] = _stored(database, small)
    assert kept.answers == (4, 5, 4)


def test_the_week_is_saved_and_thanked_for(visit: Visit, database: Database) -> None:
    """Thanks and the score, no verdict; offered no more, and not by its address either."""
    small = _on_day(database, 8)
    app = press(visit(small.patient), WEEK_TITLE)
    _choose_week(app, 7, 4, 5, 4)

    press(app, "Save")

    assert [each.value for each in app.success] == [
        "Saved. Thank you. Your score is 4.3 of 10. It is the average of your three numbers."
    ]
    assert "Save" not in labels(app)
    [kept] = _stored(database, small)
    assert (kept.due_pod, kept.answered_on, kept.language) == (7, TODAY, Language.ENGLISH)
    assert WEEK_TITLE not in labels(visit(small.patient))


@on_one_engine
def test_both_on_one_day_are_asked_one_after_the_other(visit: Visit, database: Database) -> None:
    """Day 14 is a week and a milestone; after the first the page offers the second."""
    small = _on_day(database, 14)
    app = visit(small.patient)
    assert {WEEK_TITLE, CHANGE_TITLE} <= set(labels(app))

    press(app, CHANGE_TITLE)
    assert shown_choice(app, "answer-pgic-14-change") is None
    press(app, "Save")
    assert refusals(app) == ["Choose one answer, then save."]
    choose(app, "answer-pgic-14-change", "2")
    press(app, "Save")

    assert "Your answer: much improved." in app.success[0].value
    press(app, WEEK_TITLE)
    assert app.title[0].value == WEEK_TITLE
    assert [each.answers for each in _stored(database, small)] == [(2,)]


@on_one_engine
def test_somebody_answered_in_between(visit: Visit, database: Database) -> None:
    """The second to press is told so, and the first answers stay."""
    small = _on_day(database, 7)
    app = press(visit(small.carer), WEEK_TITLE)
    _choose_week(app, 7, 9, 9, 9)
    _answer(database, small, 7, 7, (1, 1, 1))

    press(app, "Save")

    assert "Your score is 1 of 10." in app.success[0].value
    assert [each.answers for each in _stored(database, small)] == [(1, 1, 1)]


@on_one_engine
def test_a_carer_answers_for_the_patient(visit: Visit, database: Database) -> None:
    """Told whose record it is, and marked."""
    small = _on_day(database, 7)
    app = press(visit(small.carer), WEEK_TITLE)
    assert "You help" in prose(app)
    _choose_week(app, 7, 0, 0, 0)

    press(app, "Save")

    [kept] = _stored(database, small)
    assert kept.is_by_proxy


@on_one_engine
def test_the_ends_of_the_scales_are_the_questionnaires_own(
    visit: Visit, database: Database
) -> None:
    """Not those of the daily pain."""
    app = press(visit(_on_day(database, 7).patient), WEEK_TITLE)

    words = drawn(app, "answer-peg-7-activity")["words"]
    assert json.loads(json.dumps(words)) == {
        "0": "Does not interfere",
        "10": "Completely interferes",
    }


@on_one_engine
def test_the_page_speaks_spanish(visit: Visit, database: Database) -> None:
    """With the words in that language, who made them, and what was read is kept."""
    small = _on_day(database, 7)
    with writing(database) as session:
        session.get_one(AccountRow, small.patient.account_id).language = Language.SPANISH
    app = press(visit(small.patient), "Tres preguntas sobre su semana")
    assert "no está validada" in prose(app)
    assert "Último día para responder: martes 24 de noviembre." in prose(app)
    _choose_week(app, 7, 4, 5, 4)

    press(app, "Guardar")

    assert "Gracias" in app.success[0].value
    [kept] = _stored(database, small)
    assert kept.language is Language.SPANISH


@on_one_engine
def test_without_answers_nothing_is_drawn(visit: Visit, database: Database) -> None:
    """No empty chart for what was never asked."""
    app = visit(_on_day(database, 20).patient, "patient/progress.py")

    assert len(specs(app)) == 2
    assert not {"PEG score", "Change since the procedure"} & {each.value for each in app.header}


@on_one_engine
def test_answers_are_drawn_with_sentence_and_table(visit: Visit, database: Database) -> None:
    """On Progress; newest first in the table."""
    small = _on_day(database, 20)
    for due_pod, answers in ((7, (6, 7, 8)), (14, (4, 5, 4)), (14, (2,))):
        _answer(database, small, 20, due_pod, answers)
    app = visit(small.patient, "patient/progress.py")

    assert len(specs(app)) == 4
    peg, pgic = specs(app)[2:]
    assert domains(peg, "y") == [[0, 10]]
    assert domains(peg, "x") == domains(pgic, "x") == domains(specs(app)[0], "x")
    said = prose(app)
    assert "PEG score on day 14: 4.3 of 10. The first, on day 7, was 7." in said
    assert "Answer on day 14: much improved." in said
    assert "PEG score on day 14" in alt_texts(app)[2]
    assert not app.table

    for instrument in Instrument:
        app.session_state[f"table-{instrument}"] = True
    app.run()
    week, change = (each.value for each in app.table)
    assert week.to_numpy().tolist()[0][1:] == ["4.3", "4", "5", "4", "Patient"]
    assert [row[1] for row in week.to_numpy().tolist()] == ["4.3", "7"]
    assert change.to_numpy().tolist()[0][1:] == ["Much improved", "Patient"]


@on_one_engine
def test_answers_outside_the_range_are_said_and_not_drawn(visit: Visit, database: Database) -> None:
    """The sentence stays; the chart comes back with its days."""
    small = _on_day(database, 40)
    _answer(database, small, 40, 7, (6, 7, 8))
    app = visit(small.patient, "patient/progress.py")
    assert len(specs(app)) == 3

    press(app, "2 weeks")

    assert len(specs(app)) == 2
    assert "No answers on these days." in prose(app)


@on_one_engine
def test_the_clinician_sees_them_too(visit: Visit, database: Database) -> None:
    """On the patient's page, with who answered in which language, and no form."""
    small = _on_day(database, 9)
    _answer(database, small, 9, 7, (6, 7, 8))
    answering = Answering(
        instrument=PGIC,
        due_pod=9,
        answers=(4,),
        milestone_days=(9,),
        language=Language.SPANISH,
        today=TODAY,
        now=NOW,
    )
    with writing(database) as session:
        save_response(session, small.own, answering)
    app = visit(small.clinician, "clinician/review.py")
    app.session_state[OPEN_PATIENT] = small.own.patient_id
    app.switch_page("clinician/patient.py").run()

    said = prose(app)
    assert "PEG score on day 7: 7 of 10." in said
    assert "Answer on day 9: no change." in said
    assert "a Spanish wording of our own, which is not validated" in said
    app.session_state["table-pgic"] = True
    app.run()
    assert "Patient, Español" in app.table[0].value.to_string()
