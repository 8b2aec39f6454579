"""Home: where the person stands, and the one thing to do."""

from datetime import timedelta

import pytest

from db.clinic_values import change_clinic_values
from db.engine import Database, writing
from db.languages import choose_language
from db.reports import save_report
from recovery.access import grant_admin
from recovery.milestones import FOLLOW_UP_DAYS
from recovery.wording import Language
from tests.factories import TODAY, saving
from tests.pages.charts import specs
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose
from tests.pages.report import asks
from tests.small_clinic import SmallClinic, make_small_clinic

LOG, LOGGED = "Log today", "Logged at 10:00 AM, change it"


@on_one_engine
def test_before_the_procedure_nothing_is_to_be_logged(visit: Visit, database: Database) -> None:
    """Whoever waits for the procedure reads how long, and is offered no log."""
    small = make_small_clinic(database, procedure_date=TODAY + timedelta(days=1), brace_plan=None)

    app = visit(small.patient)

    assert app.title[0].value == "1 day until your kyphoplasty"
    assert LOG not in labels(app)
    assert not specs(app)


@on_one_engine
@pytest.mark.parametrize(
    ("days", "title"), [(0, "The day of your kyphoplasty"), (10, "Day 10 after your kyphoplasty")]
)
def test_the_title_says_which_day_it_is(
    visit: Visit, database: Database, days: int, title: str
) -> None:
    """Days are counted from the procedure, which is day 0."""
    small = make_small_clinic(
        database, procedure_date=TODAY - timedelta(days=days), brace_plan=None
    )

    assert visit(small.patient).title[0].value == title


@on_one_engine
def test_a_procedure_unknown_to_this_version_says_so(visit: Visit, database: Database) -> None:
    """The page works for a procedure that the content does not hold, and says what to do."""
    app = visit(make_small_clinic(database, procedure="discectomy").patient)

    assert app.title[0].value == "Day 10 after your procedure"
    assert "Ask the clinic to update it." in app.warning[0].value


@on_one_engine
def test_the_button_leads_to_the_questions(visit: Visit, clinic: SmallClinic) -> None:
    """One press from the start to the form."""
    app = visit(clinic.patient)
    assert LOGGED not in labels(app)

    press(app, LOG)

    assert asks(app, "worst")


def test_a_logged_day_offers_to_change_it(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """After logging, the button says when it was, and leads to the same form."""
    with writing(database) as session:
        save_report(session, clinic.own, saving())
    app = visit(clinic.patient)
    assert LOG not in labels(app)

    press(app, LOGGED)

    assert asks(app, "worst")


@on_one_engine
def test_the_way_to_help_is_always_there(visit: Visit, clinic: SmallClinic) -> None:
    """Whom to call stands on the page with links that dial, and that nobody watches."""
    said = prose(visit(clinic.patient))

    assert "tel:911" in said
    assert "tel:5550100" in said
    assert "Nobody watches this app around the clock." in said


VISIT = "Your follow-up visit"


def _decide_visit(database: Database, small: SmallClinic, day: float) -> None:
    with writing(database) as session:
        change_clinic_values(
            session,
            grant_admin(small.administrator),
            "kyphoplasty",
            {FOLLOW_UP_DAYS: day},
            drawn_from={},
        )


@on_one_engine
@pytest.mark.parametrize(
    ("day", "words"),
    [
        (9, None),
        (10, "Your follow-up visit is about day 10: that is today."),
        (11, "Your follow-up visit is about day 11: in 1 day."),
        (13.5, "Your follow-up visit is about day 14: in 4 days."),
        (17, "Your follow-up visit is about day 17: in 7 days."),
        (18, None),
    ],
)
def test_a_visit_is_told_in_the_week_before(
    visit: Visit, database: Database, clinic: SmallClinic, day: float, words: str | None
) -> None:
    """On day 10 that is the clinic's day 10 to 17; the carer reads it too."""
    _decide_visit(database, clinic, day)

    for actor in (clinic.patient, clinic.carer):
        said = [each.value for each in visit(actor).markdown if each.value.startswith(VISIT)]
        assert said == ([] if words is None else [words])


@on_one_engine
def test_a_visit_that_the_clinic_did_not_decide_is_not_told(
    visit: Visit, database: Database, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Neither another clinic's day stands in for it, nor what leaflets say."""
    _decide_visit(database, other_clinic, 14)

    assert VISIT not in prose(visit(clinic.patient))


@on_one_engine
def test_a_visit_is_told_in_the_patients_language(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Counted as Spanish counts."""
    _decide_visit(database, clinic, 14)
    with writing(database) as session:
        choose_language(session, clinic.patient, Language.SPANISH)

    assert "cerca del día 14: faltan 4 días." in prose(visit(clinic.patient))
