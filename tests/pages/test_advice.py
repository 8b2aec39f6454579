"""Advice: what the clinic decides where leaflets differ, beside what they say."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from content import shelf
from content.shelf import Served, procedures
from db.accounts import set_active
from db.clinic_values import CHANGED_MEANWHILE, change_clinic_values, clinic_values
from db.engine import Database, reading, writing
from recovery.access import grant_admin
from tests.factories import make_admin_actor
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals
from tests.small_clinic import SmallClinic
from tests.unit.content.folder import write
from ui.advice_form import NOT_SAVED, SAVED

PAGE, KYPHOPLASTY = "admin/values.py", "kyphoplasty"
DRIVING, LIFTING = "driving_days", "lifting_limit_lb"
OUTSIDE = "Outside what the leaflets say: check it."
OTHERS_VALUE = "Somebody else changed this meanwhile. Your clinic now: 3."


@pytest.fixture
def page(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page with kyphoplasty chosen, nothing decided."""
    return _choose(visit(clinic.administrator, PAGE), KYPHOPLASTY)


def _choose(app: AppTest, procedure_id: str) -> AppTest:
    app.selectbox[0].set_value(procedure_id).run()
    assert not app.exception
    return app


def _type(app: AppTest, value_id: str, value: float | None) -> AppTest:
    app.number_input(key=f"advice-{KYPHOPLASTY}-{value_id}").set_value(value).run()
    assert not app.exception
    return app


def _typed(app: AppTest, value_id: str) -> float | None:
    return app.number_input(key=f"advice-{KYPHOPLASTY}-{value_id}").value


def _decided(database: Database, clinic: SmallClinic) -> dict[str, float]:
    with reading(database) as session:
        return clinic_values(session, clinic.patient, KYPHOPLASTY)


def _decide(database: Database, clinic: SmallClinic, **values: float | None) -> None:
    """Have another administrator, whose form is fresh, save *values*."""
    before = _decided(database, clinic)
    with writing(database) as session:
        change_clinic_values(
            session,
            grant_admin(clinic.administrator),
            KYPHOPLASTY,
            values,
            drawn_from={name: before.get(name) for name in values},
        )


@on_one_engine
def test_without_a_procedure_nothing_is_asked(visit: Visit, clinic: SmallClinic) -> None:
    """The page says what it is for, and none is chosen beforehand."""
    app = visit(clinic.administrator, PAGE)

    assert "Leaflets differ" in prose(app)
    assert app.selectbox[0].value is None
    assert not app.number_input
    assert "Save" not in labels(app)


@on_one_engine
@pytest.mark.parametrize("procedure_id", list(procedures()))
def test_every_value_stands_beside_its_range_and_sources(
    visit: Visit, clinic: SmallClinic, procedure_id: str
) -> None:
    """Nothing is filled in before the clinic decides; what patients read then is to ask."""
    procedure = procedures()[procedure_id]
    app = _choose(visit(clinic.administrator, PAGE), procedure_id)

    shown = prose(app)
    assert [each.label for each in app.number_input] == [each.name for each in procedure.values]
    assert {each.value for each in app.number_input} <= {None}
    for value in procedure.values:
        assert f"**{value.words.unset}**" in shown
        for source_id in value.source_ids:
            source = shelf.sources()[source_id]
            assert f"]({source.address})" in shown or not source.address
    if not procedure.values:
        assert "Nothing to decide" in shown
        assert "Save" not in labels(app)


@on_one_engine
@pytest.mark.parametrize(
    ("value", "is_outside"),
    [(0.0, True), (1.9, True), (2.0, False), (14.0, False), (14.1, True), (1000.0, True)],
)
def test_outside_the_leaflets_is_said_and_allowed(
    page: AppTest, database: Database, clinic: SmallClinic, value: float, is_outside: bool
) -> None:
    """The ends of the range belong to it."""
    _type(page, DRIVING, value)

    assert [each.value for each in page.warning] == [OUTSIDE] * is_outside
    press(page, "Save")
    assert _decided(database, clinic) == {DRIVING: value}


