"""What a patient wants to ask: in the own words, once, and taken back by whoever asked."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session

from db.consents import withdraw_consent
from db.engine import Database, reading, writing
from db.models import VisitQuestionRow
from db.visit_questions import (
    QuestionPress,
    add_question,
    list_questions,
    withdraw_question,
)
from recovery.access import PatientAccess, grant_patient
from recovery.errors import AccessDenied, ConsentMissing, InvalidEntry
from recovery.visits import MAX_QUESTION_LENGTH
from tests.db.acts import acts, all_at_once, entries
from tests.factories import NOW
from tests.small_clinic import SmallClinic

TEXT = '=1+1 #let x = "$y$" \\ <b>drive?</b> \U0001f9b4 مرحبا'


def _press(**changes: Any) -> QuestionPress:
    fields: dict[str, Any] = {"text": TEXT, "idempotency_key": uuid4(), "now": NOW}
    return QuestionPress(**fields | changes)


def _carers(clinic: SmallClinic) -> PatientAccess:
    return grant_patient(clinic.carer, patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id)


def test_staff_ask_and_take_back_nothing(session: Session, clinic: SmallClinic) -> None:
    """They read the question as the patient wrote it."""
    add_question(session, clinic.own, _press())
    [asked] = list_questions(session, clinic.treating)

    with pytest.raises(AccessDenied):
        add_question(session, clinic.treating, _press())
    with pytest.raises(AccessDenied):
        withdraw_question(session, clinic.treating, asked.question_id, NOW)

    assert [each.text for each in list_questions(session, clinic.treating)] == [TEXT]


def test_without_consent_nothing_is_asked(session: Session, clinic: SmallClinic) -> None:
    """A question tells about a person's health like any other entry."""
    withdraw_consent(session, clinic.own, NOW)

    with pytest.raises(ConsentMissing):
        add_question(session, clinic.own, _press())

    assert list_questions(session, clinic.own) == []


REFUSED = [
    (" \n", "Enter the question"),
    ("x" * (MAX_QUESTION_LENGTH + 1), "301 characters"),
    ("x" * 100_000, "100,000 characters"),
    ("nul\x00", "cannot be stored"),
]


def test_a_question_that_cannot_be_is_refused(session: Session, clinic: SmallClinic) -> None:
    """Nothing is stored and nothing noted; the longest one is kept."""
    for text, words in REFUSED:
        with pytest.raises(InvalidEntry, match=words):
            add_question(session, clinic.own, _press(text=text))
    assert list_questions(session, clinic.own) == []
    assert not acts(session)

    add_question(session, clinic.own, _press(text="x" * MAX_QUESTION_LENGTH))
    assert len(list_questions(session, clinic.own)) == 1


def test_twenty_equal_presses_at_once_ask_once(database: Database, clinic: SmallClinic) -> None:
    """A second press adds nothing and is not refused."""
    press = _press()

    def add(_which: int) -> None:
        with writing(database) as session:
            add_question(session, clinic.own, press)

    assert all_at_once(add) == [None] * 20
    with reading(database) as session:
        assert len(list_questions(session, clinic.own)) == 1
        assert acts(session) == {"question.asked": 1}


def test_a_carers_question_is_marked(session: Session, clinic: SmallClinic) -> None:
    """So that the clinic knows whose words it reads."""
    add_question(session, _carers(clinic), _press())
    add_question(session, clinic.own, _press(now=NOW + timedelta(minutes=1)))

    asked = list_questions(session, clinic.treating)

    assert [each.is_by_proxy for each in asked] == [True, False]
    assert [each.asked_by for each in asked] == [
        clinic.carer.account_id,
        clinic.patient.account_id,
    ]


def test_a_carer_takes_back_the_own_question_alone(session: Session, clinic: SmallClinic) -> None:
    """The patient takes back both."""
    add_question(session, clinic.own, _press())
    add_question(session, _carers(clinic), _press(now=NOW + timedelta(minutes=1)))
    own, carers = list_questions(session, clinic.own)

    with pytest.raises(AccessDenied):
        withdraw_question(session, _carers(clinic), own.question_id, NOW)
    withdraw_question(session, _carers(clinic), carers.question_id, NOW)
    assert list_questions(session, clinic.own) == [own]

    withdraw_question(session, clinic.own, own.question_id, NOW)
    assert list_questions(session, clinic.own) == []


def test_a_question_taken_back_stays_on_record(session: Session, clinic: SmallClinic) -> None:
    """Once, by whom and when; a second press changes nothing."""
    add_question(session, clinic.own, _press())
    [asked] = list_questions(session, clinic.own)
    for minutes in (1, 2):
        withdraw_question(session, clinic.own, asked.question_id, NOW + timedelta(minutes=minutes))

    row = session.get_one(VisitQuestionRow, (clinic.clinic_id, asked.question_id))
    assert (row.text, row.withdrawn_at) == (TEXT, NOW + timedelta(minutes=1))
    assert row.withdrawn_by == clinic.patient.account_id
    assert acts(session) == {"question.asked": 1, "question.withdrawn": 1}


def test_the_audit_holds_no_word_of_a_question(session: Session, clinic: SmallClinic) -> None:
    """Whoever reads the audit need not learn what somebody worries about."""
    add_question(session, clinic.own, _press(text="canary"))

    assert all("canary" not in repr(entry) for entry in entries(session))
