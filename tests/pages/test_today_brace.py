"""Today: the brace is asked about on the days of the plan, and on no other."""

from datetime import timedelta

import pytest

from db.engine import Database
from recovery.episodes import BracePlan
from tests.factories import PROCEDURE_DATE, TODAY
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press
from tests.pages.report import TODAY_PAGE, asks
from tests.small_clinic import make_small_clinic

DAY = timedelta(days=1)
pytestmark = on_one_engine


@pytest.mark.parametrize(
    "plan",
    [
        None,
        BracePlan(hours_per_day=8, from_date=TODAY + DAY),
        BracePlan(hours_per_day=8, from_date=PROCEDURE_DATE, to_date=TODAY - DAY),
    ],
    ids=["no plan", "not begun", "over"],
)
def test_outside_a_plan_the_question_is_absent(
    visit: Visit, database: Database, plan: BracePlan | None
) -> None:
    """Nobody is asked about a brace that was not to be worn that day."""
    app = visit(make_small_clinic(database, brace_plan=plan).patient, TODAY_PAGE)

    assert not asks(app, "brace")


@pytest.mark.parametrize(
    "plan",
    [
        BracePlan(hours_per_day=6.5, from_date=TODAY),
        BracePlan(hours_per_day=6.5, from_date=PROCEDURE_DATE, to_date=TODAY),
    ],
    ids=["first day", "last day"],
)
def test_first_and_last_day_belong_to_the_plan(
    visit: Visit, database: Database, plan: BracePlan
) -> None:
    """The question tells the hours this person was told."""
    app = visit(make_small_clinic(database, brace_plan=plan).patient, TODAY_PAGE)

    [field] = [each for each in app.number_input if "brace" in each.label]
    assert field.label == "Hours in the brace. You were told 6.5 hours a day."
    assert field.value is None


def test_the_plan_counts_on_the_day_asked_about(visit: Visit, database: Database) -> None:
    """A plan that ended yesterday is asked about for yesterday."""
    plan = BracePlan(hours_per_day=8, from_date=PROCEDURE_DATE, to_date=TODAY - DAY)
    app = visit(make_small_clinic(database, brace_plan=plan).patient, TODAY_PAGE)

    press(app, "Yesterday")

    assert asks(app, "brace")
