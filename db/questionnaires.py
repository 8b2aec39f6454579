"""Answers to short questionnaires: one for each day on which one is due, and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from db.audit import note_patient_act
from db.consents import require_consent
from db.models import EpisodeRow, QuestionnaireResponseRow
from db.patients import current_episode
from recovery.access import PatientAccess
from recovery.days import post_procedure_day
from recovery.errors import AccessDenied, InvalidEntry
from recovery.questionnaires import Instrument, QuestionnaireResponse, complete, due, score
from recovery.wording import Language, tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """
    One press of Save.

    Attributes:
        instrument: The questionnaire.
        due_pod: The post-procedure day it was asked about.
        answers: One for each question, None where none was given.
        milestone_days: The procedure's own days.
        language: In which the questions were read.
        today: The patient's own day.
        now: The instant (UTC).
    """

    instrument: Instrument
    due_pod: int
    answers: Sequence[int | None]
    milestone_days: Sequence[int]
    language: Language
    today: date
    now: datetime


def save_response(
    session: Session, access: PatientAccess, answering: Answering
) -> QuestionnaireResponse:
    """
    Store the answers of the patient, or of a carer for the patient; the caller commits.

    Raises:
        AccessDenied: If the clinic's staff would answer: how it feels is not theirs to say.
        ConsentMissing: If the patient does not agree to the log.
        InvalidEntry: If a question has no answer, if the day was answered already, or if it
            cannot be answered today.
    """
    if access.is_by_staff:
        raise AccessDenied
    episode = current_episode(session, access)
    require_consent(session, access)
    answers = complete(answering.instrument, answering.answers)
    _check_due(session, episode, answering)
    row = _row(episode, access, answering, answers)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        # Somebody else answered in between; the database keeps one.
        raise _already_answered() from error
    note_patient_act(session, access, "questionnaire.answered", str(row.id))
    return _to_response(row)


def list_responses(session: Session, access: PatientAccess) -> list[QuestionnaireResponse]:
    """Return the answers of the current episode, in the order of their due days."""
    episode = current_episode(session, access)
    rows = session.exec(
        select(QuestionnaireResponseRow)
        .where(
            QuestionnaireResponseRow.clinic_id == episode.clinic_id,
            QuestionnaireResponseRow.episode_id == episode.id,
        )
        .order_by(col(QuestionnaireResponseRow.due_pod), col(QuestionnaireResponseRow.instrument))
    )
    return [_to_response(row) for row in rows]


def _check_due(session: Session, episode: EpisodeRow, answering: Answering) -> None:
    answered = session.exec(
        select(QuestionnaireResponseRow.due_pod).where(
            QuestionnaireResponseRow.clinic_id == episode.clinic_id,
            QuestionnaireResponseRow.episode_id == episode.id,
            QuestionnaireResponseRow.instrument == answering.instrument,
        )
    ).all()
    if answering.due_pod in answered:
        raise _already_answered()
    pod = post_procedure_day(episode.procedure_date, answering.today)
    if due(answering.instrument, pod, answering.milestone_days, answered) != answering.due_pod:
        raise InvalidEntry(
            tr("These questions are not open today. Home shows when there are new ones.")
        )


def _already_answered() -> InvalidEntry:
    return InvalidEntry(
        tr("These questions are answered already. Thank you. There is nothing more to do.")
    )


def _row(
    episode: EpisodeRow, access: PatientAccess, answering: Answering, answers: tuple[int, ...]
) -> QuestionnaireResponseRow:
    found = score(answering.instrument, answers)
    assert found is not None  # noqa: S101 - complete answers have a score
    return QuestionnaireResponseRow(
        clinic_id=episode.clinic_id,
        episode_id=episode.id,
        instrument=answering.instrument,
        due_pod=answering.due_pod,
        answered_on=answering.today,
        language=answering.language,
        answers=list(answers),
        score=found,
        is_by_proxy=access.is_proxy,
        created_at=answering.now,
        created_by=access.actor.account_id,
    )


def _to_response(row: QuestionnaireResponseRow) -> QuestionnaireResponse:
    return QuestionnaireResponse(
        instrument=row.instrument,
        due_pod=row.due_pod,
        answered_on=row.answered_on,
        language=row.language,
        answers=tuple(row.answers),
        score=row.score,
        is_by_proxy=row.is_by_proxy,
    )
