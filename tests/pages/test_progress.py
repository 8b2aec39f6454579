"""Progress: the log drawn over what is documented, and saying so where nothing is."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from db.engine import Database, writing
from db.events import add_event, list_events, withdraw_event
from db.models import ClinicRow
from db.reports import save_report
from recovery.episodes import BracePlan
from recovery.reports import Event, EventKind
from tests.factories import NOW, PROCEDURE_DATE, TODAY, saving
from tests.pages.charts import alt_texts, data_of, domains, fields, specs
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, prose
from tests.small_clinic import SmallClinic, make_small_clinic

PAGE = "patient/progress.py"
DAY = timedelta(days=1)


def _log(session: Session, small: SmallClinic, days_ago: int, **changes: object) -> None:
    day = TODAY - days_ago * DAY
    pressed = saving(day=day, today=day, now=NOW - days_ago * DAY, **changes)
    save_report(session, small.own, pressed)


def _add_fall(session: Session, small: SmallClinic, at: datetime) -> None:
    fall = Event(kind=EventKind.FALL, occurred_at=at)
    add_event(session, small.own, fall, idempotency_key=uuid4(), now=NOW)


@on_one_engine
def test_an_empty_log_says_where_the_chart_begins(visit: Visit, clinic: SmallClinic) -> None:
    """Without a day there is a sentence, and the documented course to look at."""
    app = visit(clinic.patient, PAGE)

    assert "Nothing is logged yet. Your chart starts with your first day." in prose(app)
    assert "No activity is logged yet." in prose(app)
    assert len(specs(app)) == 3


@on_one_engine
def test_before_the_procedure_the_page_still_opens(visit: Visit, database: Database) -> None:
    """Whoever is waiting sees the course that is documented, and no log."""
    small = make_small_clinic(database, procedure_date=TODAY + 5 * DAY, brace_plan=None)

    app = visit(small.patient, PAGE)

    assert "5 days until your kyphoplasty" in prose(app)


@on_one_engine
def test_without_a_pain_before_the_band_is_not_fitted(visit: Visit, database: Database) -> None:
    """The page says that it could not fit the band, and from what it starts instead."""
    small = make_small_clinic(database, baseline_nrs=None)

    assert "so the band is not fitted" in prose(visit(small.patient, PAGE))


@on_one_engine
def test_with_a_pain_before_the_band_is_fitted(visit: Visit, clinic: SmallClinic) -> None:
    """The page says to which number the band is fitted, and names source and n."""
    said = prose(visit(clinic.patient, PAGE))

    assert "fitted to the pain before the procedure: 8 of 10" in said
    assert "figures from" in said
    assert "n = " in said


@on_one_engine
@pytest.mark.parametrize(
    ("procedure", "said"),
    [
        ("vertebroplasty", "Pain often eases: "),
        ("discectomy", "No course is documented for these days, so no band is drawn."),
    ],
)
def test_without_a_course_no_band_is_drawn(
    visit: Visit, database: Database, procedure: str, said: str
) -> None:
    """Where nothing is documented, nothing is drawn, and the page says so."""
    small = make_small_clinic(database, procedure=procedure)
    with writing(database) as session:
        session.get_one(ClinicRow, small.clinic_id).shares_augmentation_curve = False

    app = visit(small.patient, PAGE)

    assert said in prose(app)
    assert not {"p10", "p90", "mean"} & fields(specs(app)[0])


@on_one_engine
def test_a_shared_course_is_drawn_for_both_procedures(visit: Visit, database: Database) -> None:
    """With the clinic's setting on, vertebroplasty is drawn over the shared course."""
    small = make_small_clinic(database, procedure="vertebroplasty")

    assert {"p10", "p90"} <= fields(specs(visit(small.patient, PAGE))[0])


@on_one_engine
def test_without_a_brace_plan_there_is_no_brace_chart(visit: Visit, database: Database) -> None:
    """Nobody sees a chart of a brace that was not prescribed."""
    app = visit(make_small_clinic(database, brace_plan=None).patient, PAGE)

    assert len(specs(app)) == 2
    assert "Brace" not in [each.value for each in app.header]


