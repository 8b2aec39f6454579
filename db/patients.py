"""Patients: the way to an access, enrolment, and the record itself."""

import re
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.assignments import assignment, is_assigned, sees_all
from db.audit import note_act, note_patient_act
from db.emergencies import is_open_in_emergency
from db.looks import READ, READ_IN_EMERGENCY
from db.models import EpisodeRow, EpisodeStatusRow, PatientNameWordRow, PatientRow, utc_now
from db.names import fold, words_of
from db.once import add_once
from recovery.access import TREATING, Actor, ClinicAccess, PatientAccess, grant_patient
from recovery.episodes import BracePlan, Enrolment, Episode, Patient
from recovery.errors import AccessDenied


def authorize(session: Session, actor: Actor, patient_id: UUID) -> PatientAccess:
    """
    Return the actor's access to a patient.

    Raises:
        AccessDenied: If the patient does not exist or is not the actor's to see;
            both look the same.
    """
    row = session.get(PatientRow, (actor.clinic_id, patient_id))
    if row is None:
        raise AccessDenied
    is_theirs = _is_theirs(session, actor, row.id)
    return grant_patient(
        actor,
        patient_id=row.id,
        clinic_id=row.clinic_id,
        is_theirs=is_theirs,
        is_emergency=not is_theirs and is_open_in_emergency(session, actor, row.id, utc_now()),
    )


def renewed(session: Session, access: PatientAccess) -> PatientAccess:
    """
    Ask again for the access of a page that may have stood open while it ended.

    Raises:
        AccessDenied: As for ``authorize``.
    """
    return authorize(session, access.actor, access.patient_id)


def own_access(session: Session, actor: Actor) -> PatientAccess:
    """
    Return a patient's access to the own record.

    Raises:
        AccessDenied: If the actor is not a patient.
    """
    if actor.patient_id is None:
        raise AccessDenied
    return authorize(session, actor, actor.patient_id)


def get_patient(session: Session, access: PatientAccess, *, act: str = READ) -> Patient:
    """
    Return the patient with the current episode.

    Read by the clinic's staff, it leaves an audit entry, so it must run
    inside ``db.engine.writing``.

    Args:
        session: A session of ``db.engine.writing``.
        access: The access to the patient.
        act: What the entry says; anything but a read is no look at the chart, as when a page
            is printed that nobody has seen yet.

    Raises:
        AccessDenied: If the patient is gone.
    """
    if access.is_by_staff:
        is_urgent = act == READ and access.is_emergency
        note_patient_act(session, access, READ_IN_EMERGENCY if is_urgent else act)
    row = session.get(PatientRow, (access.clinic_id, access.patient_id))
    if row is None:
        raise AccessDenied
    return Patient(
        patient_id=row.id,
        clinic_id=row.clinic_id,
        name=row.name,
        date_of_birth=row.date_of_birth,
        time_zone=row.time_zone,
        episode=_to_episode(current_episode(session, access)),
    )


def enrol(
    session: Session, access: ClinicAccess, enrolment: Enrolment, now: datetime
) -> PatientAccess:
    """
    Add a patient and the episode; the caller commits.

    A form sent twice carries the same ``patient_id`` and enrols once.

    Raises:
        InvalidEntry: Naming what to change.
    """
    checked = enrolment.checked(now)
    granted = grant_patient(access.actor, patient_id=checked.patient_id, clinic_id=access.clinic_id)
    patient, episode = enrolment_rows(checked, granted)
    key = (granted.clinic_id, granted.patient_id)
    if not add_once(session, patient, lambda: session.get(PatientRow, key) is not None):
        return granted
    session.add_all([*name_words(patient), assignment(granted, access.actor.account_id, now)])
    session.add(episode)
    session.flush()
    session.add(first_status(patient, episode))
    note_act(session, access.actor, "patient.enrolled", patient_id=patient.id)
    return granted


