"""The same press again, two tabs and twenty people at once: one report, and nothing overwritten unseen."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from db.engine import Database, reading, writing
from db.reports import Saving, find_report, list_past_answers, list_reports, save_report
from recovery.errors import StaleEntry
from tests.db.acts import acts, all_at_once
from tests.factories import NOW, RULES, TODAY, saving
from tests.small_clinic import SmallClinic

LATER = NOW + timedelta(hours=3)


def test_the_same_press_is_stored_once(session: Session, clinic: SmallClinic) -> None:
    """A double click is answered twice with the same."""
    press = saving()

    assert save_report(session, clinic.own, press) == save_report(session, clinic.own, press)
    assert acts(session) == {"report.saved": 1}


def test_the_same_press_of_a_correction_is_stored_once(
    session: Session, clinic: SmallClinic
) -> None:
    """As the first one: a double click is answered twice with the same."""
    save_report(session, clinic.own, saving(worst_pain_nrs=7))
    press = saving(worst_pain_nrs=4, expected_version=1)

    twice = [save_report(session, clinic.own, press) for _ in range(2)]

    assert twice[0] == twice[1]
    assert twice[0].version == 2


def test_other_answers_under_the_key_of_a_press_are_another_press(
    session: Session, clinic: SmallClinic
) -> None:
    """
    As after a press whose end nobody knew: they are never answered with what stands instead.

    Refused they can be saved over what is stored, which is then known.
    """
    first = saving(worst_pain_nrs=7)
    save_report(session, clinic.own, first)
    changed = replace(first, report=replace(first.report, worst_pain_nrs=3))

    with pytest.raises(StaleEntry):
        save_report(session, clinic.own, changed)

    stored = save_report(session, clinic.own, replace(changed, expected_version=1))
    assert stored.report.worst_pain_nrs == 3


def test_a_press_that_comes_again_after_a_correction_undoes_nothing(
    session: Session, clinic: SmallClinic
) -> None:
    """Whoever pressed late is told of the correction, which stays, and not thanked for it."""
    press = saving()
    save_report(session, clinic.own, press)
    corrected = save_report(session, clinic.own, saving(worst_pain_nrs=9, expected_version=1))

    with pytest.raises(StaleEntry):
        save_report(session, clinic.own, press)

    assert find_report(session, clinic.own, press.report.day) == corrected
    assert len(list_past_answers(session, clinic.own)) == 1


def test_two_tabs_on_one_day_do_not_overwrite_each_other_unseen(
    session: Session, clinic: SmallClinic
) -> None:
    """The second tab is refused; saved again over what it now knows, both are on record."""
    save_report(session, clinic.own, saving(worst_pain_nrs=3))
    second = saving(worst_pain_nrs=8)
    with pytest.raises(StaleEntry, match="Compare both"):
        save_report(session, clinic.own, second)

    replacing = Saving(
        report=second.report,
        expected_version=1,
        idempotency_key=uuid4(),
        today=TODAY,
        now=LATER,
        rules=RULES,
    )
    assert save_report(session, clinic.own, replacing).report.worst_pain_nrs == 8
    [past] = list_past_answers(session, clinic.own)
    assert past.report.worst_pain_nrs == 3


def test_twenty_equal_presses_at_once_store_one_report(
    database: Database, clinic: SmallClinic
) -> None:
    """Whichever comes first is stored, and all are answered with it."""
    press = saving()

    def save(_which: int) -> object:
        with writing(database) as session:
            return save_report(session, clinic.own, press)

    answers = all_at_once(save)

    with reading(database) as session:
        [stored] = list_reports(session, clinic.own)
        assert answers == [stored] * 20
        assert (stored.version, list_past_answers(session, clinic.own)) == (1, [])
        assert acts(session) == {"report.saved": 1}


def test_twenty_different_presses_at_once_store_one_report(
    database: Database, clinic: SmallClinic
) -> None:
    """One wins, and the others are told, so that nothing is overwritten unseen."""

    def save(which: int) -> object:
        with writing(database) as session:
            return save_report(session, clinic.own, saving(worst_pain_nrs=4 + which % 6))

    answers = all_at_once(save)

    assert sum(isinstance(answer, StaleEntry) for answer in answers) == 19
    with reading(database) as session:
        [stored] = list_reports(session, clinic.own)
        assert stored in answers
        assert stored.version == 1


def test_twenty_corrections_at_once_keep_one(database: Database, clinic: SmallClinic) -> None:
    """One correction of the version they all saw is kept, and one past answer."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(worst_pain_nrs=3))

    def correct(which: int) -> object:
        press = saving(worst_pain_nrs=4 + which % 6, expected_version=1)
        with writing(database) as session:
            return save_report(session, clinic.own, press)

    answers = all_at_once(correct)

    assert sum(isinstance(answer, StaleEntry) for answer in answers) == 19
    with reading(database) as session:
        assert [each.version for each in list_reports(session, clinic.own)] == [2]
        assert [each.version for each in list_past_answers(session, clinic.own)] == [1]
