"""Today after Save: the thanks stand until the answers change or the person goes elsewhere."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database, act, writing
from db.reports import save_report
from recovery.errors import OutcomeUnknown
from tests.factories import NOW, TODAY, saving
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, prose, refusals
from tests.pages.report import (
    TODAY_PAGE,
    answer_pain,
    draft,
    is_thanked,
    save,
    stored,
    write_note,
)
from tests.small_clinic import SmallClinic

pytestmark = on_one_engine
UNSAVED, LOGGED = "Today: your change is not saved yet.", "Today: logged at"


@pytest.fixture
def saved(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page of the clinic's patient, just saved."""
    app = visit(clinic.patient, TODAY_PAGE)
    answer_pain(app, worst=4, average=2)
    save(app)
    assert is_thanked(app)
    return app


def test_thanks_stand_when_the_page_is_drawn_anew(saved: AppTest) -> None:
    """As when something else is pressed, or a line that broke comes back; nothing is saved twice."""
    said = prose(saved)

    saved.run()
    assert is_thanked(saved)
    assert prose(saved) == said

    press(saved, "A fall")
    assert is_thanked(saved)


def test_changed_answers_end_the_thanks(
    saved: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """They are not what was saved; saved as well they are thanked for again."""
    write_note(saved, "Slept badly.")
    saved.run()
    assert not is_thanked(saved)
    assert UNSAVED in prose(saved)

    save(saved)

    assert is_thanked(saved)
    found = stored(database, clinic.own)
    assert found is not None
    assert found.version == 2


def test_another_day_ends_the_thanks(saved: AppTest) -> None:
    """Who comes back to the day reads when it was logged."""
    for day in ("Yesterday", "Today"):
        press(saved, day)
        assert not is_thanked(saved)

    assert LOGGED in prose(saved)


def test_what_was_saved_elsewhere_is_not_thanked_for(
    saved: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """A carer corrected the day in the meantime: the page tells of that entry."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(worst_pain_nrs=9, expected_version=1))

    saved.run()

    assert not is_thanked(saved)


def test_a_page_that_is_opened_thanks_nobody(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Somebody who logged before reads when."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(day=TODAY))
        save_report(session, clinic.own, saving(day=TODAY - timedelta(days=1)))

    app = visit(clinic.patient, TODAY_PAGE)

    assert not is_thanked(app)
    assert LOGGED in prose(app)


def test_thanks_end_with_the_day(saved: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """After midnight they would read as if said of the new day."""
    for module in ("ui.save_button", "ui.own_record"):
        monkeypatch.setattr(f"{module}.now", lambda: NOW + timedelta(days=1))

    saved.run()

    assert not is_thanked(saved)
    assert "Yesterday: logged at" in prose(saved)


def test_answers_changed_after_a_press_whose_end_nobody_knew_are_not_thanked_for_unsaved(
    visit: Visit, database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first press was stored after all: the next one shows both, and the one after saves."""
    app = visit(clinic.patient, TODAY_PAGE)
    answer_pain(app, worst=7, average=2)
    app.run()
    with monkeypatch.context() as once:
        once.setattr("ui.saving.act", _stores_and_never_says(once))
        save(app)
    assert [refusals(app), is_thanked(app)] == [["canary"], False]

    answer_pain(app, worst=3)
    save(app)

    assert not is_thanked(app)
    assert app.warning[0].value.startswith("This day was saved from another place")
    kept = draft(database, clinic.own)
    assert kept is not None
    assert kept.worst_pain_nrs == 3

    save(app)

    assert is_thanked(app)
    found = stored(database, clinic.own)
    assert found is not None
    assert found.report.worst_pain_nrs == 3


def _stores_and_never_says(patch: pytest.MonkeyPatch) -> Callable[..., object]:
    def do(work: Any, **options: Any) -> object:
        act(work, **options)
        patch.setattr("ui.saving.act", act)
        raise OutcomeUnknown("canary")

    return do


def test_a_refusal_stands_until_the_answers_change(visit: Visit, clinic: SmallClinic) -> None:
    """Whatever else is pressed, the person reads why nothing was saved."""
    app = visit(clinic.patient, TODAY_PAGE)
    answer_pain(app, worst=2, average=4)
    save(app)
    [refusal] = refusals(app)

    press(app, "A fall")
    assert refusals(app) == [refusal]

    answer_pain(app, worst=5)
    app.run()
    assert refusals(app) == []


def test_a_note_that_is_stored_in_another_form_counts_as_saved(saved: AppTest) -> None:
    """As some keyboards type letters and accents apart."""
    write_note(saved, unicodedata.normalize("NFD", "  Café au lait, señor  "))
    save(saved)
    assert is_thanked(saved)

    press(saved, "Yesterday")
    press(saved, "Today")

    assert LOGGED in prose(saved)
