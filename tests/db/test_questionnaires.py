"""Questionnaires: answered by the patient's side, on their day, once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from db.consents import withdraw_consent
from db.engine import Database, reading, writing
from db.models import QuestionnaireResponseRow
from db.questionnaires import Answering, list_responses, save_response
from recovery.access import grant_patient
from recovery.errors import AccessDenied, ConsentMissing, InvalidEntry
from recovery.questionnaires import Instrument, QuestionnaireResponse
from recovery.wording import Language
from tests.db.acts import acts, all_at_once, entries
from tests.factories import NOW, PROCEDURE_DATE
from tests.small_clinic import SmallClinic

PEG, PGIC = Instrument.PEG, Instrument.PGIC
DAY_9 = PROCEDURE_DATE + timedelta(days=9)


def _answering(**changes: Any) -> Answering:
    """Return a press about the PEG of day 7 on day 9, its last day; the milestone is day 8."""
    fields: dict[str, Any] = {
        "instrument": PEG,
        "due_pod": 7,
        "answers": (4, 5, 4),
        "milestone_days": (8,),
        "language": Language.SPANISH,
        "today": DAY_9,
        "now": NOW,
    }
    return Answering(**fields | changes)


@pytest.mark.parametrize("person", ["clinician", "assistant"])
def test_staff_do_not_answer(session: Session, clinic: SmallClinic, person: str) -> None:
    """How it feels is not theirs to say; they read what was answered."""
    save_response(session, clinic.own, _answering())
    access = grant_patient(
        getattr(clinic, person), patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id
    )

    with pytest.raises(AccessDenied):
        save_response(session, access, _answering(instrument=PGIC, due_pod=8, answers=(2,)))
    assert [each.instrument for each in list_responses(session, access)] == [PEG]


def test_without_consent_nothing_is_answered(session: Session, clinic: SmallClinic) -> None:
    """Neither by the patient nor by a carer."""
    withdraw_consent(session, clinic.own, NOW)
    carer = grant_patient(
        clinic.carer, patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id
    )

    for access in (clinic.own, carer):
        with pytest.raises(ConsentMissing):
            save_response(session, access, _answering())
    assert list_responses(session, clinic.own) == []


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"answers": ()}, "Answer every question"),
    ({"answers": (4, None, 4)}, "Answer every question"),
    ({"answers": (4, 11, 4)}, "that are shown"),
    ({"instrument": PGIC, "due_pod": 8, "answers": (None,)}, "Choose one answer"),
    ({"instrument": PGIC, "due_pod": 8, "answers": (8,)}, "that are shown"),
    ({"instrument": PGIC, "due_pod": 7, "answers": (2,)}, "not open today"),
    ({"instrument": PGIC, "due_pod": 8, "answers": (2,), "milestone_days": ()}, "not open today"),
    ({"due_pod": 0, "today": PROCEDURE_DATE}, "not open today"),
    ({"due_pod": 14}, "not open today"),
    ({"today": DAY_9 + timedelta(days=1)}, "not open today"),
    ({"today": DAY_9 - timedelta(days=3)}, "not open today"),
]


def test_what_cannot_be_answered_is_refused(session: Session, clinic: SmallClinic) -> None:
    """Nothing is stored and nothing noted."""
    for changes, words in REFUSED:
        with pytest.raises(InvalidEntry, match=words):
            save_response(session, clinic.own, _answering(**changes))

    assert list_responses(session, clinic.own) == []
    assert not acts(session)


def test_answers_are_kept_with_their_score(session: Session, clinic: SmallClinic) -> None:
    """Unrounded, with the day, the language and who answered."""
    saved = save_response(session, clinic.own, _answering())

    assert saved == QuestionnaireResponse(
        instrument=PEG,
        due_pod=7,
        answered_on=DAY_9,
        language=Language.SPANISH,
        answers=(4, 5, 4),
        score=13 / 3,
    )
    assert list_responses(session, clinic.own) == [saved]
    [row] = session.exec(select(QuestionnaireResponseRow)).all()
    assert (row.created_at, row.created_by) == (NOW, clinic.patient.account_id)
    assert acts(session) == {"questionnaire.answered": 1}
    # Neither which questionnaire nor what was answered: the audit outlives the record.
    assert [each.subject for each in entries(session)][-1] == str(row.id)


def test_a_carers_answer_is_marked(session: Session, clinic: SmallClinic) -> None:
    """As every other entry of a carer is."""
    carer = grant_patient(
        clinic.carer, patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id
    )

    assert save_response(session, carer, _answering()).is_by_proxy
    [listed] = list_responses(session, clinic.own)
    assert listed.is_by_proxy


def test_a_second_answer_for_the_same_day_is_refused_kindly(
    session: Session, clinic: SmallClinic
) -> None:
    """Whoever sends it, and also after the day is over; the first answer stays."""
    carer = grant_patient(
        clinic.carer, patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id
    )
    save_response(session, clinic.own, _answering())

    for access, changes in (
        (clinic.own, {}),
        (carer, {"answers": (0, 0, 0)}),
        (clinic.own, {"today": DAY_9 + timedelta(days=20)}),
    ):
        with pytest.raises(InvalidEntry, match="answered already"):
            save_response(session, access, _answering(**changes))
    assert [each.answers for each in list_responses(session, clinic.own)] == [(4, 5, 4)]
    assert acts(session) == {"questionnaire.answered": 1}


def test_responses_are_listed_by_due_day(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Both questionnaires in one list, and none of another clinic."""
    late = {"due_pod": 14, "today": PROCEDURE_DATE + timedelta(days=14)}
    save_response(session, clinic.own, _answering(**late))
    save_response(session, clinic.own, _answering(instrument=PGIC, due_pod=8, answers=(2,)))
    save_response(session, clinic.own, _answering())
    save_response(session, other_clinic.own, _answering(answers=(9, 9, 9)))

    listed = [(each.due_pod, each.instrument) for each in list_responses(session, clinic.own)]
    assert listed == [(7, PEG), (8, PGIC), (14, PEG)]


def test_of_twenty_at_once_one_is_kept(database: Database, clinic: SmallClinic) -> None:
    """The others are told that it is answered; nothing breaks."""

    def answer(which: int) -> None:
        with writing(database) as session:
            save_response(session, clinic.own, _answering(answers=(which % 11, 0, 0)))

    outcomes = all_at_once(answer)

    assert outcomes.count(None) == 1
    refused = [each for each in outcomes if each is not None]
    assert all(isinstance(each, InvalidEntry) for each in refused)
    with reading(database) as session:
        assert len(list_responses(session, clinic.own)) == 1
        assert acts(session) == {"questionnaire.answered": 1}


def test_nothing_is_answered_at_first(session: Session, clinic: SmallClinic) -> None:
    """An empty list for everybody who may read."""
    assert list_responses(session, clinic.own) == []
    assert list_responses(session, clinic.treating) == []