def enrolment_rows(enrolment: Enrolment, access: PatientAccess) -> tuple[PatientRow, EpisodeRow]:
    """Return the rows of a checked enrolment, not yet added."""
    by = access.actor.account_id
    patient = PatientRow(
        clinic_id=access.clinic_id,
        id=enrolment.patient_id,
        name=enrolment.name,
        date_of_birth=enrolment.date_of_birth,
        time_zone=enrolment.time_zone,
        created_by=by,
    )
    plan = enrolment.brace_plan
    episode = EpisodeRow(
        clinic_id=access.clinic_id,
        patient_id=enrolment.patient_id,
        procedure=enrolment.procedure,
        procedure_date=enrolment.procedure_date,
        treated_levels=" ".join(enrolment.treated_levels),
        baseline_nrs=enrolment.baseline_nrs,
        brace_hours_per_day=plan.hours_per_day if plan else None,
        brace_from=plan.from_date if plan else None,
        brace_to=plan.to_date if plan else None,
        created_by=by,
    )
    return patient, episode


def name_words(patient: PatientRow) -> list[PatientNameWordRow]:
    """Return one row per different word of the patient's name, joined names also in parts."""
    whole = words_of(patient.name)
    words = {*whole, *(part for word in whole for part in re.split(r"[-']", word))} - {""}
    return [
        PatientNameWordRow(clinic_id=patient.clinic_id, word=word, patient_id=patient.id)
        for word in sorted(words)
    ]


def first_status(patient: PatientRow, episode: EpisodeRow) -> EpisodeStatusRow:
    """Return the review row of an episode without any report."""
    return EpisodeStatusRow(
        clinic_id=episode.clinic_id,
        episode_id=episode.id,
        patient_id=patient.id,
        name=patient.name,
        sort_name=fold(patient.name),
        time_zone=patient.time_zone,
        procedure=episode.procedure,
        procedure_date=episode.procedure_date,
    )


# Put together once: every page asks for it several times.
_NEWEST_EPISODE = (
    select(EpisodeRow)
    .where(
        col(EpisodeRow.clinic_id) == sa.bindparam("clinic"),
        col(EpisodeRow.patient_id) == sa.bindparam("patient"),
    )
    .order_by(col(EpisodeRow.procedure_date).desc(), col(EpisodeRow.id).desc())
    .limit(1)
)


def current_episode(session: Session, access: PatientAccess) -> EpisodeRow:
    """
    Return the patient's newest episode; for use inside ``db``.

    Read once in each transaction, which asks for it several times.

    Raises:
        AccessDenied: If there is none.
    """
    known: EpisodeRow | None = session.info.get(access.patient_id)
    if known is not None and known.clinic_id == access.clinic_id:
        return known
    whose = {"clinic": access.clinic_id, "patient": access.patient_id}
    row = session.exec(_NEWEST_EPISODE, params=whose).first()
    if row is None:
        raise AccessDenied
    session.info[access.patient_id] = row
    return row


def patient_zone(session: Session, access: PatientAccess) -> str:
    """
    Return the IANA name of the time zone of a patient, who is not looked at for it.

    Raises:
        AccessDenied: If the patient is gone.
    """
    patient = session.get(PatientRow, (access.clinic_id, access.patient_id))
    if patient is None:
        raise AccessDenied
    return patient.time_zone


def _is_theirs(session: Session, actor: Actor, patient_id: UUID) -> bool:
    """Tell whether a patient of the clinic is one of those the actor looks after."""
    if actor.role not in TREATING or sees_all(session, actor.clinic_id):
        return True
    return is_assigned(session, actor, patient_id)


def _to_episode(row: EpisodeRow) -> Episode:
    plan = None
    if row.brace_hours_per_day is not None and row.brace_from is not None:
        plan = BracePlan(
            hours_per_day=row.brace_hours_per_day, from_date=row.brace_from, to_date=row.brace_to
        )
    return Episode(
        episode_id=row.id,
        procedure=row.procedure,
        procedure_date=row.procedure_date,
        treated_levels=tuple(row.treated_levels.split()),
        baseline_nrs=row.baseline_nrs,
        brace_plan=plan,
    )
