"""Today: nothing typed is lost, whatever comes in between."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from recovery.text import MAX_NOTE_LENGTH
from tests.factories import TODAY
from tests.pages.choosing import shown_choice
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, prose, refusals
from tests.pages.report import (
    TODAY_PAGE,
    answer,
    answer_pain,
    draft,
    enter_number,
    is_thanked,
    key_of,
    save,
    shown_answers,
    shown_number,
    stored,
    stored_answers,
    write_note,
)
from tests.small_clinic import SmallClinic

DAY = timedelta(days=1)
NOTE = "canary: the stairs were hard"
UNSAVED = "your answers are not saved yet"


@pytest.fixture
def today(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page of the clinic's patient, nothing answered."""
    return visit(clinic.patient, TODAY_PAGE)


def _fill(app: AppTest) -> None:
    answer_pain(app, worst=6, average=4)
    answer(app, "signs", {"fever"})
    answer(app, "activity", "usual_day")
    enter_number(app, "walking", 40)
    write_note(app, NOTE)
    app.run()


def _assert_filled(app: AppTest) -> None:
    assert shown_answers(app) == (6, 4)
    assert shown_choice(app, key_of(app, "signs")) == ["fever"]
    assert shown_choice(app, key_of(app, "activity")) == ["usual_day"]
    assert shown_number(app, "walking") == 40
    assert app.text_area[0].value == NOTE


def test_answers_come_back_in_a_new_session(
    today: AppTest, visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """A session that ended before Save costs no answer; they are shown as not saved."""
    _fill(today)

    later = visit(clinic.patient, TODAY_PAGE)

    _assert_filled(later)
    assert UNSAVED in prose(later)
    assert stored_answers(database, clinic.own) == []


def test_answers_stand_after_a_look_at_another_page(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Looking at the chart half-way through does not empty the form."""
    _fill(today)

    today.switch_page("patient/progress.py").run()
    today.switch_page(TODAY_PAGE).run()

    _assert_filled(today)
    save(today)
    kept = stored(database, clinic.own)
    assert kept is not None
    assert (kept.report.worst_pain_nrs, kept.report.note) == (6, NOTE)


def test_answers_stand_after_a_look_at_another_day(today: AppTest) -> None:
    """Each day keeps its own answers while the person goes back and forth."""
    _fill(today)

    press(today, "Yesterday")
    assert shown_answers(today) == (None, None)
    answer_pain(today, worst=9)
    today.run()
    press(today, "Today")

    _assert_filled(today)
    press(today, "Yesterday")
    assert shown_answers(today) == (9, None)


def test_saved_answers_stand_after_a_look_at_another_page(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """After Save and a look at the chart, the form shows what is saved, and no draft is left."""
    _fill(today)
    save(today)

    today.switch_page("patient/progress.py").run()
    today.switch_page(TODAY_PAGE).run()

    _assert_filled(today)
    assert UNSAVED not in prose(today)
    assert draft(database, clinic.own) is None
    kept = stored(database, clinic.own)
    assert kept is not None
    assert kept.version == 1


def test_a_saved_day_leaves_no_draft(
    today: AppTest, visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """What is saved is not shown as unsaved the next time."""
    _fill(today)

    save(today)

    assert draft(database, clinic.own) is None
    assert UNSAVED not in prose(visit(clinic.patient, TODAY_PAGE))


def test_a_note_beyond_its_length_stays_in_the_form(
    today: AppTest, visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """A very long note is refused in one sentence that says how short it must be."""
    words = "canary " * 14_285 + "12345"
    assert len(words) == 100_000
    answer_pain(today, worst=6, average=4)
    write_note(today, words)

    save(today)

    assert refusals(today) == ["The note is 100,000 characters long. Shorten it to 2,000."]
    assert today.text_area[0].value == words
    assert stored_answers(database, clinic.own) == []
    brought_back = visit(clinic.patient, TODAY_PAGE).text_area[0].value
    assert brought_back is not None
    assert words.startswith(brought_back)
    assert len(brought_back) > MAX_NOTE_LENGTH


@on_one_engine
@pytest.mark.parametrize("control", ["\x00", "\x1b", "\x7f"])
def test_control_characters_are_refused_and_stay(
    today: AppTest, database: Database, clinic: SmallClinic, control: str
) -> None:
    """Characters that one of the databases cannot hold are refused before it is asked."""
    words = f"canary {control} note"
    answer_pain(today, worst=6, average=4)
    write_note(today, words)

    save(today)

    assert refusals(today) == ["The note holds characters that cannot be stored. Type it again."]
    assert today.text_area[0].value == words
    assert stored_answers(database, clinic.own) == []


@pytest.mark.parametrize(
    "words",
    [
        "canary <script>alert(1)</script> <b>bold</b>",
        "canary **bold** [link](javascript:alert(1)) ![image](x.png)",
        "=1+1 canary",
        "@canary -2 +3",
        "canary \u202egnirts\u202c \u05e9\u05dc\u05d5\u05dd",
        "canary \U0001f9b4 \U0001f468\u200d\U0001f9af",
    ],
)
def test_any_words_are_stored_as_typed(
    today: AppTest, visit: Visit, database: Database, clinic: SmallClinic, words: str
) -> None:
    """Markup, formulas, right-to-left text and pictographs come back letter by letter."""
    answer_pain(today, worst=6, average=4)
    write_note(today, words)

    save(today)

    assert is_thanked(today)
    kept = stored(database, clinic.own, TODAY)
    assert kept is not None
    assert kept.report.note == words
    assert visit(clinic.patient, TODAY_PAGE).text_area[0].value == words
