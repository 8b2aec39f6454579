"""A clinic with one of each, for tests of queries and of pages."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.engine import Database, writing
from recovery.access import Actor, PatientAccess, grant_patient
from tests import factories


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallClinic:
    """
    A clinic with one of each.

    Attributes:
        prefix: Begins the user names of its people.
        clinic_id: Its key.
        clinician: Treats the patient.
        assistant: Works beside the clinician.
        administrator: Runs the clinic.
        patient: The one enrolled person, signed in.
        carer: Helps that person.
        treating: The clinician's access to that person.
        own: The person's access to the own record.
    """

    prefix: str
    clinic_id: UUID
    clinician: Actor
    assistant: Actor
    administrator: Actor
    patient: Actor
    carer: Actor
    treating: PatientAccess
    own: PatientAccess


def make_small_clinic(database: Database, prefix: str = "", **changes: Any) -> SmallClinic:
    """
    Add a clinic with one of each.

    Args:
        database: Where to.
        prefix: Begins the user names, which are unique over all clinics.
        **changes: Fields of the patient's ``Enrolment`` that the test is about.
    """
    with writing(database) as session:
        clinic_id = factories.make_clinic(session)
        clinician = factories.make_clinician_actor(session, clinic_id, f"{prefix}clinician")
        assistant = factories.make_assistant_actor(session, clinic_id, f"{prefix}assistant")
        administrator = factories.make_admin_actor(session, clinic_id, f"{prefix}administrator")
        treating = factories.make_patient(session, clinician, **changes)
        patient = factories.make_patient_actor(session, treating, f"{prefix}patient")
        carer = factories.make_carer_actor(session, treating, f"{prefix}carer")
    own = grant_patient(patient, patient_id=treating.patient_id, clinic_id=clinic_id)
    return SmallClinic(
        prefix=prefix,
        clinic_id=clinic_id,
        clinician=clinician,
        assistant=assistant,
        administrator=administrator,
        patient=patient,
        carer=carer,
        treating=treating,
        own=own,
    )