@on_one_engine
def test_the_sentence_follows_what_is_typed(
    page: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Before it is saved, and it is said that it is not."""
    assert NOT_SAVED not in prose(page)

    _type(page, DRIVING, 3)

    assert "in English: **Do not drive for 3 days.** Leaflets say to wait 2 to 14" in prose(page)
    assert NOT_SAVED in prose(page)
    assert _decided(database, clinic) == {}


@on_one_engine
def test_the_sentence_is_shown_in_every_language(
    visit: Visit, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What a Spanish reader gets stands below the English sentence."""
    monkeypatch.setattr(shelf, "_served", [Served(write(tmp_path))])
    app = _choose(visit(clinic.administrator, PAGE), "block")
    app.number_input[0].set_value(2).run()

    shown = prose(app)
    assert "in English: **Do not drive for 2 days.** Leaflets say 1 to 2 days." in shown
    assert "in Español: **No maneje por 2 días.** Los folletos dicen de 1 a 2 días." in shown


def test_all_values_are_saved_at_once(
    page: AppTest, visit: Visit, database: Database, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Another visit shows them, an emptied field takes one back, and patients read them."""
    _type(page, DRIVING, 3)
    _type(page, LIFTING, 8)
    press(page, "Save")
    assert SAVED in prose(page)
    assert NOT_SAVED not in prose(page)
    assert _decided(database, clinic) == {DRIVING: 3, LIFTING: 8}
    assert _decided(database, other_clinic) == {}

    again = _choose(visit(clinic.administrator, PAGE), KYPHOPLASTY)
    assert _typed(again, DRIVING) == 3
    assert "Your clinic now: 3." in prose(again)
    _type(again, DRIVING, None)
    press(again, "Save")

    assert _decided(database, clinic) == {LIFTING: 8}


@on_one_engine
def test_what_was_typed_waits_while_another_procedure_is_shown(
    page: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """It is named above, stands there again, and is not saved with the other's values."""
    _type(page, DRIVING, 3)
    _choose(page, "vertebroplasty")
    assert "Not saved yet: Vertebral augmentation: Kyphoplasty." in prose(page)
    press(page, "Save")
    assert _decided(database, clinic) == {}

    _choose(page, KYPHOPLASTY)

    assert _typed(page, DRIVING) == 3
    assert "Not saved yet: Vertebral" not in prose(page)
    press(page, "Save")
    assert _decided(database, clinic) == {DRIVING: 3}


def test_of_two_administrators_the_second_sees_both(
    page: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """The press is refused, both values are shown, and the next press decides."""
    _type(page, DRIVING, 5)
    _decide(database, clinic, driving_days=3, lifting_limit_lb=8)

    press(page, "Save")

    assert refusals(page) == [CHANGED_MEANWHILE]
    said = [each.value for each in page.warning]
    assert said == [
        OTHERS_VALUE + " You entered: 5. Save to use yours.",
        "Somebody else changed this meanwhile. Your clinic now: 8.",
    ]
    assert (_typed(page, DRIVING), _typed(page, LIFTING)) == (5, 8)
    assert _decided(database, clinic) == {DRIVING: 3, LIFTING: 8}

    press(page, "Save")

    assert refusals(page) == []
    assert not page.warning
    assert _decided(database, clinic) == {DRIVING: 5, LIFTING: 8}


@on_one_engine
def test_a_form_in_which_nothing_is_typed_follows(
    page: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """What somebody else saved shows with the next run, and nothing is refused."""
    _decide(database, clinic, driving_days=3)

    page.run()

    assert _typed(page, DRIVING) == 3
    assert not page.warning
    press(page, "Save")
    assert refusals(page) == []
    assert _decided(database, clinic) == {DRIVING: 3}


@on_one_engine
def test_an_account_that_was_closed_meanwhile_saves_nothing(
    page: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Whoever pressed is asked for again in the transaction of the press."""
    _type(page, DRIVING, 3)
    with writing(database) as session:
        second = make_admin_actor(session, clinic.clinic_id, "second")
        set_active(session, grant_admin(second), clinic.administrator.account_id, is_active=False)
    [button] = [each for each in page.button if each.label == "Save"]
    button.click().run()

    assert len(page.main.children) == 1
    assert _decided(database, clinic) == {}
