"""The patient a visit brief is about, and that somebody read it or took it away."""

from sqlmodel import Session

from db.audit import note_patient_act
from db.patients import get_patient
from recovery.access import TREATING, PatientAccess
from recovery.episodes import Patient
from recovery.errors import AccessDenied


def get_brief_patient(session: Session, access: PatientAccess, *, is_exported: bool) -> Patient:
    """
    Return whom a brief is about, and note that it was read or taken away; the caller commits.

    Only a brief on the screen is a look at the chart: of one that is printed with forty others
    nobody can tell whether it will be read.

    Args:
        session: A session of ``db.engine.writing``.
        access: The access to the patient.
        is_exported: Whether it leaves Mendline.

    Raises:
        AccessDenied: For all but the treating staff, whom briefs are for.
    """
    if access.actor.role not in TREATING:
        raise AccessDenied
    if is_exported:
        return get_patient(session, access, act="brief.exported")
    note_patient_act(session, access, "brief.read")
    return get_patient(session, access)
