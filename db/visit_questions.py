"""What the patient wants to ask at the next visit, in the person's own words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from db.audit import note_patient_act
from db.consents import require_consent
from db.models import VisitQuestionRow
from db.once import add_once, is_press_stored
from db.patients import current_episode
from recovery.access import PatientAccess
from recovery.errors import AccessDenied
from recovery.text import require_text
from recovery.visits import MAX_QUESTION_LENGTH, VisitQuestion
from recovery.wording import marked

_QUESTION = marked("question")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPress:
    """
    One press of Add.

    Attributes:
        text: The question, up to 300 characters.
        idempotency_key: The same for a second press.
        now: The instant (UTC).
    """

    text: str
    idempotency_key: UUID
    now: datetime


def add_question(session: Session, access: PatientAccess, press: QuestionPress) -> None:
    """
    Keep a question for the next visit; the caller commits. A second press adds nothing.

    Raises:
        AccessDenied: For the clinic's staff, who are asked and do not ask.
        ConsentMissing: If the patient does not agree to the log.
        InvalidEntry: If the text is empty or too long.
    """
    _check_is_own_side(access)
    episode = current_episode(session, access)
    require_consent(session, access)
    row = VisitQuestionRow(
        clinic_id=episode.clinic_id,
        episode_id=episode.id,
        text=require_text(press.text, max_length=MAX_QUESTION_LENGTH, what=_QUESTION),
        is_by_proxy=access.is_proxy,
        idempotency_key=press.idempotency_key,
        created_at=press.now,
        created_by=access.actor.account_id,
    )
    row_id = row.id
    if add_once(
        session,
        row,
        lambda: is_press_stored(session, VisitQuestionRow, episode, press.idempotency_key),
    ):
        note_patient_act(session, access, "question.asked", str(row_id))


def withdraw_question(
    session: Session, access: PatientAccess, question_id: UUID, now: datetime
) -> None:
    """
    Take a question back; it is asked no more and stays on record. The caller commits.

    Raises:
        AccessDenied: If it is no question of this patient, a carer would take back what
            somebody else asked, or the clinic's staff would.
    """
    _check_is_own_side(access)
    episode = current_episode(session, access)
    row = session.get(VisitQuestionRow, (access.clinic_id, question_id), with_for_update=True)
    if row is None or row.episode_id != episode.id:
        raise AccessDenied
    if access.is_proxy and row.created_by != access.actor.account_id:
        raise AccessDenied
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_by = now, access.actor.account_id
    session.add(row)
    session.flush()
    note_patient_act(session, access, "question.withdrawn", str(row.id))


def list_questions(session: Session, access: PatientAccess) -> list[VisitQuestion]:
    """Return the questions of the current episode that were not taken back, oldest first."""
    episode = current_episode(session, access)
    rows = session.exec(
        select(VisitQuestionRow)
        .where(
            VisitQuestionRow.clinic_id == episode.clinic_id,
            VisitQuestionRow.episode_id == episode.id,
            col(VisitQuestionRow.withdrawn_at).is_(None),
        )
        .order_by(col(VisitQuestionRow.created_at), col(VisitQuestionRow.id))
    )
    return [
        VisitQuestion(
            question_id=row.id,
            text=row.text,
            asked_at=row.created_at,
            asked_by=row.created_by,
            is_by_proxy=row.is_by_proxy,
        )
        for row in rows
    ]


def _check_is_own_side(access: PatientAccess) -> None:
    if access.is_by_staff:
        raise AccessDenied
