"""What the patient wants to ask at the next visit, in the person's own words."""

from datetime import datetime
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.audit import note_patient_act
from db.consents import require_consent
from db.models import EpisodeRow, VisitQuestionRow
from db.once import add_once, is_press_stored
from db.patients import current_episode, patient_zone
from recovery.access import PatientAccess
from recovery.days import today_in
from recovery.errors import AccessDenied
from recovery.text import require_text
from recovery.visits import MAX_QUESTION_LENGTH, VisitQuestion
from recovery.wording import marked

_QUESTION = marked("question")


def add_question(session: Session, access: PatientAccess, text: str, now: datetime) -> None:
    """
    Keep a question for the next visit; the caller commits. The same words stand once a day.

    Pressed again while it stands, by the same person and on the same day, it adds nothing: from
    whatever page, and at whichever process the second press comes. Asked anew on another day it
    stands twice, since a visit may lie between the two, also one that is noted only later.

    Args:
        session: A session of ``db.engine.writing``.
        access: Whose record.
        text: The question, up to 300 characters.
        now: The instant (UTC).

    Raises:
        AccessDenied: For the clinic's staff, who are asked and do not ask.
        ConsentMissing: If the patient does not agree to the log.
        InvalidEntry: If the text is empty or too long.
    """
    _check_is_own_side(access)
    episode = current_episode(session, access)
    require_consent(session, access)
    words = require_text(text, max_length=MAX_QUESTION_LENGTH, what=_QUESTION)
    key = _key_of(session, access, episode, words, now)
    row = VisitQuestionRow(
        clinic_id=episode.clinic_id,
        episode_id=episode.id,
        text=words,
        is_by_proxy=access.is_proxy,
        idempotency_key=key,
        created_at=now,
        created_by=access.actor.account_id,
    )
    row_id = row.id
    if add_once(session, row, lambda: is_press_stored(session, VisitQuestionRow, episode, key)):
        note_patient_act(session, access, "question.asked", str(row_id))


def _key_of(
    session: Session, access: PatientAccess, episode: EpisodeRow, words: str, now: datetime
) -> UUID:
    """
    Return the key of a question: who asks what on which day, and how often it was taken back.

    Made of what it says and not kept with the page, whose state ends with its process.
    """
    asker = access.actor.account_id
    day = today_in(patient_zone(session, access), now)
    taken_back = session.exec(
        select(sa.func.count())
        .select_from(VisitQuestionRow)
        .where(
            VisitQuestionRow.clinic_id == episode.clinic_id,
            VisitQuestionRow.episode_id == episode.id,
            VisitQuestionRow.created_by == asker,
            VisitQuestionRow.text == words,
            col(VisitQuestionRow.withdrawn_at).is_not(None),
        )
    ).one()
    return uuid5(episode.id, f"{asker} {day} {taken_back} {words}")


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
