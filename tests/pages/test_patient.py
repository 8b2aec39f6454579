"""Patient: one chart for the clinician, its days and what was recorded on them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlmodel import select
from streamlit.runtime.state.session_state import WStates
from streamlit.testing.v1 import AppTest

from db.engine import Database, reading, writing
from db.models import AuditRow
from db.reports import save_report
from recovery.cohorts import MIN_PATIENTS
from recovery.episodes import BracePlan
from recovery.reports import DailyReport, PainMedicine
from tests.factories import NOW, TODAY, saving
from tests.pages.charts import alt_texts, data_of, fields, specs
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, prose, refusals, sent
from tests.pages.patient import PAGE, open_record
from tests.pages.visits import plan
from tests.recoveries import many_recoveries
from tests.small_clinic import SmallClinic, make_small_clinic
from ui import patient_header
from ui.clinic_curve import COMPARE
from ui.left_widgets import KEPT
from ui.patient_header import brace_hours_words

NOT_YOURS = "This record is not available to you. Go back to your start page."


@pytest.fixture
def chart(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the open chart of the clinic's patient."""
    return open_record(visit, clinic, str(clinic.treating.patient_id))


def _audited(database: Database) -> list[str]:
    with reading(database) as session:
        return list(session.exec(select(AuditRow.action).where(AuditRow.patient_id != None)))  # noqa: E711 - SQL


@on_one_engine
def test_without_a_patient_the_page_says_where_to_begin(visit: Visit, clinic: SmallClinic) -> None:
    """The address alone opens nobody."""
    app = visit(clinic.clinician, PAGE)

    assert app.info[0].value == "Open a patient from the list."
    assert not specs(app)


@on_one_engine
def test_a_record_that_was_left_is_given_back(
    chart: AppTest, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """What its buttons do holds whom they are about; a session outlives hundreds of patients."""
    widgets = chart.session_state._state._state._new_widget_state  # noqa: SLF001 - shown nowhere
    assert _about(widgets, clinic) > 0

    chart.switch_page("clinician/review.py").run()
    chart.run()
    clock.shift(KEPT)
    chart.run()

    assert _about(widgets, clinic) == 0


def _about(widgets: WStates, clinic: SmallClinic) -> int:
    """Return how many presses and answers would still be done for the clinic's patient."""
    patient_id = str(clinic.treating.patient_id)
    return sum(
        patient_id in repr((known.callback, known.callbacks, known.callback_args))
        for known in widgets.widget_metadata.values()
    )


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

    app = open_record(visit, clinic, opened[kind])

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

    app = open_record(visit, clinic, str(clinic.treating.patient_id))

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
    app = open_record(visit, clinic, str(clinic.treating.patient_id))
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
    app = open_record(visit, clinic, str(clinic.treating.patient_id))
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
    app = open_record(visit, clinic, str(clinic.treating.patient_id))

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

    app = open_record(visit, clinic, str(clinic.treating.patient_id))

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
    app = open_record(visit, clinic, str(clinic.treating.patient_id))
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

    open_record(visit, clinic, str(clinic.treating.patient_id))

    assert "chart.read" in _audited(database)


def test_replaced_answers_can_be_read(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """A correction shows what stood there before, who had saved it and when."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(worst_pain_nrs=9))
        save_report(session, clinic.own, saving(worst_pain_nrs=4, expected_version=1))

    app = open_record(visit, clinic, str(clinic.treating.patient_id))

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

    app = open_record(visit, clinic, str(clinic.treating.patient_id))

    assert "on Sun 22 Nov, 11:00 PM" in prose(app)
