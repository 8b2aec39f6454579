"""Backups on the System page: who sets them, what went wrong, and what is overdue."""

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.backup_job import back_up_when_due
from db.backup_plan import plan_of, set_plan
from db.engine import Database, reading, serve, writing
from db.jobs import LOOK, run_once
from db.models.system import BackupPlanRow
from recovery.backups import LATE_AFTER, BackupPlan
from recovery.errors import DatabaseUnavailable
from tests.factories import NOW
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals
from tests.small_clinic import SmallClinic
from ui.backup_form import FOLDER_KEY, HOUR_KEY, KEEP_KEY, SAVED
from ui.backup_state import A_DEMO, NO_PLAN, NO_PLAN_HERE, OTHER_ENGINE, SET_ELSEWHERE

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def _system(visit: Visit, clinic: SmallClinic) -> AppTest:
    return visit(clinic.administrator, "admin/system.py")


def _fill(app: AppTest, folder: Path | str, *, keep: int = 5) -> None:
    app.selectbox(key=HOUR_KEY).set_value(3)
    app.text_input(key=FOLDER_KEY).set_value(str(folder))
    app.number_input(key=KEEP_KEY).set_value(keep)


def _plan(folder: Path) -> BackupPlan:
    return BackupPlan(hour=2, time_zone="America/New_York", folder=str(folder), keep=5)


def _set(database: Database, folder: Path, *, ago: timedelta = timedelta(0)) -> None:
    with writing(database) as session:
        set_plan(session, _plan(folder))
    with writing(database) as session:
        session.get_one(BackupPlanRow, 1).changed_at = NOW - ago


@on_one_engine
def test_nothing_is_planned_at_first(visit: Visit, clinic: SmallClinic) -> None:
    """That is a warning, and the form stands below."""
    app = _system(visit, clinic)

    assert [each.value for each in app.warning] == [NO_PLAN]
    assert "**Last backup**: none yet" in prose(app)
    assert "**Last look at the clock**: not yet" in prose(app)
    assert "Save" in labels(app)


@on_one_engine
@pytest.mark.parametrize(
    "wrong",
    [
        ("", 5, "Enter the folder for the backups."),
        ("copies", 5, "Write the folder from the root of the disk"),
        ("/proc/copies", 5, "The server cannot write to this folder."),
        ("/tmp/copies", 5, "What is in this folder is deleted from time to time."),
        ("/tmp", 0, "Keep from 1 to 365 backups."),
        ("/tmp", 366, "Keep from 1 to 365 backups."),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(
    visit: Visit, clinic: SmallClinic, database: Database, wrong: tuple[str, int, str]
) -> None:
    """The folder is tried when it is saved, not at night."""
    folder, keep, words = wrong
    app = _system(visit, clinic)
    _fill(app, folder, keep=keep)

    press(app, "Save")

    [refused] = refusals(app)
    assert refused.startswith(words)
    assert app.text_input(key=FOLDER_KEY).value == folder
    with reading(database) as session:
        assert plan_of(session) is None


@on_one_engine
@pytest.mark.usefixtures("lasting_folders")
def test_a_plan_is_saved_and_kept_to(
    visit: Visit, clinic: SmallClinic, database: Database, tmp_path: Path
) -> None:
    """In the clinic's time zone; the page says which file the server made."""
    (tmp_path / "link").symlink_to(tmp_path / "copies")
    app = _system(visit, clinic)
    _fill(app, tmp_path / "link")
    press(app, "Save")
    assert SAVED in prose(app)
    assert not app.warning

    assert back_up_when_due(database, NOW)

    shown = _system(visit, clinic)
    assert not shown.warning
    assert "**Last backup**: 22 Nov 2026, 10:00 AM, mendline\\-" in prose(shown)
    assert "**Last backup that failed**: none" in prose(shown)
    assert shown.selectbox(key=HOUR_KEY).value == 3
    with reading(database) as session:
        stored = plan_of(session)
    assert stored is not None
    assert (stored.plan.time_zone, stored.plan.keep) == ("America/New_York", 5)
    assert stored.plan.folder == str(tmp_path / "copies")


@on_one_engine
def test_a_failure_is_told_in_plain_words(
    visit: Visit, clinic: SmallClinic, database: Database, tmp_path: Path
) -> None:
    """A disk that was taken out."""
    _set(database, tmp_path / "gone")
    with pytest.raises(DatabaseUnavailable):
        back_up_when_due(database, NOW)

    app = _system(visit, clinic)

    [warned] = [each.value for each in app.warning]
    assert "The folder cannot be written." in warned
    assert "**Last backup that failed**: 22 Nov 2026, 10:00 AM. The folder" in prose(app)


@on_one_engine
@pytest.mark.parametrize(
    "late", [(LATE_AFTER - timedelta(minutes=1), 0), (LATE_AFTER, 1)], ids=["not yet", "late"]
)
def test_a_success_that_is_overdue_is_warned_of(
    visit: Visit,
    clinic: SmallClinic,
    database: Database,
    tmp_path: Path,
    late: tuple[timedelta, int],
) -> None:
    """After 26 hours; the clock runs on a little while the page is made."""
    ago, count = late
    _set(database, tmp_path, ago=ago)

    warned = [each.value for each in _system(visit, clinic).warning]

    assert len(warned) == count
    assert all("for more than a day" in each for each in warned)


@on_one_engine
def test_of_several_clinics_none_is_asked(
    visit: Visit, clinic: SmallClinic, other_clinic: SmallClinic, tmp_path: Path, database: Database
) -> None:
    """They see whether it works, not where the copies are."""
    app = _system(visit, clinic)
    assert [each.value for each in app.warning] == [NO_PLAN_HERE]
    assert SET_ELSEWHERE in prose(app)
    assert "Save" not in labels(app)

    _set(database, tmp_path / "copies")

    assert str(tmp_path) not in prose(_system(visit, clinic))


@on_postgresql
def test_postgresql_has_its_own_backups(visit: Visit, clinic: SmallClinic) -> None:
    """There is nothing to set, and no warning."""
    app = _system(visit, clinic)

    assert OTHER_ENGINE in prose(app)
    assert not app.warning
    assert "Last backup" not in prose(app)
    assert "Save" not in labels(app)


@on_one_engine
def test_a_demo_is_not_backed_up(visit: Visit, clinic: SmallClinic, database: Database) -> None:
    """And nobody is warned of it."""
    app = _system(visit, clinic)
    serve(Database(database.engine, is_demo=True))

    app.run()

    assert A_DEMO in prose(app)
    assert not app.warning


@on_one_engine
def test_the_look_at_the_clock_is_told(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """When it was, what it did, and whether it went wrong since."""
    minute = timedelta(minutes=1)
    run_once(database, LOOK, lambda: "3 judged", every=minute, now=NOW)
    assert "**Last look at the clock**: 22 Nov 2026, 10:00 AM, 3 judged" in prose(
        _system(visit, clinic)
    )

    def fail() -> str:
        raise DatabaseUnavailable("busy")

    with pytest.raises(DatabaseUnavailable):
        run_once(database, LOOK, fail, every=minute, now=NOW + minute)
    assert "the last look did not succeed" in prose(_system(visit, clinic))
