"""That somebody read a visit brief, or took it away."""

from sqlmodel import Session

from db.audit import note_patient_act
from recovery.access import TREATING, PatientAccess
from recovery.errors import AccessDenied


def note_brief(session: Session, access: PatientAccess, *, is_exported: bool) -> None:
    """
    Note that a brief was read or taken away; the caller commits.

    Raises:
        AccessDenied: For all but the treating staff, whom briefs are for.
    """
    if access.actor.role not in TREATING:
        raise AccessDenied
    note_patient_act(session, access, "brief.exported" if is_exported else "brief.read")
