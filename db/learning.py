"""What a patient's side reads on Learn, and its answers to the questions there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from db.audit import note_patient_act
from db.consents import require_consent
from db.models import EpisodeRow, PageOpeningRow, TeachBackAnswerRow
from db.once import add_once, is_press_stored
from db.patients import current_episode
from recovery.access import PatientAccess
from recovery.errors import AccessDenied, ConsentMissing, InvalidEntry
from recovery.reading import Opening, PageAnswer
from recovery.wording import Language

ONE_VISIT = timedelta(hours=1)
"""A page that is opened again this soon is still the same reading of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPress:
    """
    One press of Check.

    Attributes:
        slug: The page whose question is answered.
        answer: Number of the answer, from 1.
        is_right: Whether the page calls it the right one.
        language: In which the question was read.
        idempotency_key: The same for a second press.
        now: The instant (UTC).
    """

    slug: str
    answer: int
    is_right: bool
    language: Language
    idempotency_key: UUID
    now: datetime


def note_opening(session: Session, access: PatientAccess, slug: str, now: datetime) -> None:
    """
    Count that a page was opened; the caller commits.

    Without the patient's consent nothing is kept, and nothing is refused: reading needs none.
    Pages are opened often, so only the first time that somebody opens one is noted in the audit;
    how often it was come to later stands in the row alone.

    Raises:
        AccessDenied: For the clinic's staff, whose reading is nobody's record.
    """
    episode = current_episode(session, access)
    if access.is_by_staff:
        raise AccessDenied
    try:
        require_consent(session, access)
    except ConsentMissing:
        return
    if _count(session, access, episode, slug, now) == 1:
        # Not which page: that would tell the procedure to whoever reads the audit.
        note_patient_act(session, access, "page.opened")


def answer_question(session: Session, access: PatientAccess, press: AnswerPress) -> None:
    """
    Keep an answer; the caller commits. A second press adds nothing, another answer is kept too.

    Raises:
        AccessDenied: For the clinic's staff.
        ConsentMissing: If the patient does not agree to the log.
        InvalidEntry: If no answer has that number.
    """
    episode = current_episode(session, access)
    if access.is_by_staff:
        raise AccessDenied
    require_consent(session, access)
    if press.answer < 1:
        raise InvalidEntry("Choose one of the answers.")
    row = TeachBackAnswerRow(
        clinic_id=episode.clinic_id,
        episode_id=episode.id,
        account_id=access.actor.account_id,
        slug=press.slug,
        language=press.language,
        answer=press.answer,
        is_right=press.is_right,
        is_by_proxy=access.is_proxy,
        idempotency_key=press.idempotency_key,
        answered_at=press.now,
    )
    if add_once(
        session,
        row,
        lambda: is_press_stored(session, TeachBackAnswerRow, episode, press.idempotency_key),
    ):
        note_patient_act(session, access, "question.answered", str(row.id))


def list_openings(session: Session, access: PatientAccess) -> list[Opening]:
    """Return which pages were opened in the current episode, the first opened first."""
    episode = current_episode(session, access)
    rows = session.exec(
        select(PageOpeningRow)
        .where(
            PageOpeningRow.clinic_id == episode.clinic_id, PageOpeningRow.episode_id == episode.id
        )
        .order_by(col(PageOpeningRow.first_opened_at), col(PageOpeningRow.slug))
    )
    return [
        Opening(
            slug=row.slug,
            opened_by=row.account_id,
            is_by_proxy=row.is_by_proxy,
            first_opened_at=row.first_opened_at,
            last_opened_at=row.last_opened_at,
            times=row.times,
        )
        for row in rows
    ]


def list_answers(session: Session, access: PatientAccess) -> list[PageAnswer]:
    """Return the answers given in the current episode, the first given first."""
    episode = current_episode(session, access)
    rows = session.exec(
        select(TeachBackAnswerRow)
        .where(
            TeachBackAnswerRow.clinic_id == episode.clinic_id,
            TeachBackAnswerRow.episode_id == episode.id,
        )
        .order_by(col(TeachBackAnswerRow.answered_at), col(TeachBackAnswerRow.id))
    )
    return [
        PageAnswer(
            slug=row.slug,
            answer=row.answer,
            is_right=row.is_right,
            is_by_proxy=row.is_by_proxy,
            answered_at=row.answered_at,
        )
        for row in rows
    ]


def _count(
    session: Session, access: PatientAccess, episode: EpisodeRow, slug: str, now: datetime
) -> int | None:
    """Return how often the page was come to; None while it is the same reading of it."""
    key = {
        "clinic_id": episode.clinic_id,
        "episode_id": episode.id,
        "account_id": access.actor.account_id,
        "slug": slug,
    }
    first = {
        "first_opened_at": now,
        "last_opened_at": now,
        "times": 1,
        "is_by_proxy": access.is_proxy,
    }
    # One statement, so that two tabs never both find that there is none.
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    counted = session.exec(
        dialect.insert(PageOpeningRow)
        .values(**key, **first)
        .on_conflict_do_update(
            index_elements=list(key),
            set_={"last_opened_at": now, "times": col(PageOpeningRow.times) + 1},
            where=col(PageOpeningRow.last_opened_at) <= now - ONE_VISIT,
        )
        .returning(col(PageOpeningRow.times))
    )
    times: int | None = counted.scalar_one_or_none()
    return times
