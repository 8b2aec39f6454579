"""Judgement: the clinic's thresholds, weighed against its own last days before they are saved."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from content.judgement_figures import judgement_figures
from db.engine import Database, reading, writing
from db.judgement_settings import (
    CHANGED_MEANWHILE,
    judgement_settings,
    list_settings_versions,
    save_judgement_settings,
)
from db.models import AccountRow, AuditRow, ClinicRow, EpisodeStatusRow
from db.reports import save_report
from recovery.access import grant_admin
from recovery.judgement.budget import Watched, watch
from recovery.judgement.log import Log
from recovery.judgement.rules import ProcedureRules
from recovery.judgement.settings import JudgementSettings
from tests.factories import NOW, PROCEDURE_DATE, TODAY, saving
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals, sent
from tests.small_clinic import SmallClinic
from tests.unit.judgement_figures import some_figures
from ui.judgement_figures import MISSING
from ui.judgement_form import NOT_SAVED
from ui.judgement_questions import QUESTIONS

PAGE = "admin/judgement.py"
SHIPPED = JudgementSettings()


@pytest.fixture
def page(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the open page of the clinic's administrator."""
    return visit(clinic.administrator, PAGE)


def _set(app: AppTest, name: str, value: Any) -> AppTest:
    app.number_input(key=f"judgement-{name}").set_value(value).run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def _in_force(database: Database, clinic: SmallClinic) -> JudgementSettings:
    with reading(database) as session:
        return judgement_settings(session, clinic.administrator)


def _save(database: Database, clinic: SmallClinic, **changes: Any) -> None:
    with writing(database) as session:
        before = judgement_settings(session, clinic.administrator)
        access = grant_admin(clinic.administrator)
        save_judgement_settings(session, access, replace(before, **changes), NOW)


def _rates(app: AppTest) -> dict[str, tuple[str, str]]:
    table = next(each.value for each in app.table if "In force" in each.value)
    return {row.iloc[0]: (row.iloc[1], row.iloc[2]) for _, row in table.iterrows()}


@on_one_engine
def test_the_page_says_what_is_in_force(page: AppTest, clinic: SmallClinic) -> None:
    """What Mendline ships, each threshold with what it does and its range, no version yet."""
    shown = prose(page)

    assert "In force: the settings that Mendline ships." in shown
    assert "Your clinic saved no settings yet." in shown
    for question in QUESTIONS:
        assert question.does in shown
        assert question.range_words in shown
    assert NOT_SAVED not in shown
    assert "Rowan Elm" not in sent(page)
    assert str(clinic.treating.patient_id) not in sent(page)


@on_one_engine
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("higher_days", 2, "Enter a whole number from 3 to 7 days."),
        ("higher_days", 8, "Enter a whole number from 3 to 7 days."),
        ("change_limit", 2.5, "Enter a number from 3 to 12."),
        ("worse_points", 5.5, "Enter a number from 1 to 5 points."),
        ("silence_until_day", 366, "Enter a whole number from 7 to 365."),
        ("brace_share", 95, "Enter a whole number from 10 to 90 %."),
        ("medicine_times", 0.5, "Enter a number from 1 to 6 times."),
        ("medicine_times", None, "Enter a number from 1 to 6 times."),
    ],
)
def test_what_no_rule_can_use_is_refused(  # noqa: PLR0913, PLR0917 - one row of the table
    page: AppTest, database: Database, clinic: SmallClinic, name: str, value: Any, words: str
) -> None:
    """At once and when saved; what was typed stays, nothing is stored or counted."""
    _set(page, name, value)
    assert refusals(page)[0].endswith(f"? {words}")
    assert "With these values:" not in prose(page)

    press(page, "Save")

    assert all(each.endswith(f"? {words}") for each in refusals(page))
    assert page.number_input(key=f"judgement-{name}").value == value
    assert _in_force(database, clinic) == SHIPPED


