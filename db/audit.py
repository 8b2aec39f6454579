"""Who did what; every entry is written in the transaction of the act."""

from uuid import UUID

from sqlmodel import Session

from db.models import AuditRow
from recovery.access import Actor, PatientAccess


def note_act(
    session: Session,
    actor: Actor,
    action: str,
    *,
    patient_id: UUID | None = None,
    subject: str = "",
) -> None:
    """
    Add one audit entry to the transaction of *session*.

    Args:
        session: The transaction the act happens in.
        actor: Who acts.
        action: What happened, as ``noun.verb``: ``report.saved``.
        patient_id: The patient it is about, if any.
        subject: What was acted on (a key, a day), never a clinical value.

    Raises:
        ValueError: If the session would never commit the entry.
    """
    if not session.info.get("commits"):
        raise ValueError("an act that is audited runs inside db.engine.writing()")
    session.add(
        AuditRow(
            clinic_id=actor.clinic_id,
            actor_id=actor.account_id,
            session_id=actor.session_id,
            patient_id=patient_id,
            action=action,
            subject=subject,
        )
    )


def note_patient_act(
    session: Session, access: PatientAccess, action: str, subject: str = ""
) -> None:
    """Add one audit entry about the patient of *access*."""
    note_act(session, access.actor, action, patient_id=access.patient_id, subject=subject)
