"""Who may see what; access is a value that functions demand."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from recovery.errors import AccessDenied
from recovery.wording import Language


class Role(StrEnum):
    """What a signed-in person is here for."""

    PATIENT = "patient"
    CARER = "carer"
    ASSISTANT = "assistant"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the clinic."""
        return self not in FOLLOWED_UP


FOLLOWED_UP = frozenset({Role.PATIENT, Role.CARER})
"""Who stands on the side of one record: its person, and whom that person lets help."""

STAFF = frozenset(Role) - FOLLOWED_UP
"""Who works for a clinic."""

TREATING = frozenset({Role.CLINICIAN, Role.ASSISTANT})
"""Who looks after the patients of a clinic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """
    A signed-in person.

    Attributes:
        account_id: Who acts.
        clinic_id: The clinic the account belongs to.
        role: What the person is here for.
        display_name: How the person is greeted.
        patient_id: The person's own record, or the one a carer helps with; None for staff.
        session_id: The sign-in session that acts, for the audit.
        language: What the person reads Mendline in.
    """

    account_id: UUID
    clinic_id: UUID
    role: Role
    display_name: str
    patient_id: UUID | None
    session_id: UUID
    language: Language = Language.ENGLISH


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientAccess:
    """
    Permission of one actor for one patient; made by ``grant_patient`` alone.

    Attributes:
        is_emergency: Whether it rests on an emergency that the actor declared.
    """

    actor: Actor
    clinic_id: UUID
    patient_id: UUID
    is_emergency: bool = False

    @property
    def is_own(self) -> bool:
        """Whether the actor is the patient."""
        return self.actor.role is Role.PATIENT and self.actor.patient_id == self.patient_id

    @property
    def is_proxy(self) -> bool:
        """Whether a carer acts for the patient."""
        return self.actor.role is Role.CARER

    @property
    def is_by_staff(self) -> bool:
        """Whether the clinic's staff acts; every such look at a record is noted."""
        return self.actor.role.is_staff


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicAccess:
    """Permission of one of the staff for a clinic's patients; made by ``grant_clinic``."""

    actor: Actor
    clinic_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminAccess:
    """Permission of one administrator for one clinic's settings; made by ``grant_admin``."""

    actor: Actor
    clinic_id: UUID


def grant_patient(
    actor: Actor,
    *,
    patient_id: UUID,
    clinic_id: UUID,
    is_theirs: bool = True,
    is_emergency: bool = False,
) -> PatientAccess:
    """
    Decide whether *actor* may act on a patient of *clinic_id*.

    A patient reaches the own record, a carer the record of the person who let them in,
    clinicians and assistants the patients of the own clinic, an administrator none.

    Args:
        actor: Who wants to act.
        patient_id: The patient.
        clinic_id: The patient's clinic.
        is_theirs: For clinicians and assistants: whether the patient is theirs to see.
        is_emergency: For clinicians and assistants: whether they declared an emergency.

    Raises:
        AccessDenied: If not.
    """
    own = actor.role in FOLLOWED_UP and actor.patient_id == patient_id
    treating = actor.role in TREATING and (is_theirs or is_emergency)
    if actor.clinic_id != clinic_id or not (own or treating):
        raise AccessDenied
    return PatientAccess(
        actor=actor,
        clinic_id=clinic_id,
        patient_id=patient_id,
        is_emergency=treating and not is_theirs,
    )


def grant_clinic(actor: Actor) -> ClinicAccess:
    """
    Decide whether *actor* may list and enrol patients of the own clinic.

    Raises:
        AccessDenied: If neither clinician nor assistant.
    """
    if actor.role not in TREATING:
        raise AccessDenied
    return ClinicAccess(actor=actor, clinic_id=actor.clinic_id)


def grant_admin(actor: Actor) -> AdminAccess:
    """
    Decide whether *actor* may change the own clinic's settings and accounts.

    Raises:
        AccessDenied: If not an administrator.
    """
    if actor.role is not Role.ADMINISTRATOR:
        raise AccessDenied
    return AdminAccess(actor=actor, clinic_id=actor.clinic_id)