@on_one_engine
def test_a_brace_plan_that_is_over_says_so(visit: Visit, database: Database) -> None:
    """The chart stays, and the sentence says that today is not part of the plan."""
    plan = BracePlan(hours_per_day=8, from_date=PROCEDURE_DATE, to_date=TODAY - DAY)

    app = visit(make_small_clinic(database, brace_plan=plan).patient, PAGE)

    assert "The brace plan does not cover today." in prose(app)
    assert len(specs(app)) == 3


@on_one_engine
@pytest.mark.parametrize("worst", [0, 10])
def test_the_axis_of_pain_is_always_0_to_10(
    visit: Visit, database: Database, clinic: SmallClinic, worst: int
) -> None:
    """No log stretches or squeezes the axis."""
    with writing(database) as session:
        _log(session, clinic, 0, worst_pain_nrs=worst, average_pain_nrs=0)

    assert domains(specs(visit(clinic.patient, PAGE))[0], "y") == [[0, 10]]


def test_gaps_late_and_corrected_days_are_told_apart(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """A missing day is no day, and how a day was entered stays visible."""
    with writing(database) as session:
        _log(session, clinic, 5, worst_pain_nrs=7)
        save_report(session, clinic.own, saving(day=TODAY - DAY, worst_pain_nrs=6))
        _log(session, clinic, 0, worst_pain_nrs=5)
        save_report(session, clinic.own, saving(worst_pain_nrs=4, expected_version=1))
    app = visit(clinic.patient, PAGE)

    app.session_state["table-pain"] = True
    app.run()

    [table] = [each.value for each in app.table]
    assert table.to_numpy().tolist() == [
        ["Day 10, Sun 22 Nov 2026", "4", "3", "Corrected"],
        ["Day 9, Sat 21 Nov 2026", "6", "3", "Entered later"],
        ["Day 5, Tue 17 Nov 2026", "7", "3", "On the day"],
    ]
    assert "Logged 3 of the last 7 days." in prose(app)
    assert "Logged 3 of the last 7 days." in alt_texts(app)[0]


@on_one_engine
def test_tables_stay_folded_until_asked_for(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """No rows are made for a fold that nobody opened; each opens by itself."""
    with writing(database) as session:
        _log(session, clinic, 0, walking_minutes=30, brace_hours=6.5)
    app = visit(clinic.patient, PAGE)
    assert not app.table

    for name, cell in (("Pain", "5"), ("Brace", "6.5"), ("Activity", "30")):
        app.session_state[f"table-{name.lower()}"] = True
        app.run()
        assert (
            cell
            in app.table[-1 if name == "Activity" else 0 if name == "Pain" else 1].value.to_string()
        )


@on_one_engine
def test_an_unanswered_question_is_not_a_zero_in_the_table(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """What was skipped reads "not answered"."""
    with writing(database) as session:
        _log(session, clinic, 0)
    app = visit(clinic.patient, PAGE)
    app.session_state["table-brace"] = True

    app.run()

    assert app.table[0].value.iloc[0].tolist()[1] == "not answered"


@on_one_engine
def test_the_range_is_the_same_for_every_chart(visit: Visit, clinic: SmallClinic) -> None:
    """Pain, brace and activity share one axis of days, and follow the choice together."""
    app = visit(clinic.patient, PAGE)
    at_first = [domains(spec, "x") for spec in specs(app)]

    press(app, "3 months")

    chosen = [domains(spec, "x") for spec in specs(app)]
    assert at_first[0] == at_first[1] == at_first[2]
    assert chosen[0] == chosen[1] == chosen[2]
    assert chosen[0][0][1] - chosen[0][0][0] > at_first[0][0][1] - at_first[0][0][0]


def test_an_event_taken_back_is_not_drawn(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """A press by mistake leaves the chart; one that stands is drawn with its name."""
    with writing(database) as session:
        _add_fall(session, clinic, NOW - timedelta(hours=1))
    assert "Fall" in data_of(visit(clinic.patient, PAGE))
    with writing(database) as session:
        [event] = list_events(session, clinic.own)
        assert event.event_id is not None
        withdraw_event(session, clinic.own, event.event_id, NOW)

    spec = specs(visit(clinic.patient, PAGE))[0]

    assert "kind" not in fields(spec)
