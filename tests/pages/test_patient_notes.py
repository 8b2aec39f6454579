"""Notes of a visit on the page of a patient: refused, added once, and never read as markup."""

from datetime import date, timedelta

import pytest
import time_machine
from streamlit.testing.v1 import AppTest

from db.engine import Database, reading, writing
from db.models import AccountRow
from db.reports import save_report
from db.visit_notes import list_visit_notes
from tests.factories import NOW, TODAY, saving
from tests.pages.charts import data_of
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals, sent
from tests.pages.patient import open_record
from tests.small_clinic import SmallClinic
from ui.review_list import OPEN_PATIENT

ADD, NOTE = "Add note", "canary: walks without a stick"


@pytest.fixture
def chart(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the open chart of the clinic's patient."""
    return open_record(visit, clinic, str(clinic.treating.patient_id))


def _notes(database: Database, clinic: SmallClinic) -> list[str]:
    with reading(database) as session:
        return [note.text for note in list_visit_notes(session, clinic.treating)]


@on_one_engine
@pytest.mark.parametrize("words", ["", "   \n\t "])
def test_an_empty_note_is_refused(
    chart: AppTest, database: Database, clinic: SmallClinic, words: str
) -> None:
    """A note says something."""
    chart.text_area[0].set_value(words)

    press(chart, ADD)

    assert refusals(chart) == ["Enter the note."]
    assert _notes(database, clinic) == []


@on_one_engine
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("canary " * 300, "The note is 2,099 characters long. Shorten it to 2,000."),
        ("canary \x00", "The note holds characters that cannot be stored. Type it again."),
    ],
    ids=["long", "control"],
)
def test_a_refused_note_keeps_its_words(
    chart: AppTest, database: Database, clinic: SmallClinic, words: str, sentence: str
) -> None:
    """What cannot be stored stays in the field to be changed."""
    chart.text_area[0].set_value(words)

    press(chart, ADD)

    assert refusals(chart) == [sentence]
    assert chart.text_area[0].value == words
    assert _notes(database, clinic) == []


@on_one_engine
@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), None], ids=["tomorrow", "none"])
def test_a_note_needs_a_day_that_has_come(
    chart: AppTest, database: Database, clinic: SmallClinic, day: date | None
) -> None:
    """A visit lies today or earlier, and the words stay until it does."""
    chart.date_input[0].set_value(day)
    chart.text_area[0].set_value(NOTE)

    press(chart, ADD)

    assert len(refusals(chart)) == 1
    assert chart.text_area[0].value == NOTE
    assert _notes(database, clinic) == []


def test_an_added_note_stands_on_the_page_at_once(
    chart: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """The same run shows it below and pins its day to the chart; the field is empty again."""
    chart.date_input[0].set_value(TODAY - timedelta(days=3))
    chart.text_area[0].set_value(NOTE)

    press(chart, ADD)

    assert NOTE in [each.value for each in chart.text]
    assert "Visit note by Clinician" in prose(chart)
    assert "Day 7, Thu 19 Nov 2026" in data_of(chart)
    assert NOTE not in data_of(chart)
    assert chart.text_area[0].value == ""
    assert _notes(database, clinic) == [NOTE]


def test_a_double_press_adds_one_note(
    chart: AppTest, database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """The same words sent twice in a moment are one note; other words are another."""
    clock.move_to(NOW, tick=False)
    for words in (NOTE, NOTE, "canary: second note"):
        chart.text_area[0].set_value(words)
        press(chart, ADD)

    assert sorted(_notes(database, clinic)) == ["canary: second note", NOTE]


@on_one_engine
@pytest.mark.parametrize("words", ["canary **b** [l](x) ![i](y)", "canary <img src=x> $a$ :tada:"])
def test_words_of_people_are_never_markup(
    visit: Visit, database: Database, clinic: SmallClinic, words: str
) -> None:
    """Notes, old answers and names are shown letter by letter, wherever they stand."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(note=words))
        save_report(session, clinic.own, saving(note="canary", expected_version=1))
        save_report(session, clinic.own, saving(note=words, expected_version=2))
        session.get_one(AccountRow, clinic.patient.account_id).display_name = "_Rowan_"
    app = open_record(visit, clinic, str(clinic.treating.patient_id))
    app.text_area[0].set_value(words)

    press(app, ADD)

    assert words in [each.value for each in app.text]
    shown_as_markdown = [*app.title, *app.header, *app.markdown, *app.caption, *app.success]
    assert not [each.value for each in shown_as_markdown if words in each.value]
    assert "_Rowan_" not in prose(app)
    assert words not in "\n".join(table.value.to_string() for table in app.table)


@on_one_engine
def test_an_assistant_reads_the_chart_and_writes_no_note(visit: Visit, clinic: SmallClinic) -> None:
    """The form for notes is the clinician's; a form that would only refuse is not shown."""
    app = visit(clinic.assistant, "clinician/patient.py")
    app.session_state[OPEN_PATIENT] = str(clinic.treating.patient_id)
    app.run()

    assert refusals(app) == []
    assert "Rowan Elm" in sent(app)
    assert "Add note" not in labels(app)
