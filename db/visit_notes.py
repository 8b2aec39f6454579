"""Visit notes of clinicians, pinned to a day."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from db.audit import note_patient_act
from db.models import AccountRow, VisitNoteRow
from db.once import add_once, is_press_stored
from db.patients import current_episode
from recovery.access import PatientAccess, Role
from recovery.errors import AccessDenied, InvalidEntry
from recovery.reports import VisitNote
from recovery.text import MAX_NOTE_LENGTH, require_text


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePress:
    """
    One press of Add.

    Attributes:
        visit_date: The day of the visit.
        text: The note, up to 2,000 characters.
        today: The patient's own day.
        idempotency_key: Made when the form was drawn; the same for a second press.
        now: The instant (UTC).
    """

    visit_date: date
    text: str
    today: date
    idempotency_key: UUID
    now: datetime


def add_visit_note(session: Session, access: PatientAccess, press: NotePress) -> None:
    """
    Pin a note to the day of a visit; the caller commits. A second press adds nothing.

    Raises:
        AccessDenied: If the actor is not a clinician.
        InvalidEntry: If the day is in the future, or the text is empty or too long.
    """
    if access.actor.role is not Role.CLINICIAN:
        raise AccessDenied
    if press.visit_date > press.today:
        raise InvalidEntry("The visit lies in the future. Choose today or an earlier day.")
    episode = current_episode(session, access)
    row = VisitNoteRow(
        clinic_id=episode.clinic_id,
        episode_id=episode.id,
        visit_date=press.visit_date,
        text=require_text(press.text, max_length=MAX_NOTE_LENGTH, what="note"),
        idempotency_key=press.idempotency_key,
        created_at=press.now,
        created_by=access.actor.account_id,
    )
    if not add_once(
        session, row, lambda: is_press_stored(session, VisitNoteRow, episode, press.idempotency_key)
    ):
        return
    note_patient_act(session, access, "visit_note.added", press.visit_date.isoformat())


def list_visit_notes(session: Session, access: PatientAccess) -> list[VisitNote]:
    """Return the notes of the current episode, oldest visit first."""
    episode = current_episode(session, access)
    rows = session.exec(
        select(VisitNoteRow, AccountRow.display_name)
        .join(AccountRow, col(AccountRow.id) == col(VisitNoteRow.created_by))
        .where(VisitNoteRow.clinic_id == episode.clinic_id, VisitNoteRow.episode_id == episode.id)
        .order_by(col(VisitNoteRow.visit_date), col(VisitNoteRow.created_at))
    )
    return [
        VisitNote(
            visit_date=row.visit_date, text=row.text, created_at=row.created_at, author_name=name
        )
        for row, name in rows
    ]
