"""Visit notes: written by clinicians, for a day that has come, once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session

from db.engine import Database, reading, writing
from db.visit_notes import NotePress, add_visit_note, list_visit_notes
from recovery.errors import AccessDenied, InvalidEntry
from tests.db.acts import acts, all_at_once
from tests.factories import NOW, TODAY
from tests.small_clinic import SmallClinic

TEXT = '=HYPERLINK("x") <i>wound dry</i> \U0001f9b4 مرحبا'


def _press(**changes: Any) -> NotePress:
    fields: dict[str, Any] = {
        "visit_date": TODAY,
        "text": TEXT,
        "today": TODAY,
        "idempotency_key": uuid4(),
        "now": NOW,
    }
    return NotePress(**fields | changes)


def test_a_patient_writes_no_visit_note(session: Session, clinic: SmallClinic) -> None:
    """Not even about the own visit."""
    with pytest.raises(AccessDenied):
        add_visit_note(session, clinic.own, _press())

    assert list_visit_notes(session, clinic.own) == []


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"visit_date": TODAY + timedelta(days=1)}, "in the future"),
    ({"text": " \n"}, "Enter the note"),
    ({"text": "x" * 2_001}, "2,001 characters"),
    ({"text": "x" * 100_000}, "100,000 characters"),
    ({"text": "nul\x00"}, "cannot be stored"),
]


def test_a_note_that_cannot_be_is_refused(session: Session, clinic: SmallClinic) -> None:
    """Nothing is stored and nothing noted."""
    for changes, words in REFUSED:
        with pytest.raises(InvalidEntry, match=words):
            add_visit_note(session, clinic.treating, _press(**changes))

    assert list_visit_notes(session, clinic.treating) == []
    assert not acts(session)


def test_a_note_is_kept_with_its_author(session: Session, clinic: SmallClinic) -> None:
    """The patient reads the same words, with who wrote them."""
    add_visit_note(session, clinic.treating, _press())

    [note] = list_visit_notes(session, clinic.own)
    assert (note.text, note.visit_date, note.created_at) == (TEXT, TODAY, NOW)
    assert note.author_name == "Clinician"
    assert acts(session) == {"visit_note.added": 1}


def test_notes_are_listed_by_visit(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Oldest visit first, and none of another clinic."""
    for back in (1, 3, 2):
        press = _press(visit_date=TODAY - timedelta(days=back), text=str(back))
        add_visit_note(session, clinic.treating, press)
    add_visit_note(session, other_clinic.treating, _press())

    assert [note.text for note in list_visit_notes(session, clinic.treating)] == ["3", "2", "1"]


def test_twenty_equal_presses_at_once_add_one_note(database: Database, clinic: SmallClinic) -> None:
    """A second press adds nothing and is not refused."""
    press = _press()

    def add(_which: int) -> None:
        with writing(database) as session:
            add_visit_note(session, clinic.treating, press)

    assert all_at_once(add) == [None] * 20
    with reading(database) as session:
        assert len(list_visit_notes(session, clinic.treating)) == 1
        assert acts(session) == {"visit_note.added": 1}
