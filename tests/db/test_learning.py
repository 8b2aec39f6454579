"""What was read, and how the questions were answered: counted once a reading, kept once a press."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from db.consents import withdraw_consent
from db.engine import Database, reading, writing
from db.learning import (
    ONE_VISIT,
    AnswerPress,
    answer_question,
    list_answers,
    list_openings,
    note_opening,
)
from db.models import TeachBackAnswerRow
from db.own_data import own_data
from recovery.access import PatientAccess, grant_patient
from recovery.errors import AccessDenied, ConsentMissing, InvalidEntry
from recovery.wording import Language
from tests.db.acts import acts, all_at_once, entries
from tests.factories import NOW
from tests.small_clinic import SmallClinic


def _press(**changes: Any) -> AnswerPress:
    fields: dict[str, Any] = {
        "slug": "brace",
        "answer": 1,
        "is_right": True,
        "language": Language.ENGLISH,
        "idempotency_key": uuid4(),
        "now": NOW,
    }
    return AnswerPress(**fields | changes)


def _carers(clinic: SmallClinic) -> PatientAccess:
    return grant_patient(clinic.carer, patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id)


def test_staff_leave_no_trace_in_what_a_patient_read(session: Session, clinic: SmallClinic) -> None:
    """Their reading is not the patient's."""
    with pytest.raises(AccessDenied):
        note_opening(session, clinic.treating, "brace", NOW)
    with pytest.raises(AccessDenied):
        answer_question(session, clinic.treating, _press())

    assert list_openings(session, clinic.treating) == []
    assert list_answers(session, clinic.treating) == []
    assert not acts(session)


def test_without_consent_nothing_is_kept(session: Session, clinic: SmallClinic) -> None:
    """An opening is then not counted and not refused; an answer is refused like any entry."""
    withdraw_consent(session, clinic.own, NOW)
    session.flush()

    for access in (clinic.own, _carers(clinic)):
        note_opening(session, access, "brace", NOW)
        with pytest.raises(ConsentMissing):
            answer_question(session, access, _press())

    assert list_openings(session, clinic.own) == []
    assert list_answers(session, clinic.own) == []
    assert set(acts(session)) == {"consent.withdrawn"}


@pytest.mark.parametrize("answer", [0, -1])
def test_an_answer_without_a_number_is_refused(
    session: Session, clinic: SmallClinic, answer: int
) -> None:
    """Before the database would, in a sentence."""
    with pytest.raises(InvalidEntry, match="one of the answers"):
        answer_question(session, clinic.own, _press(answer=answer))

    assert list_answers(session, clinic.own) == []


def test_a_page_opened_again_at_once_is_one_reading(session: Session, clinic: SmallClinic) -> None:
    """Each run of a page asks for it to be counted; only after an hour is it another reading."""
    for later in (timedelta(), timedelta(minutes=59), ONE_VISIT, ONE_VISIT + timedelta(minutes=1)):
        note_opening(session, clinic.own, "brace", NOW + later)

    [opening] = list_openings(session, clinic.treating)
    assert (opening.slug, opening.times, opening.is_by_proxy) == ("brace", 2, False)
    assert opening.opened_by == clinic.patient.account_id
    assert (opening.first_opened_at, opening.last_opened_at) == (NOW, NOW + ONE_VISIT)


def test_the_first_opening_of_a_page_is_noted(session: Session, clinic: SmallClinic) -> None:
    """Later ones are counted without an entry of their own."""
    for days in range(3):
        note_opening(session, clinic.own, "brace", NOW + timedelta(days=days))
    note_opening(session, _carers(clinic), "brace", NOW)

    assert acts(session) == {"page.opened": 2}
    # Not which page: the audit outlives the record, and a page can tell the procedure.
    assert {each.subject for each in entries(session) if each.action == "page.opened"} == {""}


def test_a_helpers_reading_is_marked_as_theirs(session: Session, clinic: SmallClinic) -> None:
    """Beside the patient's own, not in its place."""
    note_opening(session, clinic.own, "brace", NOW)
    note_opening(session, _carers(clinic), "brace", NOW + timedelta(minutes=1))
    answer_question(session, _carers(clinic), _press())

    assert [each.is_by_proxy for each in list_openings(session, clinic.own)] == [False, True]
    assert [each.is_by_proxy for each in list_answers(session, clinic.own)] == [True]


def test_every_answer_is_kept_in_order(session: Session, clinic: SmallClinic) -> None:
    """The wrong one before the right one too, each noted by the page alone."""
    answer_question(session, clinic.own, _press(answer=2, is_right=False))
    answer_question(session, clinic.own, _press(now=NOW + timedelta(seconds=9)))

    assert [(each.answer, each.is_right) for each in list_answers(session, clinic.treating)] == [
        (2, False),
        (1, True),
    ]
    assert acts(session) == {"question.answered": 2}
    kept = session.exec(select(TeachBackAnswerRow.id)).all()
    noted = [each.subject for each in entries(session) if "question" in each.action]
    assert sorted(noted) == sorted(str(each) for each in kept)


def test_nothing_of_anybody_elses_is_listed(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Each record has its own."""
    note_opening(session, clinic.own, "brace", NOW)
    answer_question(session, clinic.own, _press())

    assert list_openings(session, other_clinic.own) == []
    assert list_answers(session, other_clinic.treating) == []


def test_what_was_read_goes_with_the_own_data(session: Session, clinic: SmallClinic) -> None:
    """In the patient's own copy."""
    note_opening(session, clinic.own, "brace", NOW)
    answer_question(session, clinic.own, _press())

    [episode] = own_data(session, clinic.own, NOW)["episodes"]
    assert [each["slug"] for each in episode["pages_opened"]] == ["brace"]
    assert [each["answer"] for each in episode["page_answers"]] == [1]


def test_twenty_presses_at_once_are_one(database: Database, clinic: SmallClinic) -> None:
    """A page opened in twenty tabs is one reading, and one press of Check one answer."""
    press = _press()

    def open_and_answer(_which: int) -> None:
        with writing(database) as session:
            note_opening(session, clinic.own, "brace", NOW)
            answer_question(session, clinic.own, press)

    assert all_at_once(open_and_answer) == [None] * 20
    with reading(database) as session:
        assert [each.times for each in list_openings(session, clinic.own)] == [1]
        assert len(list_answers(session, clinic.own)) == 1
