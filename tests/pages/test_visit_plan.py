"""Patient: the days of coming visits, planned and taken off by the treating staff."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.clinic_values import change_clinic_values
from db.engine import Database, writing
from recovery.access import grant_admin
from tests.factories import PROCEDURE_DATE, TODAY
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import app_of, labels, press, prose, refusals, sign_in
from tests.pages.visits import plan, planned
from tests.small_clinic import SmallClinic
from ui.review_list import OPEN_PATIENT

PAGE = "clinician/patient.py"
DAY = "Day of the next visit"


def _open(database: Database, clinic: SmallClinic) -> AppTest:
    app = app_of(sign_in(database, clinic.clinician))
    app.session_state[OPEN_PATIENT] = str(clinic.own.patient_id)
    app.switch_page(PAGE)
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def _day(app: AppTest) -> object:
    [found] = [each for each in app.date_input if each.label == DAY]
    return found


@on_one_engine
def test_without_a_day_nothing_is_planned(database: Database, clinic: SmallClinic) -> None:
    """No day stands there unless the clinic decided its follow-up day."""
    app = _open(database, clinic)
    assert _day(app).value is None  # type: ignore[attr-defined]

    press(app, "Plan visit")

    assert refusals(app) == ["Choose the day of the visit, then plan it."]
    assert planned(database, clinic.treating) == []


@on_one_engine
@pytest.mark.parametrize(("days", "offered"), [(14, 14), (9, None)])
def test_the_clinics_follow_up_day_is_offered_while_it_lies_ahead(
    database: Database, clinic: SmallClinic, days: int, offered: int | None
) -> None:
    """Ten days after the procedure, day 14 is; day 9 has passed."""
    with writing(database) as session:
        change_clinic_values(
            session,
            grant_admin(clinic.administrator),
            "kyphoplasty",
            {"follow_up_days": days},
            drawn_from={"follow_up_days": None},
        )

    app = _open(database, clinic)

    expected = None if offered is None else PROCEDURE_DATE + timedelta(days=offered)
    assert _day(app).value == expected  # type: ignore[attr-defined]
    assert planned(database, clinic.treating) == []


def test_a_visit_is_planned_and_taken_off(database: Database, clinic: SmallClinic) -> None:
    """The list shows it at once, and the form is empty for the next one."""
    app = _open(database, clinic)
    _day(app).set_value(TODAY + timedelta(days=4))  # type: ignore[attr-defined]
    press(app, "Plan visit")

    assert [each.day for each in planned(database, clinic.treating)] == [TODAY + timedelta(days=4)]
    assert "The visit on Thu 26 Nov is planned." in prose(app)
    assert _day(app).value is None  # type: ignore[attr-defined]

    press(app, "Take off")

    assert planned(database, clinic.treating) == []
    assert "Take off" not in labels(app)


@on_one_engine
def test_a_carers_and_patients_pages_have_no_plan(visit: Visit, clinic: SmallClinic) -> None:
    """The calendar is the clinic's."""
    for actor in (clinic.patient, clinic.carer):
        assert "Plan visit" not in labels(visit(actor))


@on_one_engine
def test_what_is_planned_is_on_the_page(database: Database, clinic: SmallClinic) -> None:
    """With the way to the brief beside it."""
    plan(database, clinic.treating, ahead=2)

    app = _open(database, clinic)

    assert "24 Nov 2026" in prose(app)
    assert "Visit brief" in labels(app)
