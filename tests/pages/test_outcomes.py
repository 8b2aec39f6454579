"""Outcomes: only for staff, only of enough people, and every figure in words beside its chart."""

from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from recovery.access import Actor
from recovery.outcomes import Outcome
from tests.factories import TODAY
from tests.pages.charts import alt_texts, data_of, domains, fields, specs
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import app_of, prose, refusals, sent, sign_in
from tests.recoveries import many_recoveries
from tests.small_clinic import SmallClinic, make_small_clinic

PAGE = "clinician/outcomes.py"
LONG_AGO = TODAY - timedelta(days=60)
TOO_FEW = "Fewer than 20 patients match"

pytestmark = on_one_engine


def _fill(database: Database, clinician: Actor, number: int = 20) -> None:
    """Keep recoveries of which a quarter was active on day 3, and three quarters on day 9."""
    for share, active_pod, responses in ((4, 3, "14s 30s"), (4, 9, "14i"), (2, 9, "14n 30n")):
        kept = Outcome(
            series="8877665544443333",
            responses=responses,
            active_pod=active_pod,
            is_active_again=True,
            logged_days=24,
            brace_percent=75,
        )
        many = number * share // 10
        many_recoveries(database, clinician, many, kept, procedure_date=LONG_AGO)


def _choose(app: AppTest, key: str, value: object) -> AppTest:
    app.selectbox(key=f"outcomes-{key}").set_value(value).run()
    assert not app.exception, [each.value for each in app.exception]
    return app


@pytest.mark.parametrize("person", ["patient", "carer", "administrator"])
def test_nobody_else_sees_outcomes(database: Database, clinic: SmallClinic, person: str) -> None:
    """Run as the script by itself, the page refuses before it reads anything."""
    app = app_of(sign_in(database, getattr(clinic, person)), PAGE).run()

    assert not app.title
    assert not app.get("vega_lite_chart")


def test_a_clinic_without_counts_says_so(visit: Visit, clinic: SmallClinic) -> None:
    """There is a sentence, and nothing to choose from."""
    app = visit(clinic.clinician, PAGE)

    assert app.info[0].value.startswith("No recovery is counted yet.")
    assert not app.selectbox


def test_nineteen_patients_are_not_shown(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Neither a chart nor the number of people, and what to do instead."""
    many_recoveries(database, clinic.clinician, 19)

    app = visit(clinic.assistant, PAGE)

    assert TOO_FEW in app.info[0].value
    assert not app.get("vega_lite_chart")
    assert "19" not in prose(app)


def test_recoveries_of_another_clinic_do_not_help(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Ten here and twenty there are too few here."""
    other = make_small_clinic(database, prefix="other-")
    many_recoveries(database, clinic.clinician, 10)
    many_recoveries(database, other.clinician, 20)

    assert TOO_FEW in visit(clinic.clinician, PAGE).info[0].value


def test_twenty_patients_are_shown_in_charts_and_words(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """The curve, responders, time to active again and adherence, each with what it says."""
    _fill(database, clinic.clinician)

    app = visit(clinic.clinician, PAGE)
    said = prose(app)

    assert "On day 14, the median of average pain was 3 of 10" in said
    assert "20 patients logged that day." in said
    assert "16 of 20" not in said
    assert "Day 14, important (2 points or 30 % less): too few to tell." in said
    assert "Day 14, substantial (50 % less): 8 of 20 judged (40 %, interval 22 to 61)." in said
    assert "Day 30, substantial (50 % less): too few to tell." in said
    assert "Of 20 patients, half were active again by day 9" in said
    assert "logged 80 % of the first 30 days" in said
    assert "wore the brace for 75 % of the planned hours" in said
    charts = specs(app)
    assert len(charts) == len(alt_texts(app)) == 5
    assert all(len(words) > 20 for words in alt_texts(app))
    assert domains(charts[0], "y") == [[0, 10]]
    assert domains(charts[0], "x") == domains(charts[1], "x")
    assert {"p50", "p25", "p75", "mean"} <= fields(charts[0])
    assert "Rowan Elm" not in sent(app)


def test_a_small_rest_hides_the_count_in_the_chart_too(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """What the sentence does not tell is in no data that travels."""
    _fill(database, clinic.clinician)

    app = visit(clinic.clinician, PAGE)

    travelled = data_of(app, 2)
    assert "Day 14, substantial" in travelled
    for hidden in ("Day 14, important", "Day 30"):
        assert hidden not in travelled


def test_tables_hold_what_is_drawn(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """Opened, the tables say the same figures and what is not told."""
    _fill(database, clinic.clinician)
    app = visit(clinic.clinician, PAGE)

    for fold in ("pain", "responders", "active", "adherence"):
        app.session_state[f"table-{fold}"] = True
    app.run()

    curve, responders, active, adherence = (table.value for table in app.table)
    assert list(curve["Median"])[:3] == ["8", "8", "7"]
    assert list(responders["Responders"])[:2] == ["not told: under 5 on one side", "8"]
    assert list(active["Day"]) == ["0", "3", "9"]
    assert list(active["Still followed"]) == ["20", "20", "12"]
    assert list(adherence["Median"]) == ["80", "75"]


def test_months_narrow_the_recoveries(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Only procedures of the months chosen; a first month after the last is refused in words."""
    _fill(database, clinic.clinician)
    many_recoveries(database, clinic.clinician, 5)
    app = visit(clinic.clinician, PAGE)
    assert "25 patients match" in prose(app)

    _choose(app, "last", LONG_AGO.replace(day=1))
    assert "20 patients match" in prose(app)

    _choose(app, "first", date(2026, 11, 1))
    assert refusals(app) == ["The first month lies after the last. Choose an earlier first month."]

    _choose(app, "last", None)
    assert TOO_FEW in app.info[0].value


def test_a_clinician_and_a_procedure_narrow_the_recoveries(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Patients of one of the staff, by who looks after them; another procedure by itself."""
    _fill(database, clinic.clinician)
    _fill(database, clinic.assistant, 10)
    many_recoveries(database, clinic.clinician, 20, Outcome(series="5"), procedure="rfa_genicular")
    app = visit(clinic.clinician, PAGE)
    assert "30 patients match" in prose(app)

    _choose(app, "clinician", clinic.clinician.account_id)
    assert "20 patients match" in prose(app)
    _choose(app, "clinician", clinic.assistant.account_id)
    assert TOO_FEW in app.info[0].value
    _choose(app, "clinician", None)

    _choose(app, "procedure", "rfa_genicular")
    said = prose(app)
    assert "20 patients match" in said
    assert "Fewer than 20 patients have answered how active they were." in said


def test_each_chart_can_be_taken_away(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """As a table and as two kinds of picture, under names that tell them apart."""
    _fill(database, clinic.clinician)

    app = visit(clinic.clinician, PAGE)
    assert not app.get("download_button")
    for section in ("pain", "responders", "active", "adherence"):
        app.session_state[f"files-{section}"] = True
    app.run()
    assert not app.exception

    offered = [button.proto.label for button in app.get("download_button")]
    for name in ("Pain", "Responders", "Active", "Adherence"):
        assert {f"{name}: CSV", f"{name}: SVG", f"{name}: PNG"} <= set(offered)
    assert {"Patients: SVG", "Patients: PNG"} <= set(offered)
    assert len(offered) == len(set(offered)) == 14
