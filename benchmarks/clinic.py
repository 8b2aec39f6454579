"""A made-up clinic to measure on, filled as ``python -m db scale`` does."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlmodel import col, select

from db.cli_scale import plan_of
from db.demo_people import DEMO_ZONE
from db.engine import Database, reading
from db.models import AccountRow
from db.scale import fill_scale
from db.scale_draws import SPREAD_DAYS
from recovery.access import Actor, PatientAccess, Role, grant_patient

ZONE = DEMO_ZONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """
    A filled clinic.

    Attributes:
        clinic_id: Its key.
        clinician: Who looks after its first people.
        patient: Somebody with an account who logged each of the days asked for, up to yesterday.
    """

    clinic_id: UUID
    clinician: Actor
    patient: Actor

    @property
    def patient_id(self) -> UUID:
        """Return the key of that person's record."""
        return self.own_access().patient_id

    def own_access(self) -> PatientAccess:
        """Return that person's access to the own record."""
        if self.patient.patient_id is None:
            raise ValueError("a patient has a record")
        return grant_patient(
            self.patient, patient_id=self.patient.patient_id, clinic_id=self.clinic_id
        )


def fill(database: Database, *, patients: int, days: int, spread_days: int = SPREAD_DAYS) -> Filled:
    """
    Fill a migrated, empty database with one clinic.

    Args:
        database: Where to.
        patients: How many people, at least 1.
        days: How many days they logged on average, and the one who is measured exactly.
        spread_days: Days back over which procedures are spread; the fewer, the more are under way.
    """
    plan = replace(plan_of(patients, days), spread_days=spread_days)
    [clinic] = fill_scale(database, plan, lambda _done: None)
    with reading(database) as session:
        account_id = session.exec(
            select(AccountRow.id).where(
                AccountRow.clinic_id == clinic.clinic_id,
                AccountRow.patient_id == clinic.patient_id,
                col(AccountRow.role) == Role.PATIENT,
            )
        ).one()
    return Filled(
        clinic_id=clinic.clinic_id,
        clinician=actor_of(clinic.clinic_id, Role.CLINICIAN, clinic.clinician_id),
        patient=actor_of(clinic.clinic_id, Role.PATIENT, account_id, clinic.patient_id),
    )


def actor_of(
    clinic_id: UUID, role: Role, account_id: UUID, patient_id: UUID | None = None
) -> Actor:
    """Return somebody who could have signed in; benchmarks make sessions themselves."""
    return Actor(
        account_id=account_id,
        clinic_id=clinic_id,
        role=role,
        display_name=role.value,
        patient_id=patient_id,
        session_id=uuid4(),
    )
