"""Drafts: answers that are not saved survive, whatever they are."""

from datetime import timedelta

from sqlmodel import Session

from db.drafts import MAX_DRAFT_NOTE_LENGTH, drop_draft, find_draft, keep_draft
from db.engine import Database, reading, writing
from recovery.reports import PartialReport
from tests.db.acts import acts, all_at_once
from tests.factories import NOW, TODAY
from tests.small_clinic import SmallClinic

ANSWERS = PartialReport(worst_pain_nrs=0, warning_signs=frozenset(), note="Half a sen")


def test_there_is_no_draft_until_one_is_kept(session: Session, clinic: SmallClinic) -> None:
    """Dropping what is not there is no mistake."""
    drop_draft(session, clinic.own, TODAY)

    assert find_draft(session, clinic.own, TODAY) is None


def test_what_could_not_be_saved_is_kept_all_the_same(
    session: Session, clinic: SmallClinic
) -> None:
    """Notes with controls, halves of characters or too many of them are why drafts are there."""
    for note in ("nul\x00 and bell\x07", "half \ud83d", "x" * 100_000, "=1+1 \U0001f9b4 <b>"):
        keep_draft(session, clinic.own, TODAY, PartialReport(note=note), NOW)
        session.flush()

        found = find_draft(session, clinic.own, TODAY)
        assert found is not None
        assert found.note == note[:MAX_DRAFT_NOTE_LENGTH]


def test_the_latest_answers_replace_the_earlier_ones(session: Session, clinic: SmallClinic) -> None:
    """An answer that was taken back does not come back."""
    keep_draft(session, clinic.own, TODAY, PartialReport(medicine_times=3, note="a"), NOW)
    assert find_draft(session, clinic.own, TODAY) == PartialReport(medicine_times=3, note="a")

    keep_draft(session, clinic.own, TODAY, ANSWERS, NOW)

    assert find_draft(session, clinic.own, TODAY) == ANSWERS
    drop_draft(session, clinic.own, TODAY)
    session.flush()
    assert find_draft(session, clinic.own, TODAY) is None


def test_a_draft_belongs_to_its_author_and_day(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """A clinician does not read what a patient did not save."""
    keep_draft(session, clinic.own, TODAY, ANSWERS, NOW)

    assert find_draft(session, clinic.treating, TODAY) is None
    assert find_draft(session, other_clinic.own, TODAY) is None
    assert find_draft(session, clinic.own, TODAY - timedelta(days=1)) is None
    assert not acts(session)


def test_twenty_tabs_at_once_keep_one_draft(database: Database, clinic: SmallClinic) -> None:
    """None of them is refused."""

    def keep(which: int) -> None:
        with writing(database) as session:
            keep_draft(session, clinic.own, TODAY, PartialReport(medicine_times=which), NOW)

    assert all_at_once(keep) == [None] * 20
    with reading(database) as session:
        assert find_draft(session, clinic.own, TODAY) is not None
