"""Today: late entries, corrections, presses sent twice, and two tabs on one day."""

from datetime import timedelta

import pytest
import time_machine
from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from db.reports import save_report
from recovery.reports import DailyReport
from tests.factories import NOW, PROCEDURE_DATE, TODAY, saving
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals
from tests.pages.report import (
    TODAY_PAGE,
    answer,
    answer_pain,
    draft,
    is_thanked,
    past_answers,
    save,
    shown_answers,
    stored,
    stored_answers,
    write_note,
)
from tests.small_clinic import SmallClinic, make_small_clinic
from ui.report_state import Kept

DAY = timedelta(days=1)
STALE = "This day was saved from another place in the meantime."
FORM = f"report-form-{TODAY.isoformat()}"


@pytest.fixture
def today(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page of the clinic's patient, nothing answered."""
    return visit(clinic.patient, TODAY_PAGE)


@on_one_engine
@pytest.mark.parametrize(
    ("days_since", "names"),
    [(0, ["Today"]), (1, ["Today", "Yesterday"]), (9, ["Today", "Yesterday", "Fri 20 Nov"])],
)
def test_only_days_that_can_be_entered_are_offered(
    visit: Visit, database: Database, days_since: int, names: list[str]
) -> None:
    """Today and the two days before, never a day before the procedure."""
    small = make_small_clinic(
        database, procedure_date=TODAY - timedelta(days=days_since), brace_plan=None
    )

    app = visit(small.patient, TODAY_PAGE)

    assert labels(app)[: labels(app).index("Save")] == names


def test_the_day_before_yesterday_is_marked_late(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """An entry for an earlier day says so, on the page and in the database."""
    press(today, "Fri 20 Nov")
    answer_pain(today, worst=4, average=2)

    save(today)

    late = stored(database, clinic.own, TODAY - 2 * DAY)
    assert late is not None
    assert late.is_late
    assert "marked as entered later" in today.success[0].value
    assert stored(database, clinic.own, TODAY) is None


def test_midnight_leaves_the_answers_with_their_day(
    visit: Visit, database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """A form opened before midnight is saved for the day it was opened for, as entered later."""
    clock.move_to(NOW + timedelta(hours=13, minutes=50))
    app = visit(clinic.patient, TODAY_PAGE)
    answer_pain(app, worst=4, average=2)
    app.run()
    clock.shift(timedelta(minutes=15))

    save(app)

    kept = stored(database, clinic.own, TODAY)
    assert kept is not None
    assert (kept.is_late, kept.report.worst_pain_nrs) == (True, 4)
    assert stored(database, clinic.own, TODAY + DAY) is None


def test_midnight_closes_the_oldest_day(
    visit: Visit, database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """A day that midnight takes out of the window is refused, and stored as no other day."""
    clock.move_to(NOW + timedelta(hours=13, minutes=50))
    app = visit(clinic.patient, TODAY_PAGE)
    press(app, "Fri 20 Nov")
    answer_pain(app, worst=4, average=2)
    app.run()
    clock.shift(timedelta(minutes=15))

    save(app)

    assert len(refusals(app)) == 1
    assert stored_answers(database, clinic.own) == []
    assert "Fri 20 Nov" not in labels(app)


def test_a_correction_keeps_what_was_there(
    today: AppTest, visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """The old answers stay with their author, and the page says that they do."""
    answer_pain(today, worst=7, average=4)
    save(today)
    later = visit(clinic.patient, TODAY_PAGE)
    assert shown_answers(later) == (7, 4)
    answer_pain(later, worst=6)

    save(later)

    now = stored(database, clinic.own)
    assert now is not None
    assert (now.version, now.report.worst_pain_nrs, now.report.average_pain_nrs) == (2, 6, 4)
    assert not now.is_late
    [old] = past_answers(database, clinic.own)
    assert (old.report.worst_pain_nrs, old.saved_by_name) == (7, "Patient")
    assert "The first answers are kept too." in later.success[0].value


def test_pressing_save_twice_saves_once(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Unchanged answers are no correction, however often Save is pressed."""
    answer_pain(today, worst=7, average=4)
    save(today)

    save(today)

    assert is_thanked(today)
    now = stored(database, clinic.own)
    assert now is not None
    assert now.version == 1
    assert past_answers(database, clinic.own) == []


def test_a_press_sent_again_is_the_same_press(
    today: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """A press whose run was cut off before it answered can be sent again."""
    answer_pain(today, worst=7, average=4)
    today.run()
    before = today.session_state[FORM].state
    save(today)
    today.session_state[FORM] = Kept(before)

    save(today)

    assert is_thanked(today)
    now = stored(database, clinic.own)
    assert now is not None
    assert now.version == 1


def test_two_tabs_lose_nothing(
    today: AppTest, visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """The later tab sees both versions and stores nothing; its next press replaces."""
    other = visit(clinic.patient, TODAY_PAGE)
    answer_pain(other, worst=8, average=4)
    save(other)
    answer_pain(today, worst=5, average=3)
    write_note(today, "canary of the second tab")

    save(today)

    assert today.warning[0].value.startswith(STALE)
    [both] = [table.value for table in today.table]
    assert both.to_numpy().tolist() == [
        ["Worst pain", "5", "8"],
        ["Average pain", "3", "4"],
        ["Note", "canary of the second tab", "none"],
    ]
    assert stored_answers(database, clinic.own) == [
        DailyReport(day=TODAY, worst_pain_nrs=8, average_pain_nrs=4)
    ]
    assert shown_answers(today) == (5, 3)

    save(today)

    assert is_thanked(today)
    [now] = stored_answers(database, clinic.own)
    assert (now.worst_pain_nrs, now.note) == (5, "canary of the second tab")
    assert [old.report.worst_pain_nrs for old in past_answers(database, clinic.own)] == [8]


@on_one_engine
def test_without_a_day_before_there_is_nothing_to_copy(today: AppTest) -> None:
    """The button is offered only when there is something to fill in."""
    assert "Same as the day before" not in labels(today)


def test_same_as_the_day_before_fills_and_does_not_save(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Answers are filled in for a look; signs and note belong to their own day."""
    yesterday = saving(
        day=TODAY - DAY,
        worst_pain_nrs=6,
        average_pain_nrs=2,
        warning_signs=frozenset({"fever"}),
        note="canary of yesterday",
    )
    with writing(database) as session:
        save_report(session, clinic.own, yesterday)
    app = visit(clinic.patient, TODAY_PAGE)

    press(app, "Same as the day before")

    assert shown_answers(app) == (6, 2)
    assert app.text_area[0].value == ""
    assert not app.warning
    assert stored(database, clinic.own) is None

    save(app)

    now = stored(database, clinic.own)
    assert now is not None
    assert (now.report.worst_pain_nrs, now.report.warning_signs, now.report.note) == (6, None, "")


def test_the_own_choice_wins_over_what_was_filled_in(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """What is filled in can be changed before it is saved."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(day=TODAY - DAY, worst_pain_nrs=6))
    app = visit(clinic.patient, TODAY_PAGE)
    press(app, "Same as the day before")
    answer_pain(app, worst=4)

    save(app)

    now = stored(database, clinic.own)
    assert now is not None
    assert (now.report.worst_pain_nrs, now.report.average_pain_nrs) == (4, 3)


@on_one_engine
def test_a_saved_day_says_so(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """The page says when the day was logged and that it can be changed."""
    with writing(database) as session:
        save_report(session, clinic.own, saving())

    app = visit(clinic.patient, TODAY_PAGE)

    assert "Today: logged at 10:00 AM. You can change it" in prose(app)
    assert draft(database, clinic.own) is None


def test_day_zero_can_be_logged(visit: Visit, database: Database) -> None:
    """The log begins on the day of the procedure."""
    small = make_small_clinic(database, procedure_date=TODAY, brace_plan=None)
    app = visit(small.patient, TODAY_PAGE)
    answer_pain(app, worst=9, average=9)
    answer(app, "activity", "lying_down")

    save(app)

    assert is_thanked(app)
    assert refusals(app) == []
    assert PROCEDURE_DATE < TODAY
