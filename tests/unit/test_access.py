"""Who may see what, decided without a database."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.access import (
    FOLLOWED_UP,
    TREATING,
    Actor,
    Role,
    grant_admin,
    grant_clinic,
    grant_patient,
)
from recovery.errors import AccessDenied

IDS = [UUID(int=number) for number in range(1, 4)]
ids = st.sampled_from(IDS)


def _actor(role: Role, clinic_id: UUID = IDS[0], patient_id: UUID | None = None) -> Actor:
    return Actor(
        account_id=uuid4(),
        clinic_id=clinic_id,
        role=role,
        display_name="Somebody",
        patient_id=patient_id,
        session_id=uuid4(),
    )


# Drawn from everything, also from what no account can be: staff with a record, a patient without.
actors = st.builds(_actor, st.sampled_from(Role), ids, st.none() | ids)


@given(actor=actors, patient_id=ids, clinic_id=ids)
def test_access_is_for_the_own_record_or_the_own_clinics_clinicians(
    actor: Actor, patient_id: UUID, clinic_id: UUID
) -> None:
    """Never another clinic, never another patient, never an administrator."""
    try:
        access = grant_patient(actor, patient_id=patient_id, clinic_id=clinic_id)
    except AccessDenied:
        same = actor.clinic_id == clinic_id
        own = actor.role in FOLLOWED_UP and actor.patient_id == patient_id
        assert not (same and (own or actor.role in TREATING))
        return

    assert (access.clinic_id, access.patient_id) == (clinic_id, patient_id)
    assert actor.clinic_id == clinic_id
    assert actor.role in TREATING or (actor.role in FOLLOWED_UP and actor.patient_id == patient_id)


@pytest.mark.parametrize("role", [Role.PATIENT, Role.CARER, Role.ADMINISTRATOR])
def test_only_clinicians_list_patients(role: Role) -> None:
    """A patient and an administrator have no list."""
    with pytest.raises(AccessDenied):
        grant_clinic(_actor(role, patient_id=IDS[1]))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_administrators_change_the_clinic(role: Role) -> None:
    """A patient and a clinician change neither settings nor accounts."""
    with pytest.raises(AccessDenied):
        grant_admin(_actor(role, patient_id=IDS[1]))


def test_access_reaches_the_own_clinic_alone() -> None:
    """What is granted names the clinic of the account."""
    assert grant_clinic(_actor(Role.CLINICIAN, IDS[2])).clinic_id == IDS[2]
    assert grant_admin(_actor(Role.ADMINISTRATOR, IDS[2])).clinic_id == IDS[2]


def test_a_record_is_own_for_its_patient_alone() -> None:
    """A clinician's reading of it is noted, so the two are told apart."""
    patient, clinician = _actor(Role.PATIENT, patient_id=IDS[1]), _actor(Role.CLINICIAN)

    assert grant_patient(patient, patient_id=IDS[1], clinic_id=IDS[0]).is_own
    assert not grant_patient(clinician, patient_id=IDS[1], clinic_id=IDS[0]).is_own


def test_a_carer_is_neither_the_patient_nor_staff() -> None:
    """So that entries say by whom, and looking is noted for staff alone."""
    access = grant_patient(
        _actor(Role.CARER, patient_id=IDS[1]), patient_id=IDS[1], clinic_id=IDS[0]
    )

    assert (access.is_own, access.is_proxy, access.is_by_staff) == (False, True, False)


def test_a_refusal_says_neither_that_nor_whether_something_exists() -> None:
    """The words are always the same."""
    assert str(AccessDenied()) == (
        "This record is not available to you. Go back to your start page."
    )
