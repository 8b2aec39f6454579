"""A clinic's settings: changed by its administrator, with an audit entry."""

from dataclasses import replace
from typing import Any, cast

import pytest
from sqlmodel import Session

from db.clinics import change_settings, clinic_settings
from recovery.access import grant_admin
from recovery.errors import AccessDenied, InvalidEntry
from tests.db.acts import acts
from tests.small_clinic import SmallClinic

REFUSED: list[tuple[str, str, str]] = [
    ("name", " ", "Enter the clinic's name"),
    ("name", "x" * 121, "121 characters"),
    ("time_zone", "Mars/Olympus", "time zone"),
    ("phone", "5" * 41, "phone number"),
    ("phone", "nul\x00", "phone number"),
    ("emergency_number", "", "Enter the emergency number"),
]


def test_wrong_settings_are_refused(session: Session, clinic: SmallClinic) -> None:
    """Each is named, and none is noted as changed."""
    access, before = grant_admin(clinic.administrator), clinic_settings(session, clinic.patient)
    for field, value, words in REFUSED:
        with pytest.raises(InvalidEntry, match=words):
            change_settings(
                session, access, replace(before, **cast("dict[str, Any]", {field: value}))
            )

    assert not acts(session)


def test_another_clinics_settings_are_out_of_reach(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """An administrator changes the own clinic alone, and everybody reads the own one."""
    other = clinic_settings(session, other_clinic.administrator)
    with pytest.raises(AccessDenied):
        change_settings(session, grant_admin(clinic.administrator), other)
    with pytest.raises(AccessDenied):
        clinic_settings(session, replace(clinic.patient, clinic_id=clinic.own.patient_id))

    assert clinic_settings(session, clinic.patient).clinic_id == clinic.clinic_id


def test_changed_settings_are_read_by_all_and_noted(session: Session, clinic: SmallClinic) -> None:
    """Patients see the new telephone number at the next look."""
    before = clinic_settings(session, clinic.patient)
    wanted = replace(
        before, name="Elm & <b>Oak</b>", phone="+49 30 1234", shares_augmentation_curve=False
    )

    change_settings(session, grant_admin(clinic.administrator), wanted)
    session.flush()
    session.expire_all()

    assert clinic_settings(session, clinic.patient) == wanted
    assert acts(session) == {"clinic.changed": 1}
