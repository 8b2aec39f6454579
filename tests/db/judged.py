"""A recovery judged, and its row in the list."""

from datetime import timedelta

from sqlmodel import Session, select

from db.judging import Judging, judge_days
from db.models import EpisodeStatusRow
from db.patients import current_episode
from recovery.access import PatientAccess
from tests.factories import NOW, RULES, TODAY
from tests.small_clinic import SmallClinic


def row_of(session: Session, access: PatientAccess) -> EpisodeStatusRow:
    """Return the row of the review list."""
    session.flush()
    statement = select(EpisodeStatusRow).where(EpisodeStatusRow.patient_id == access.patient_id)
    return session.exec(statement).one()


def judge(session: Session, clinic: SmallClinic, days_ahead: int) -> None:
    """Judge as the sweep does, some days from now."""
    today = TODAY + timedelta(days=days_ahead)
    judging = Judging(rules=RULES, now=NOW + timedelta(days=days_ahead))
    judge_days(session, current_episode(session, clinic.treating), judging, [today])
