"""Patient: one chart for the clinician, its days and words, and a note to add."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db.engine import Database, reading, writing
from db.models import AccountRow, AuditRow
from db.reports import save_report
from db.visit_notes import list_visit_notes
from recovery.cohorts import MIN_PATIENTS
from recovery.episodes import BracePlan
from recovery.reports import DailyReport, PainMedicine
from tests.factories import NOW, TODAY, saving
from tests.pages.charts import alt_texts, data_of, fields, specs
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals, sent
from tests.pages.visits import plan
from tests.recoveries import many_recoveries
from tests.small_clinic import SmallClinic, make_small_clinic
from ui import patient_header
from ui.clinic_curve import COMPARE
from ui.patient_header import brace_hours_words
from ui.review_list import OPEN_PATIENT

PAGE = "clinician/patient.py"
NOT_YOURS = "This record is not available to you. Go back to your start page."
ADD, NOTE = "Add note", "canary: walks without a stick"


def _open(visit: Visit, clinic: SmallClinic, patient_id: object) -> AppTest:
    app = visit(clinic.clinician, PAGE)
    app.session_state[OPEN_PATIENT] = patient_id
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


@pytest.fixture
def chart(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the open chart of the clinic's patient."""
    return _open(visit, clinic, str(clinic.treating.patient_id))


def _notes(database: Database, clinic: SmallClinic) -> list[str]:
    with reading(database) as session:
        return [note.text for note in list_visit_notes(session, clinic.treating)]


def _audited(database: Database) -> list[str]:
    with reading(database) as session:
        return list(session.exec(select(AuditRow.action).where(AuditRow.patient_id != None)))  # noqa: E711 - SQL


@on_one_engine
def test_without_a_patient_the_page_says_where_to_begin(visit: Visit, clinic: SmallClinic) -> None:
    """The address alone opens nobody."""
    app = visit(clinic.clinician, PAGE)

    assert app.info[0].value == "Open a patient from the list."
    assert not specs(app)


@pytest.mark.parametrize("kind", ["other clinic", "unknown", "no key at all", "number"])
def test_every_record_out_of_reach_is_refused_alike(
    visit: Visit, database: Database, clinic: SmallClinic, kind: str
) -> None:
    """Another clinic's patient, a key that is nobody's and garbage all look the same."""
    other = make_small_clinic(database, prefix="other-", name="Canary Willow")
    opened: dict[str, object] = {
        "other clinic": str(other.treating.patient_id),
        "unknown": str(uuid4()),
        "no key at all": "canary'; DROP TABLE patient",
        "number": 7,
    }

    app = _open(visit, clinic, opened[kind])

    assert refusals(app) == [NOT_YOURS]
    assert not app.title
    assert "Canary Willow" not in sent(app)
    assert not specs(app)


def test_the_header_says_who_it_is(chart: AppTest) -> None:
    """Name, age, procedure, level, day, pain before and brace stand at the top."""
    assert chart.title[0].value == "Rowan Elm"
    said = prose(chart)
    assert "78 years" in said
    assert "Kyphoplasty 12 Nov 2026" in said
    assert "L1" in said
    assert "day 10" in said
    assert "pain before: 8 of 10" in said
    assert "brace 8 h a day from Thu 12 Nov" in said


