"""Visits that lie ahead, planned by the clinic's staff; each day at most once."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from db.assignments import seen_by, sees_all
from db.audit import note_act, note_patient_act
from db.models import AccountRow, EpisodeStatusRow, PlannedVisitRow, VisitNoteRow
from db.once import add_once
from db.patients import current_episode
from recovery.access import TREATING, ClinicAccess, PatientAccess
from recovery.errors import AccessDenied
from recovery.visits import PlannedVisit, VisitPatient, check_plannable, last_visit


def plan_visit(
    session: Session, access: PatientAccess, day: date, *, today: date, now: datetime
) -> None:
    """
    Expect the patient on a day; the caller commits. A day that is planned already stays so.

    Args:
        session: A session of ``db.engine.writing``.
        access: Of one who looks after the patient.
        day: From today up to a year ahead.
        today: The patient's own day.
        now: The instant (UTC).

    Raises:
        AccessDenied: If not the treating staff plans, or in an emergency alone.
        InvalidEntry: If the day has passed or is too far ahead.
    """
    _check_may_plan(access)
    check_plannable(day, today)
    episode = current_episode(session, access)
    row = PlannedVisitRow(
        clinic_id=episode.clinic_id,
        episode_id=episode.id,
        visit_date=day,
        created_at=now,
        created_by=access.actor.account_id,
    )
    key = (row.clinic_id, row.episode_id, day)
    if add_once(session, row, lambda: session.get(PlannedVisitRow, key) is not None):
        note_patient_act(session, access, "visit.planned", day.isoformat())


def unplan_visit(session: Session, access: PatientAccess, day: date) -> None:
    """
    Expect the patient no more on a day, or say that a visit did not take place.

    The caller commits. A day that is not planned stays so.

    Raises:
        AccessDenied: As for ``plan_visit``.
    """
    _check_may_plan(access)
    episode = current_episode(session, access)
    row = session.get(PlannedVisitRow, (access.clinic_id, episode.id, day), with_for_update=True)
    if row is None:
        return
    session.delete(row)
    session.flush()
    note_patient_act(session, access, "visit.unplanned", day.isoformat())


def list_planned_visits(session: Session, access: PatientAccess) -> list[PlannedVisit]:
    """Return the planned visits of the current episode, past ones too, the earliest first."""
    episode = current_episode(session, access)
    rows = session.exec(
        select(col(PlannedVisitRow.visit_date), AccountRow.display_name)
        .join(AccountRow, col(AccountRow.id) == col(PlannedVisitRow.created_by))
        .where(
            PlannedVisitRow.clinic_id == episode.clinic_id,
            PlannedVisitRow.episode_id == episode.id,
        )
        .order_by(col(PlannedVisitRow.visit_date))
    )
    return [PlannedVisit(day=day, planned_by_name=name) for day, name in rows]


def last_visit_day(session: Session, access: PatientAccess, today: date) -> date | None:
    """
    Return the day of the last visit of the current episode, noted or planned, before today.

    Returns:
        None when there was none since the procedure.
    """
    episode = current_episode(session, access)
    of_notes = select(col(VisitNoteRow.visit_date)).where(
        VisitNoteRow.clinic_id == episode.clinic_id, VisitNoteRow.episode_id == episode.id
    )
    of_plans = select(col(PlannedVisitRow.visit_date)).where(
        PlannedVisitRow.clinic_id == episode.clinic_id, PlannedVisitRow.episode_id == episode.id
    )
    days = [*session.exec(of_notes), *session.exec(of_plans)]
    return last_visit(days, procedure_date=episode.procedure_date, today=today)


def visits_on(session: Session, access: ClinicAccess, day: date) -> list[VisitPatient]:
    """Return who is expected on a day and is the actor's to see, by name; leaves an audit entry."""
    statement = (
        select(EpisodeStatusRow)
        .join(
            PlannedVisitRow,
            (col(PlannedVisitRow.clinic_id) == col(EpisodeStatusRow.clinic_id))
            & (col(PlannedVisitRow.episode_id) == col(EpisodeStatusRow.episode_id)),
        )
        .where(PlannedVisitRow.clinic_id == access.clinic_id, PlannedVisitRow.visit_date == day)
        .order_by(col(EpisodeStatusRow.sort_name), col(EpisodeStatusRow.episode_id))
    )
    if not sees_all(session, access.clinic_id):
        statement = statement.where(seen_by(access.actor, col(EpisodeStatusRow.patient_id)))
    # By the person, who may have a visit for each of two procedures.
    expected = {row.patient_id: row.name for row in session.exec(statement)}
    note_act(session, access.actor, "visits.listed", subject=day.isoformat())
    return [VisitPatient(patient_id=key, name=name) for key, name in expected.items()]


def _check_may_plan(access: PatientAccess) -> None:
    # An hour in an emergency does not include what outlasts it.
    if access.actor.role not in TREATING or access.is_emergency:
        raise AccessDenied
