"""What a patient wants to ask: in the own words, once, and taken back by whoever asked."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from db.consents import withdraw_consent
from db.engine import Database, reading, writing
from db.models import VisitQuestionRow
from db.visit_notes import NotePress, add_visit_note
from db.visit_questions import (
    add_question,
    list_questions,
    withdraw_question,
)
from db.visits import last_visit_day, plan_visit
from recovery.access import PatientAccess, grant_patient
from recovery.errors import AccessDenied, ConsentMissing, InvalidEntry
from recovery.visits import MAX_QUESTION_LENGTH, still_open
from tests.db.acts import acts, all_at_once, entries
from tests.factories import NOW, TODAY, ZONE
from tests.small_clinic import SmallClinic

DAY = timedelta(days=1)
TEXT = '=1+1 #let x = "$y$" \\ <b>drive?</b> \U0001f9b4 مرحبا'


def _carers(clinic: SmallClinic) -> PatientAccess:
    return grant_patient(clinic.carer, patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id)


def test_staff_ask_and_take_back_nothing(session: Session, clinic: SmallClinic) -> None:
    """They read the question as the patient wrote it."""
    add_question(session, clinic.own, TEXT, NOW)
    [asked] = list_questions(session, clinic.treating)

    with pytest.raises(AccessDenied):
        add_question(session, clinic.treating, TEXT, NOW)
    with pytest.raises(AccessDenied):
        withdraw_question(session, clinic.treating, asked.question_id, NOW)

    assert [each.text for each in list_questions(session, clinic.treating)] == [TEXT]


def test_without_consent_nothing_is_asked(session: Session, clinic: SmallClinic) -> None:
    """A question tells about a person's health like any other entry."""
    withdraw_consent(session, clinic.own, NOW)

    with pytest.raises(ConsentMissing):
        add_question(session, clinic.own, TEXT, NOW)

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
            add_question(session, clinic.own, text, NOW)
    assert list_questions(session, clinic.own) == []
    assert not acts(session)

    add_question(session, clinic.own, "x" * MAX_QUESTION_LENGTH, NOW)
    assert len(list_questions(session, clinic.own)) == 1


def test_twenty_equal_presses_at_once_ask_once(database: Database, clinic: SmallClinic) -> None:
    """A second press adds nothing and is not refused, at whichever process it comes."""

    def add(which: int) -> None:
        with writing(database) as session:
            add_question(session, clinic.own, TEXT, NOW + timedelta(seconds=which))

    assert all_at_once(add) == [None] * 20
    with reading(database) as session:
        assert len(list_questions(session, clinic.own)) == 1
        assert acts(session) == {"question.asked": 1}


def test_the_same_words_stand_once_a_day(session: Session, clinic: SmallClinic) -> None:
    """However long a page took to answer; on the next day they are another question."""
    for hours in (0, 1, 24, 25):
        add_question(session, clinic.own, f" {TEXT}\n", NOW + timedelta(hours=hours))

    at = [each.asked_at for each in list_questions(session, clinic.own)]
    assert at == [NOW, NOW + timedelta(days=1)]


@pytest.mark.parametrize("noted_later", [False, True])
def test_words_asked_before_a_visit_and_again_after_it_are_kept(
    session: Session, clinic: SmallClinic, *, noted_later: bool
) -> None:
    """On the day of the visit, and also when the clinic notes the visit only days later."""
    visit, again = NOW + DAY, NOW + DAY * (2 if noted_later else 1) + timedelta(hours=1)
    if not noted_later:
        plan_visit(session, clinic.treating, TODAY + DAY, today=TODAY, now=NOW)
    add_question(session, clinic.own, TEXT, NOW)
    add_question(session, clinic.own, TEXT, again)
    if noted_later:
        press = NotePress(
            visit_date=TODAY + DAY,
            text="Seen.",
            today=TODAY + DAY * 3,
            idempotency_key=uuid4(),
            now=visit + DAY * 2,
        )
        add_visit_note(session, clinic.treating, press)

    since = last_visit_day(session, clinic.own, TODAY + DAY * 3)
    open_then = still_open(list_questions(session, clinic.own), since, ZONE)

    assert [each.asked_at for each in open_then] == [again]


def test_words_taken_back_can_be_asked_again(session: Session, clinic: SmallClinic) -> None:
    """Each time once, however often they were taken back."""
    for turn in range(3):
        for _press in range(2):
            add_question(session, clinic.own, TEXT, NOW + timedelta(minutes=turn))
        [asked] = list_questions(session, clinic.own)
        assert asked.asked_at == NOW + timedelta(minutes=turn)
        withdraw_question(session, clinic.own, asked.question_id, NOW)

    assert list_questions(session, clinic.own) == []


def test_other_words_are_another_question(session: Session, clinic: SmallClinic) -> None:
    """A sign more is enough, in the same second."""
    for text in ("May I drive?", "May I drive", "may I drive?"):
        add_question(session, clinic.own, text, NOW)

    assert len(list_questions(session, clinic.own)) == 3


def test_a_carers_question_is_marked(session: Session, clinic: SmallClinic) -> None:
    """So that the clinic knows whose words it reads."""
    add_question(session, _carers(clinic), TEXT, NOW)
    add_question(session, clinic.own, TEXT, NOW + timedelta(minutes=1))

    asked = list_questions(session, clinic.treating)

    assert [each.is_by_proxy for each in asked] == [True, False]
    assert [each.asked_by for each in asked] == [
        clinic.carer.account_id,
        clinic.patient.account_id,
    ]


def test_a_carer_takes_back_the_own_question_alone(session: Session, clinic: SmallClinic) -> None:
    """The patient takes back both."""
    add_question(session, clinic.own, TEXT, NOW)
    add_question(session, _carers(clinic), TEXT, NOW + timedelta(minutes=1))
    own, carers = list_questions(session, clinic.own)

    with pytest.raises(AccessDenied):
        withdraw_question(session, _carers(clinic), own.question_id, NOW)
    withdraw_question(session, _carers(clinic), carers.question_id, NOW)
    assert list_questions(session, clinic.own) == [own]

    withdraw_question(session, clinic.own, own.question_id, NOW)
    assert list_questions(session, clinic.own) == []


def test_a_question_taken_back_stays_on_record(session: Session, clinic: SmallClinic) -> None:
    """Once, by whom and when; a second press changes nothing."""
    add_question(session, clinic.own, TEXT, NOW)
    [asked] = list_questions(session, clinic.own)
    for minutes in (1, 2):
        withdraw_question(session, clinic.own, asked.question_id, NOW + timedelta(minutes=minutes))

    row = session.get_one(VisitQuestionRow, (clinic.clinic_id, asked.question_id))
    assert (row.text, row.withdrawn_at) == (TEXT, NOW + timedelta(minutes=1))
    assert row.withdrawn_by == clinic.patient.account_id
    assert acts(session) == {"question.asked": 1, "question.withdrawn": 1}


def test_the_audit_holds_no_word_of_a_question(session: Session, clinic: SmallClinic) -> None:
    """Whoever reads the audit need not learn what somebody worries about."""
    add_question(session, clinic.own, "canary", NOW)

    assert all("canary" not in repr(entry) for entry in entries(session))