@on_one_engine
def test_one_chart_holds_everything_and_says_it(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Pain, missing days, alerts, medicine, brace and activity stand in one view with its words."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(warning_signs=frozenset({"fever"})))

    app = _open(visit, clinic, str(clinic.treating.patient_id))

    assert len(specs(app)) == 1
    drawn = data_of(app)
    for heading in ("Pain: 0 none", "No report on 10 of 11 days", "Hours in the brace", "Activity"):
        assert heading in drawn
    assert "Alert: Warning sign: " in drawn
    [said] = alt_texts(app)
    assert "No report on 10 of 11 days: days 0 to 9." in said
    assert "Alerts on these days: 1 open, 0 closed." in said


@on_one_engine
def test_each_panel_keeps_its_sentence_and_its_table(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """What the chart shows can be read without it, and is only made when asked for."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(medicine=PainMedicine.BOTH, medicine_times=3))
    app = _open(visit, clinic, str(clinic.treating.patient_id))
    assert "Pain medicine on 1 of 1 answered day" not in prose(app)

    app.session_state["table-clinical"] = True
    app.run()

    names = [each.value for each in app.subheader]
    assert names == ["Pain", "Alerts", "Events and visits", "Medicine", "Brace", "Activity"]
    assert "Pain medicine on 1 of 1 answered day, prescribed on 1." in prose(app)
    tables = "\n".join(table.value.to_string() for table in app.table)
    assert "both kinds" in tables


@on_one_engine
def test_comparing_is_off_until_asked_for_and_says_when_too_few_logged(
    visit: Visit, clinic: SmallClinic
) -> None:
    """Nobody is drawn beside the patient unasked, and nobody of a clinic of one."""
    app = _open(visit, clinic, str(clinic.treating.patient_id))
    assert "our own patients" not in prose(app).lower()

    press(app, COMPARE)

    assert "On none of these days did 20 of the clinic's own patients log" in prose(app)
    assert "p50" not in fields(specs(app)[0])


@on_one_engine
def test_comparing_draws_the_clinics_own_median(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """From 20 patients up, with how many they are; pressed again, it goes."""
    many_recoveries(database, clinic.clinician, MIN_PATIENTS)
    app = _open(visit, clinic, str(clinic.treating.patient_id))

    press(app, COMPARE)

    assert "median of average pain of 20 of the clinic's own patients" in prose(app)
    assert {"p25", "p50", "p75"} <= fields(specs(app)[0])
    press(app, COMPARE)
    assert "of the clinic's own patients" not in prose(app)
    assert "p50" not in fields(specs(app)[0])


@on_one_engine
def test_a_planned_visit_stands_on_the_chart(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """What lies ahead is on the same axis as what was logged."""
    plan(database, clinic.treating, ahead=2)

    app = _open(visit, clinic, str(clinic.treating.patient_id))

    assert "1 planned visit." in alt_texts(app)[0]
    assert "planned visit" in data_of(app)


@on_one_engine
def test_the_newest_days_stand_open_and_earlier_ones_fold(
    visit: Visit, database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each day is in one of the two tables, and the second is made once it is asked for."""
    monkeypatch.setattr(patient_header, "NEWEST_DAYS", 1)
    with writing(database) as session:
        for ago in range(3):
            save_report(session, clinic.own, saving(day=TODAY - timedelta(days=ago)))
    app = _open(visit, clinic, str(clinic.treating.patient_id))
    assert _logged_days(app) == [["Sun 22 Nov"]]

    app.session_state["earlier-days"] = True
    app.run()

    assert _logged_days(app)[1] == ["Sat 21 Nov", "Fri 20 Nov"]
    assert "2 earlier logged days" in [each.label for each in app.expander]


def _logged_days(app: AppTest) -> list[list[str]]:
    return [list(each.value["Day"]) for each in app.table if "Entered" in each.value.columns]


def _report(day: date, brace_hours: float | None = None) -> DailyReport:
    return DailyReport(day=day, worst_pain_nrs=5, average_pain_nrs=4, brace_hours=brace_hours)


def test_a_day_outside_of_the_brace_plan_is_not_unanswered() -> None:
    """Nobody was asked for hours; hours that were given all the same are told."""
    plan = BracePlan(hours_per_day=8, from_date=TODAY)
    before = TODAY - timedelta(days=1)

    assert brace_hours_words(_report(TODAY), plan) == "not answered"
    assert brace_hours_words(_report(before), plan) == "no brace planned"
    assert brace_hours_words(_report(TODAY), None) == "no brace planned"
    assert brace_hours_words(_report(before, brace_hours=0), plan) == "0"


def test_a_look_at_a_chart_is_on_record(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Whoever reads somebody else's record leaves an entry in the audit."""
    assert "chart.read" not in _audited(database)

    _open(visit, clinic, str(clinic.treating.patient_id))

    assert "chart.read" in _audited(database)


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
    app = _open(visit, clinic, str(clinic.treating.patient_id))
    app.text_area[0].set_value(words)

    press(app, ADD)

    assert words in [each.value for each in app.text]
    shown_as_markdown = [*app.title, *app.header, *app.markdown, *app.caption, *app.success]
    assert not [each.value for each in shown_as_markdown if words in each.value]
    assert "_Rowan_" not in prose(app)
    assert words not in "\n".join(table.value.to_string() for table in app.table)


def test_replaced_answers_can_be_read(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """A correction shows what stood there before, who had saved it and when."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(worst_pain_nrs=9))
        save_report(session, clinic.own, saving(worst_pain_nrs=4, expected_version=1))

    app = _open(visit, clinic, str(clinic.treating.patient_id))

    assert "as saved by Patient on Sun 22 Nov, 10:00 AM" in prose(app)
    assert [each.value for each in app.text if each.value.startswith("Worst pain: 9;")]


@on_one_engine
def test_a_late_evening_is_the_patients_day(
    visit: Visit, database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """When answers were saved is told by the patient's calendar, not by the server's."""
    evening = NOW + timedelta(hours=13)
    with writing(database) as session:
        save_report(session, clinic.own, saving(worst_pain_nrs=9, now=evening))
        save_report(session, clinic.own, saving(worst_pain_nrs=4, expected_version=1, now=evening))

    app = _open(visit, clinic, str(clinic.treating.patient_id))

    assert "on Sun 22 Nov, 11:00 PM" in prose(app)


@on_one_engine
def test_an_assistant_reads_the_chart_and_writes_no_note(visit: Visit, clinic: SmallClinic) -> None:
    """The form for notes is the clinician's; a form that would only refuse is not shown."""
    app = visit(clinic.assistant, "clinician/patient.py")
    app.session_state[OPEN_PATIENT] = str(clinic.treating.patient_id)
    app.run()

    assert refusals(app) == []
    assert "Rowan Elm" in sent(app)
    assert "Add note" not in labels(app)