@on_one_engine
def test_moving_a_value_shows_what_it_would_have_made(
    visit: Visit, page: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Ten silent days make an alert by the rules in force, none once silence ends before."""
    assert _rates(page)["No reports"] == ("63.6", "63.6")
    assert "Counted from the last 90 days of 1 patient, all that your clinic followed." in prose(
        page
    )

    _set(page, "silence_until_day", 7)
    # The sixth day, on which the silence is long enough, comes before the last one that counts.
    assert _rates(page)["No reports"] == ("63.6", "63.6")
    with writing(database) as session:
        day = PROCEDURE_DATE + timedelta(days=4)
        save_report(session, clinic.own, saving(day=day, today=day))
    later = visit(clinic.administrator, PAGE)
    _set(later, "silence_until_day", 7)

    assert _rates(later)["No reports"] == ("63.6", "0.0")
    assert "With these values: 0.0 alerts for 100 patients in a week." in prose(later)


def test_saving_makes_a_version(page: AppTest, database: Database, clinic: SmallClinic) -> None:
    """It says so, is in force, and stands in the list with what it changed."""
    _set(page, "higher_days", 4)
    assert NOT_SAVED in prose(page)
    page.radio(key="judgement-higher_chance").set_value(0.975).run()

    press(page, "Save")

    shown = prose(page)
    assert "Saved as version 1. Alerts are made by it from now on." in shown
    assert "In force: version 1, saved by Administrator on 22 Nov 2026" in shown
    assert NOT_SAVED not in shown
    stored = _in_force(database, clinic)
    assert stored == replace(SHIPPED, version=1, higher_days=4, higher_chance=0.975)
    [versions] = [each.value for each in page.table if "Changed" in each.value]
    assert versions["Version"].tolist() == ["1"]
    assert "how many logged days in a row? 3 days → 4 days" in versions["Changed"][0]
    assert "90th → 97.5th" in versions["Changed"][0]


@on_one_engine
def test_saving_what_is_in_force_makes_no_version(
    page: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Nothing changed, and the page says so."""
    press(page, "Save")

    assert "Nothing has changed, so there is nothing to save." in prose(page)
    with reading(database) as session:
        assert list_settings_versions(session, clinic.administrator) == []


@on_one_engine
def test_another_administrator_who_saved_first_is_shown(
    page: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """The press is refused, both stand beside each other, and the next press keeps the own."""
    _set(page, "higher_days", 4)
    _save(database, clinic, worse_points=3.0)

    press(page, "Save")

    assert refusals(page) == [CHANGED_MEANWHILE]
    assert "Somebody else saved version 1 meanwhile." in prose(page)
    assert page.number_input(key="judgement-higher_days").value == 4
    assert "In force: 3 points. Mendline ships 2 points." in prose(page)
    press(page, "Save")
    assert refusals(page) == []
    assert _in_force(database, clinic).higher_days == 4
    assert "meanwhile" not in prose(page)


@on_one_engine
def test_untouched_fields_follow_what_somebody_else_saved(
    page: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Nobody typed anything, so there is nothing to keep."""
    _save(database, clinic, worse_points=3.0)

    page.run()

    assert page.number_input(key="judgement-worse_points").value == 3.0
    assert "meanwhile" not in prose(page)


@on_one_engine
def test_back_to_what_mendline_ships(
    page: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Fills the fields and saves nothing; saved, it is one more version."""
    _save(database, clinic, higher_days=7, brace_share=0.3)
    page.run()
    assert page.number_input(key="judgement-brace_share").value == 30

    press(page, "Back to what Mendline ships")

    assert page.number_input(key="judgement-brace_share").value == 50
    assert NOT_SAVED in prose(page)
    assert _in_force(database, clinic).higher_days == 7
    press(page, "Save")
    assert _in_force(database, clinic) == replace(SHIPPED, version=2)


@on_one_engine
def test_an_account_that_was_closed_saves_nothing(
    page: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """It is asked anew in the transaction of the press."""
    _set(page, "higher_days", 4)
    with writing(database) as session:
        session.get_one(AccountRow, clinic.administrator.account_id).is_active = False

    press(page, "Save")

    assert _in_force(database, clinic) == SHIPPED


@on_one_engine
def test_nobody_who_saves_waits_for_the_measuring(
    visit: Visit, database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it goes on, another transaction may write: none is held open for it."""
    measured: list[date] = []

    def measure(log: Log, rules: ProcedureRules, today: date) -> Watched | None:
        with writing(database) as session:
            session.get_one(ClinicRow, clinic.clinic_id).name = "Saved meanwhile"
        measured.append(today)
        return watch(log, rules, today)

    monkeypatch.setattr("db.replay_logs.watch", measure)
    visit(clinic.administrator, PAGE)

    assert measured == [TODAY]
    with reading(database) as session:
        assert session.get_one(ClinicRow, clinic.clinic_id).name == "Saved meanwhile"


@on_one_engine
def test_the_clinics_days_are_read_once(page: AppTest, database: Database) -> None:
    """Moving values asks nothing more of the records, and leaves no further entry."""
    for days in (4, 5, 6):
        _set(page, "higher_days", days)

    with reading(database) as session:
        noted = session.exec(select(AuditRow).where(AuditRow.action == "judgement.replayed")).all()
    assert [each.patient_id for each in noted] == [None]


@on_one_engine
def test_a_clinic_without_patients_has_nothing_to_count(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """It says so in place of a table of zeros."""
    with writing(database) as session:
        for row in session.exec(select(EpisodeStatusRow)):
            row.procedure_date = row.procedure_date.replace(year=2030)
            session.add(row)

    shown = prose(visit(clinic.administrator, PAGE))

    assert "Nobody was followed in the last 90 days" in shown


@on_one_engine
def test_the_simulators_figures_stand_beside_the_settings(
    visit: Visit, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is missed is said, other values are folded out, and assumptions are in words."""
    file = tmp_path / "judgement.json"
    file.write_text(json.dumps(some_figures()), encoding="utf-8")
    monkeypatch.setattr(judgement_figures, "__defaults__", (file,))

    app = visit(clinic.administrator, PAGE)

    shown = prose(app)
    assert "tried on 900 made-up people on 2026-11-27" in shown
    assert "1 aim not met: at least 95 % found (92 % (90-94))." in shown
    assert "true level and noise finds 95 % (93 to 97)" in shown
    assert "Everybody here is made up." in shown
    sent_tables = "\n".join(table.value.to_string() for table in app.table)
    assert "All rules together" in sent_tables
    assert "92 % (90 to 94) within 7 days" in sent_tables
    assert "97.5th, 4 days, ships" in sent_tables
    assert "5 silent days, ships" in sent_tables
    assert "30 %" in sent_tables
    assert "none found" in sent_tables


@on_one_engine
def test_without_the_simulators_figures_the_page_says_so(
    visit: Visit, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The settings are there all the same."""
    monkeypatch.setattr(judgement_figures, "__defaults__", (tmp_path / "none.json",))

    app = visit(clinic.administrator, PAGE)

    assert MISSING in prose(app)
    assert "Save" in labels(app)
