"""The newest look of the staff, told to the patient's side alone."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from db.briefs import get_brief_patient
from db.looks import list_looks, newest_look
from db.patients import get_patient
from recovery.access import PatientAccess, Role, grant_patient
from recovery.errors import AccessDenied
from tests.db.acts import entries
from tests.small_clinic import SmallClinic

A_LOOK_LASTS = timedelta(days=14)


def _access(clinic: SmallClinic, person: str) -> PatientAccess:
    return grant_patient(
        getattr(clinic, person), patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id
    )


@pytest.mark.parametrize("person", ["patient", "carer"])
def test_only_the_staff_looks(session: Session, clinic: SmallClinic, person: str) -> None:
    """The own reading and a carer's are none; of two looks the newer one is told."""
    asking = _access(clinic, person)
    for reader in ("patient", "carer"):
        get_patient(session, _access(clinic, reader))
    first = entries(session)[0].at
    assert newest_look(session, asking, first - A_LOOK_LASTS) is None

    for reader in ("clinician", "assistant"):
        get_patient(session, _access(clinic, reader))
        entries(session)

    look = newest_look(session, asking, first - A_LOOK_LASTS)
    assert look is not None
    assert look.role is Role.ASSISTANT


def test_an_old_look_is_told_no_more(session: Session, clinic: SmallClinic) -> None:
    """A look counts from the given instant on, that instant included."""
    get_patient(session, clinic.treating)
    at = max(entry.at for entry in entries(session) if entry.action == "chart.read")

    assert newest_look(session, clinic.own, at) is not None
    assert newest_look(session, clinic.own, at + timedelta(microseconds=1)) is None


def test_a_brief_that_is_only_printed_is_no_look(session: Session, clinic: SmallClinic) -> None:
    """The patient is told that somebody looked only when somebody did."""
    get_brief_patient(session, clinic.treating, is_exported=True)
    get_patient(session, clinic.treating, act="letter.opened")
    noted = entries(session)
    first = noted[0].at

    assert {"brief.exported", "letter.opened"} <= {each.action for each in noted}
    assert newest_look(session, clinic.own, first - A_LOOK_LASTS) is None
    assert list_looks(session, clinic.own) == []

    get_brief_patient(session, clinic.treating, is_exported=False)
    entries(session)

    assert newest_look(session, clinic.own, first) is not None
    assert len(list_looks(session, clinic.own)) == 1


def test_another_patients_look_is_not_told(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Each patient hears of the own chart."""
    get_patient(session, other_clinic.treating)
    at = entries(session)[0].at

    assert newest_look(session, clinic.own, at - A_LOOK_LASTS) is None


@pytest.mark.parametrize("person", ["clinician", "assistant"])
def test_the_staff_is_not_told(session: Session, clinic: SmallClinic, person: str) -> None:
    """Who of the colleagues looked is the patient's to know."""
    with pytest.raises(AccessDenied):
        newest_look(session, _access(clinic, person), entries(session)[0].at)
