"""Home: what the patient wants to ask, kept in the own words until the visit."""

from datetime import timedelta

import time_machine
from streamlit.testing.v1 import AppTest

from db.consents import withdraw_consent
from db.engine import Database, writing
from db.visits import plan_visit
from recovery.visits import MAX_QUESTION_LENGTH
from tests.factories import NOW, TODAY
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals
from tests.pages.visits import ask, asked
from tests.small_clinic import SmallClinic

KEEP = "Keep this question"
TEXT = "canary: may I *drive* and #lift?"


def _write(app: AppTest, text: str) -> None:
    [box] = [each for each in app.text_area if "own words" in each.label]
    box.set_value(text)


def _written(app: AppTest) -> str:
    [box] = [each for each in app.text_area if "own words" in each.label]
    return str(box.value or "")


@on_one_engine
def test_without_consent_nothing_is_asked_for(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Agreeing comes first, as for the log."""
    with writing(database) as session:
        withdraw_consent(session, clinic.own, NOW)

    assert KEEP not in labels(visit(clinic.patient))


@on_one_engine
def test_a_refused_question_keeps_its_words(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Whoever agreed no more meanwhile does not lose what was typed."""
    app = visit(clinic.patient)
    press(app, KEEP)
    assert refusals(app) == ["Enter the question."]
    with writing(database) as session:
        withdraw_consent(session, clinic.own, NOW)
    _write(app, TEXT)

    press(app, KEEP)

    assert asked(database, clinic.own) == []
    assert _written(app) == TEXT
    assert refusals(app) == [
        "Nothing can be logged until the patient agrees. Open Home to read why."
    ]


def test_a_question_is_kept_once_and_shown(
    visit: Visit, database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """As typed, with who reads it and when; the box is empty for the next one."""
    clock.move_to(NOW, tick=False)
    app = visit(clinic.patient)
    assert "Your clinic reads it at your visit. Nobody watches it before." in prose(app)
    for _ in range(2):
        _write(app, TEXT)
        press(app, KEEP)

    [question] = asked(database, clinic.own)
    assert (question.text, question.is_by_proxy) == (TEXT, False)
    assert _written(app) == ""
    assert "Today: canary\\: may I \\*drive\\* and \\#lift\\?" in prose(app)


def test_a_question_is_taken_back(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """By the patient, with one press."""
    ask(database, clinic.own, TEXT)

    app = press(visit(clinic.patient), "Take back")

    assert asked(database, clinic.own) == []
    assert "canary" not in prose(app)


@on_one_engine
def test_a_carer_asks_too_and_takes_back_the_own_alone(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """The patient's question is shown without a way back."""
    ask(database, clinic.own, TEXT)
    app = visit(clinic.carer)
    assert "Take back" not in labels(app)

    _write(app, "canary: for him")
    press(app, KEEP)

    assert [each.is_by_proxy for each in asked(database, clinic.own)] == [False, True]
    assert labels(app).count("Take back") == 1


@on_one_engine
def test_after_the_visit_the_questions_are_gone_from_home(
    visit: Visit, database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """They were asked there; what comes next is for the next visit."""
    ask(database, clinic.own, TEXT)
    with writing(database) as session:
        day = TODAY + timedelta(days=1)
        plan_visit(session, clinic.treating, day, today=TODAY, now=NOW)
    assert "canary" in prose(visit(clinic.patient))

    clock.move_to(NOW + timedelta(days=2))

    assert "canary" not in prose(visit(clinic.patient))


@on_one_engine
def test_what_was_typed_is_there_after_another_page(visit: Visit, clinic: SmallClinic) -> None:
    """Until it is kept for the visit; then the field is empty for the next."""
    app = visit(clinic.patient)
    _write(app, TEXT)
    app.run()

    app.switch_page("patient/progress.py").run()
    app.switch_page("patient/home.py").run()

    assert _written(app) == TEXT
    press(app, KEEP)
    assert _written(app) == ""


@on_one_engine
def test_a_question_that_is_too_long_is_refused_and_stays(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """With how long it may be, in place of an emptied field."""
    app = visit(clinic.patient)
    _write(app, "w" * (MAX_QUESTION_LENGTH + 1))

    press(app, KEEP)

    assert str(MAX_QUESTION_LENGTH) in refusals(app)[0]
    assert len(_written(app)) == MAX_QUESTION_LENGTH + 1
    assert asked(database, clinic.own) == []
