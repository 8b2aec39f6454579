"""Views that one of the staff keeps, and what is told as new since the last look."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from db.engine import Database, writing
from db.models import SavedViewRow
from db.review_views import delete_view, last_look, list_views, look, save_view
from recovery.access import grant_clinic
from recovery.errors import InvalidEntry
from recovery.judgement.reasons import ReasonKind
from recovery.review import LOOK_AGAIN
from recovery.review_views import MAX_VIEW_NAME, MAX_VIEWS, ReviewView
from tests.db.acts import acts, all_at_once, entries
from tests.factories import NOW
from tests.small_clinic import SmallClinic

VIEW = ReviewView(reason=ReasonKind.SILENCE, is_mine=True)


def test_a_view_is_the_owners_alone(session: Session, clinic: SmallClinic) -> None:
    """Kept under its name, replaced under the same one, and unknown to a colleague."""
    mine, theirs = grant_clinic(clinic.clinician), grant_clinic(clinic.assistant)
    assert save_view(session, mine, "  Silent ones ", VIEW, NOW) == "Silent ones"
    save_view(session, theirs, "Silent ones", ReviewView(), NOW)
    save_view(session, mine, "Before", ReviewView(phase="before"), NOW)
    save_view(session, mine, "Silent ones", ReviewView(reason=ReasonKind.SILENCE), NOW)

    kept = {each.name: each.view for each in list_views(session, mine)}
    assert list(kept) == ["Before", "Silent ones"]
    assert kept["Silent ones"] == ReviewView(reason=ReasonKind.SILENCE)
    assert [each.view for each in list_views(session, theirs)] == [ReviewView()]


def test_a_deleted_view_is_gone_once(session: Session, clinic: SmallClinic) -> None:
    """Deleting it again, or one that never was, is no error; a colleague's stays."""
    mine, theirs = grant_clinic(clinic.clinician), grant_clinic(clinic.assistant)
    for access in (mine, theirs):
        save_view(session, access, "Silent ones", VIEW, NOW)
    for name in ("Silent ones", "Silent ones", "never"):
        delete_view(session, mine, name)

    assert list_views(session, mine) == []
    assert len(list_views(session, theirs)) == 1
    assert acts(session) == {"view.saved": 2, "view.deleted": 1}


def test_a_name_may_be_a_persons_and_stays_out_of_the_audit(
    session: Session, clinic: SmallClinic
) -> None:
    """Whatever somebody types there, entries of the audit are never changed again."""
    save_view(session, grant_clinic(clinic.clinician), "Canary Elm", VIEW, NOW)

    assert not any("Canary" in f"{entry.subject}{entry.new}" for entry in entries(session))


@pytest.mark.parametrize("name", ["", "  ", "x" * (MAX_VIEW_NAME + 1), "a\x00b"])
def test_a_view_without_a_usable_name_is_refused(
    session: Session, clinic: SmallClinic, name: str
) -> None:
    """And nothing is kept."""
    access = grant_clinic(clinic.clinician)
    with pytest.raises(InvalidEntry, match="name of the view"):
        save_view(session, access, name, VIEW, NOW)

    assert list_views(session, access) == []


def test_a_full_list_of_views_takes_no_new_name(session: Session, clinic: SmallClinic) -> None:
    """A kept one may still be replaced, and after a deletion there is room again."""
    access = grant_clinic(clinic.clinician)
    for number in range(MAX_VIEWS):
        save_view(session, access, f"View {number}", VIEW, NOW)
    with pytest.raises(InvalidEntry, match="Delete one"):
        save_view(session, access, "One more", VIEW, NOW)
    save_view(session, access, "View 0", ReviewView(), NOW)
    delete_view(session, access, "View 1")
    save_view(session, access, "One more", VIEW, NOW)

    assert len(list_views(session, access)) == MAX_VIEWS


def test_one_name_saved_at_once_is_one_view(database: Database, clinic: SmallClinic) -> None:
    """Two windows of one person do not refuse each other."""

    def save(_which: int) -> str:
        with writing(database) as session:
            return save_view(session, grant_clinic(clinic.clinician), "Silent ones", VIEW, NOW)

    assert all_at_once(save, 4) == ["Silent ones"] * 4
    with writing(database) as session:
        assert len(session.exec(select(SavedViewRow)).all()) == 1


def test_looks_close_together_are_one(session: Session, clinic: SmallClinic) -> None:
    """What is new stays new while somebody works; it moves on after a longer pause."""
    access = grant_clinic(clinic.clinician)
    almost = LOOK_AGAIN - timedelta(seconds=1)
    assert last_look(session, access) is None
    assert look(session, access, NOW) is None
    assert look(session, access, NOW + almost) is None
    assert look(session, access, NOW + 2 * almost) is None

    returned = NOW + 2 * almost + LOOK_AGAIN
    assert look(session, access, returned) == NOW + 2 * almost
    assert look(session, access, returned + almost) == NOW + 2 * almost
    assert last_look(session, access) == NOW + 2 * almost
    assert last_look(session, grant_clinic(clinic.assistant)) is None


def test_presses_within_a_minute_are_stored_once(session: Session, clinic: SmallClinic) -> None:
    """So the pause is counted from the first of them, a minute at most too early."""
    access = grant_clinic(clinic.clinician)
    look(session, access, NOW)
    look(session, access, NOW + timedelta(seconds=59))

    assert look(session, access, NOW + LOOK_AGAIN) == NOW


def test_a_first_look_at_once_is_one(database: Database, clinic: SmallClinic) -> None:
    """A page that opens in two windows together shows nothing as new in either."""

    def see(_which: int) -> object:
        with writing(database) as session:
            return look(session, grant_clinic(clinic.clinician), NOW)

    assert all_at_once(see, 4) == [None] * 4
