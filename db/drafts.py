"""Answers given but not saved yet, kept per author and day."""

from datetime import date, datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from db.consents import require_consent
from db.models import ReportDraftRow
from db.patients import current_episode
from recovery.access import PatientAccess
from recovery.reports import PartialReport

MAX_DRAFT_NOTE_LENGTH = 20_000
"""Characters of an unsaved note that are kept; ten times what can be saved."""


def keep_draft(
    session: Session, access: PatientAccess, day: date, answers: PartialReport, now: datetime
) -> None:
    """
    Keep the answers given so far about *day*; the caller commits.

    Raises:
        ConsentMissing: If the patient does not agree to the log.
    """
    episode = current_episode(session, access)
    require_consent(session, access)
    kept = answers.to_json()
    if answers.note:
        kept["note"] = answers.note[:MAX_DRAFT_NOTE_LENGTH]
    key = {
        "clinic_id": episode.clinic_id,
        "episode_id": episode.id,
        "account_id": access.actor.account_id,
        "day": day,
    }
    content = {"answers": kept, "updated_at": now}
    # One statement, so that two tabs never both find that there is none.
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.exec(
        dialect.insert(ReportDraftRow)
        .values(**key, **content)
        .on_conflict_do_update(index_elements=list(key), set_=content)
    )


def find_draft(session: Session, access: PatientAccess, day: date) -> PartialReport | None:
    """Return the actor's own unsaved answers about *day*, or None."""
    row = _find_row(session, access, day)
    return None if row is None else PartialReport.from_json(row.answers)


def drop_draft(session: Session, access: PatientAccess, day: date) -> None:
    """Forget the actor's unsaved answers about *day*; the caller commits."""
    row = _find_row(session, access, day)
    if row is not None:
        session.delete(row)


def _find_row(session: Session, access: PatientAccess, day: date) -> ReportDraftRow | None:
    episode = current_episode(session, access)
    key = (episode.clinic_id, episode.id, access.actor.account_id, day)
    return session.get(ReportDraftRow, key, populate_existing=True)
