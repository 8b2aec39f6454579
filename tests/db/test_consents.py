"""Consent: given and withdrawn by the patient alone; without it nothing is logged."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from db.consents import give_consent, list_consents, require_consent, withdraw_consent
from db.drafts import keep_draft
from db.engine import Database, writing
from db.events import add_event
from db.reports import list_reports, save_report
from recovery.access import grant_patient
from recovery.errors import AccessDenied, ConsentMissing
from recovery.reports import Event, EventKind, PartialReport
from tests.db.acts import acts, all_at_once
from tests.factories import NOW, TODAY, make_patient, saving
from tests.small_clinic import SmallClinic

LATER = NOW + timedelta(days=1)


def test_without_consent_nothing_is_logged(session: Session, clinic: SmallClinic) -> None:
    """Neither report, event nor draft, by the patient or the carer; reading goes on."""
    save_report(session, clinic.own, saving())
    withdraw_consent(session, clinic.own, NOW)
    carer = grant_patient(
        clinic.carer, patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id
    )
    event = Event(kind=EventKind.FALL, occurred_at=NOW)

    for access in (clinic.own, carer):
        with pytest.raises(ConsentMissing):
            save_report(session, access, saving(expected_version=1))
        with pytest.raises(ConsentMissing):
            add_event(session, access, event, idempotency_key=uuid4(), now=NOW)
        with pytest.raises(ConsentMissing):
            keep_draft(session, access, TODAY, PartialReport(), NOW)
        assert len(list_reports(session, access)) == 1


@pytest.mark.parametrize("person", ["carer", "clinician"])
def test_only_the_patient_agrees_or_withdraws(
    session: Session, clinic: SmallClinic, person: str
) -> None:
    """A carer may log and read, not change consent; staff neither."""
    access = grant_patient(
        getattr(clinic, person), patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id
    )

    with pytest.raises(AccessDenied):
        give_consent(session, access, "2", NOW)
    with pytest.raises(AccessDenied):
        withdraw_consent(session, access, NOW)


def test_an_agreement_keeps_its_text_and_its_days(session: Session, clinic: SmallClinic) -> None:
    """Withdrawn and given anew, each stands on its own; a new text takes the old one's place."""
    withdraw_consent(session, clinic.own, NOW)
    give_consent(session, clinic.own, "first", LATER)
    give_consent(session, clinic.own, "first", LATER)
    give_consent(session, clinic.own, "second", LATER + timedelta(hours=1))

    second, first, oldest = list_consents(session, clinic.own)
    assert (second.text_version, second.withdrawn_at) == ("second", None)
    assert first.withdrawn_at == second.given_at
    assert oldest.withdrawn_at == NOW
    require_consent(session, clinic.own)
    assert acts(session) == {"consent.given": 2, "consent.withdrawn": 1}


def test_two_presses_at_once_agree_once(database: Database, clinic: SmallClinic) -> None:
    """The database keeps one that stands."""
    with writing(database) as session:
        withdraw_consent(session, clinic.own, NOW)

    def press(_which: int) -> None:
        with writing(database) as session:
            give_consent(session, clinic.own, "now", LATER)

    assert all_at_once(press, 8) == [None] * 8
    with writing(database) as session:
        standing, withdrawn = list_consents(session, clinic.own)
    assert (standing.text_version, standing.withdrawn_at) == ("now", None)
    assert withdrawn.withdrawn_at == NOW


def test_withdrawing_nothing_changes_nothing(session: Session, clinic: SmallClinic) -> None:
    """Twice is once."""
    withdraw_consent(session, clinic.own, NOW)
    withdraw_consent(session, clinic.own, LATER)

    assert [each.withdrawn_at for each in list_consents(session, clinic.own)] == [NOW]


def test_a_newcomer_has_agreed_to_nothing(session: Session, clinic: SmallClinic) -> None:
    """Enrolment is no consent; staff may still enter notes."""
    treating = make_patient(session, clinic.clinician, name="Ash Grove")

    assert list_consents(session, treating) == []
    require_consent(session, treating)
