"""
Who may call which function of ``db``, about whom: the table behind ``test_access_matrix``.

Each function that takes an access stands here once, with the roles that it serves and a call
with arguments that would be right if the caller were allowed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from db import (
    accounts,
    alert_queue,
    alerts,
    assignments,
    audit_log,
    backup_plan,
    briefs,
    carers,
    clinic_invitations,
    clinic_values,
    clinics,
    cohorts,
    consents,
    drafts,
    emergencies,
    erasure,
    events,
    identities,
    invitations,
    jobs,
    judgement_settings,
    languages,
    learning,
    looks,
    new_accounts,
    one_time_codes,
    open_sessions,
    outcomes,
    own_data,
    passkeys,
    patients,
    questionnaires,
    replay_logs,
    reports,
    review,
    review_counts,
    review_filters,
    review_views,
    scale_people,
    visit_notes,
    visit_questions,
    visits,
)
from recovery.access import AdminAccess, ClinicAccess, PatientAccess, Role
from recovery.alerts import AlertActKind, AlertPress
from recovery.emergency import EmergencyReason
from recovery.judgement.settings import JudgementSettings
from recovery.outcomes import OutcomeQuery
from recovery.questionnaires import Instrument
from recovery.reports import Event, EventKind, PartialReport
from recovery.review import ReviewQuery
from recovery.review_views import ReviewView
from recovery.wording import Language
from tests.factories import NOW, TODAY, enrolment, saving

PATIENT = frozenset({Role.PATIENT})
TREATING = frozenset({Role.CLINICIAN, Role.ASSISTANT})
CLINICIAN = frozenset({Role.CLINICIAN})
OWN_SIDE = frozenset({Role.PATIENT, Role.CARER})
NOT_CARER = PATIENT | TREATING
ALL = OWN_SIDE | TREATING


class Target(StrEnum):
    """Whose record, or which row, is asked for."""

    OWN = "own"
    SAME_CLINIC = "same clinic"
    OTHER_CLINIC = "other clinic"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Keys of rows that stand beside one patient."""

    patient_id: UUID
    carer_id: UUID
    event_id: UUID
    alert_id: UUID
    invitation_id: UUID
    emergency_id: UUID
    staff_id: UUID
    session_id: UUID
    question_id: UUID

    @classmethod
    def unknown(cls) -> "Rows":
        """Return keys of nothing."""
        return cls(**{name: uuid4() for name in cls.__dataclass_fields__})


Call = Callable[[Session, Any, Rows], object]
_ASKED = emergencies.Asked(
    patient_name="nobody",
    date_of_birth=enrolment().date_of_birth,
    reason=EmergencyReason.OTHER,
    words="test",
)


def _fall() -> Event:
    return Event(kind=EventKind.FALL, occurred_at=NOW - timedelta(hours=1))


def _note() -> visit_notes.NotePress:
    return visit_notes.NotePress(
        visit_date=TODAY, text="test", today=TODAY, idempotency_key=uuid4(), now=NOW
    )


def _plan(session: Session, access: PatientAccess, _rows: Rows) -> None:
    visits.plan_visit(session, access, TODAY, today=TODAY, now=NOW)


def _withdraw_question(session: Session, access: PatientAccess, rows: Rows) -> None:
    visit_questions.withdraw_question(session, access, rows.question_id, NOW)


def _answering() -> questionnaires.Answering:
    return questionnaires.Answering(
        instrument=Instrument.PGIC,
        due_pod=10,
        answers=(4,),
        milestone_days=(10,),
        language=Language.ENGLISH,
        today=TODAY,
        now=NOW,
    )


def _read(function: Callable[..., object], *arguments: object) -> Call:
    return lambda session, access, _rows: function(session, access, *arguments)


def _save(session: Session, access: PatientAccess, _rows: Rows) -> object:
    return reports.save_report(session, access, saving(day=TODAY - timedelta(days=1)))


def _add_event(session: Session, access: PatientAccess, _rows: Rows) -> None:
    events.add_event(session, access, _fall(), idempotency_key=uuid4(), now=NOW)


def _see(session: Session, access: PatientAccess, rows: Rows) -> object:
    press = AlertPress(alert_id=rows.alert_id, expected_version=1, kind=AlertActKind.SEEN)
    return alerts.act_on_alert(session, access, press, today=TODAY, now=NOW)


def _answer() -> learning.AnswerPress:
    return learning.AnswerPress(
        slug="brace",
        answer=1,
        is_right=True,
        language=Language.ENGLISH,
        idempotency_key=uuid4(),
        now=NOW,
    )


def _assign(session: Session, access: PatientAccess, rows: Rows) -> None:
    assignments.assign(session, access, {rows.staff_id}, NOW)


NOT_IN_AN_EMERGENCY: frozenset[Callable[..., object]] = frozenset(
    {
        alerts.act_on_alert,
        assignments.assign,
        erasure.request_erasure,
        erasure.withdraw_erasure_request,
        visits.plan_visit,
        visits.unplan_visit,
    }
)
"""What an hour in an emergency does not include: whatever would outlast it."""

PATIENT_CALLS: dict[Callable[..., object], tuple[frozenset[Role], Call]] = {
    alerts.act_on_alert: (TREATING, _see),
    alerts.list_alerts: (TREATING, _read(alerts.list_alerts)),
    assignments.list_colleagues: (TREATING, _read(assignments.list_colleagues)),
    assignments.assign: (TREATING, _assign),
    briefs.get_brief_patient: (
        TREATING,
        lambda session, access, _rows: briefs.get_brief_patient(session, access, is_exported=True),
    ),
    carers.list_carers: (ALL, _read(carers.list_carers)),
    carers.end_carer: (
        PATIENT,
        lambda session, access, rows: carers.end_carer(session, access, rows.carer_id, NOW),
    ),
    consents.list_consents: (ALL, _read(consents.list_consents)),
    consents.give_consent: (PATIENT, _read(consents.give_consent, "test", NOW)),
    consents.withdraw_consent: (PATIENT, _read(consents.withdraw_consent, NOW)),
    consents.require_consent: (ALL, _read(consents.require_consent)),
    drafts.keep_draft: (ALL, _read(drafts.keep_draft, TODAY, PartialReport(), NOW)),
    drafts.find_draft: (ALL, _read(drafts.find_draft, TODAY)),
    drafts.drop_draft: (ALL, _read(drafts.drop_draft, TODAY)),
    erasure.request_erasure: (NOT_CARER, _read(erasure.request_erasure, NOW)),
    # Staff take back what staff passed on; the wish here is the patient's own.
    erasure.withdraw_erasure_request: (PATIENT, _read(erasure.withdraw_erasure_request)),
    erasure.find_erasure_request: (ALL, _read(erasure.find_erasure_request)),
    events.add_event: (ALL, _add_event),
    events.list_events: (ALL, _read(events.list_events)),
    # A carer takes back only what the carer recorded; the event here is the patient's.
    events.withdraw_event: (
        NOT_CARER,
        lambda session, access, rows: events.withdraw_event(session, access, rows.event_id, NOW),
    ),
    invitations.invite: (PATIENT, _read(invitations.invite, Role.CARER, NOW)),
    invitations.list_open_invitations: (ALL, _read(invitations.list_open_invitations, NOW)),
    invitations.revoke_invitations: (
        PATIENT,
        _read(invitations.revoke_invitations, Role.CARER, NOW),
    ),
    learning.note_opening: (OWN_SIDE, _read(learning.note_opening, "brace", NOW)),
    learning.answer_question: (
        OWN_SIDE,
        lambda session, access, _rows: learning.answer_question(session, access, _answer()),
    ),
    learning.list_openings: (ALL, _read(learning.list_openings)),
    learning.list_answers: (ALL, _read(learning.list_answers)),
    looks.list_looks: (PATIENT, _read(looks.list_looks)),
    looks.newest_look: (OWN_SIDE, _read(looks.newest_look, NOW)),
    new_accounts.find_patient_account: (ALL, _read(new_accounts.find_patient_account)),
    own_data.own_data: (PATIENT, _read(own_data.own_data, NOW)),
    patients.get_patient: (ALL, _read(patients.get_patient)),
    patients.current_episode: (ALL, _read(patients.current_episode)),
    patients.patient_zone: (ALL, _read(patients.patient_zone)),
    questionnaires.save_response: (
        OWN_SIDE,
        lambda session, access, _rows: questionnaires.save_response(session, access, _answering()),
    ),
    questionnaires.list_responses: (ALL, _read(questionnaires.list_responses)),
    reports.save_report: (ALL, _save),
    reports.find_report: (ALL, _read(reports.find_report, TODAY)),
    reports.list_reports: (ALL, _read(reports.list_reports)),
    reports.list_past_answers: (ALL, _read(reports.list_past_answers)),
    visit_notes.add_visit_note: (
        CLINICIAN,
        lambda session, access, _rows: visit_notes.add_visit_note(session, access, _note()),
    ),
    visit_notes.list_visit_notes: (ALL, _read(visit_notes.list_visit_notes)),
    visit_questions.add_question: (
        OWN_SIDE,
        lambda session, access, _rows: visit_questions.add_question(session, access, "test", NOW),
    ),
    # A carer takes back only what the carer asked; the question here is the patient's.
    visit_questions.withdraw_question: (PATIENT, _withdraw_question),
    visit_questions.list_questions: (ALL, _read(visit_questions.list_questions)),
    visits.plan_visit: (TREATING, _plan),
    visits.unplan_visit: (TREATING, _read(visits.unplan_visit, TODAY)),
    visits.list_planned_visits: (ALL, _read(visits.list_planned_visits)),
    visits.last_visit_day: (ALL, _read(visits.last_visit_day, TODAY)),
}
"""Functions about one patient, with the roles they serve once those have an access."""


def _enrol(session: Session, access: ClinicAccess, _rows: Rows) -> object:
    return patients.enrol(session, access, enrolment(name="New Person"), NOW)


def _outcome_query() -> OutcomeQuery:
    return OutcomeQuery(procedure="kyphoplasty", milestone_days=(14,), today=TODAY)


CLINIC_CALLS: dict[Callable[..., object], Call] = {
    emergencies.open_in_emergency: _read(emergencies.open_in_emergency, _ASKED, NOW),
    cohorts.cohort_curve: _read(cohorts.cohort_curve, "kyphoplasty"),
    outcomes.clinic_outcomes: _read(outcomes.clinic_outcomes, _outcome_query()),
    outcomes.counted_procedures: _read(outcomes.counted_procedures, ["kyphoplasty"]),
    outcomes.list_treating: _read(outcomes.list_treating),
    outcomes.procedure_months: _read(outcomes.procedure_months, "kyphoplasty"),
    patients.enrol: _enrol,
    review.list_episodes: _read(review.list_episodes, ReviewQuery(), NOW),
    visits.visits_on: _read(visits.visits_on, TODAY),
    review.export_episodes: _read(review.export_episodes, ReviewQuery(), NOW),
    review.note_list_export: _read(review.note_list_export),
    review_counts.count_reasons: _read(review_counts.count_reasons),
    review_views.list_views: _read(review_views.list_views),
    review_views.save_view: _read(review_views.save_view, "test", ReviewView(), NOW),
    review_views.delete_view: _read(review_views.delete_view, "test"),
    review_views.look: _read(review_views.look, NOW),
    review_views.last_look: _read(review_views.last_look),
}
"""Functions about a clinic's patients; for clinicians and assistants."""


def _change_settings(session: Session, access: AdminAccess, _rows: Rows) -> None:
    settings = clinics.clinic_settings(session, access.actor)
    clinics.change_settings(session, access, replace(settings, phone="555-0101"))


def _create_staff(session: Session, access: AdminAccess, _rows: Rows) -> object:
    name = f"new-{uuid4().hex[:8]}"
    return new_accounts.create_staff(
        session, access, username=name, display_name=name, role=Role.CLINICIAN
    )


def _erase(session: Session, access: AdminAccess, rows: Rows) -> None:
    erasure.erase_patient(session, access, rows.patient_id)


def _change_values(session: Session, access: AdminAccess, _rows: Rows) -> None:
    clinic_values.change_clinic_values(
        session, access, "kyphoplasty", {"driving_days": 3}, drawn_from={"driving_days": None}
    )


ADMIN_CALLS: dict[Callable[..., object], Call] = {
    accounts.list_staff: _read(accounts.list_staff),
    alert_queue.alert_queue: _read(alert_queue.alert_queue),
    jobs.job_state: _read(jobs.job_state, "counting"),
    audit_log.list_entries: _read(audit_log.list_entries, audit_log.LogQuery()),
    audit_log.export_entries: _read(audit_log.export_entries, audit_log.LogQuery()),
    audit_log.note_export: _read(audit_log.note_export),
    audit_log.list_actions: _read(audit_log.list_actions),
    backup_plan.find_plan: _read(backup_plan.find_plan),
    backup_plan.sets_plan: _read(backup_plan.sets_plan),
    clinic_invitations.list_clinic_invitations: _read(
        clinic_invitations.list_clinic_invitations, NOW
    ),
    clinic_values.change_clinic_values: _change_values,
    clinics.change_settings: _change_settings,
    emergencies.list_emergencies: _read(emergencies.list_emergencies),
    emergencies.count_unreviewed: _read(emergencies.count_unreviewed),
    judgement_settings.save_judgement_settings: _read(
        judgement_settings.save_judgement_settings, JudgementSettings(), NOW
    ),
    erasure.list_erasure_requests: _read(erasure.list_erasure_requests),
    new_accounts.create_staff: _create_staff,
    open_sessions.list_clinic_sessions: _read(open_sessions.list_clinic_sessions, NOW),
    replay_logs.read_logs: _read(replay_logs.read_logs, TODAY),
    replay_logs.note_replay: _read(replay_logs.note_replay, 1),
}
"""Functions about a clinic; for its administrators."""

ADMIN_KEY_CALLS: dict[Callable[..., object], Call] = {
    accounts.reset_password: lambda session, access, rows: accounts.reset_password(
        session, access, rows.staff_id
    ),
    accounts.set_active: lambda session, access, rows: accounts.set_active(
        session, access, rows.staff_id, is_active=False
    ),
    clinic_invitations.revoke_clinic_invitation: lambda session, access, rows: (
        clinic_invitations.revoke_clinic_invitation(session, access, rows.invitation_id, NOW)
    ),
    emergencies.review_emergency: lambda session, access, rows: emergencies.review_emergency(
        session, access, rows.emergency_id, NOW
    ),
    erasure.erase_patient: _erase,
    one_time_codes.forget_codes_of: lambda session, access, rows: one_time_codes.forget_codes_of(
        session, access, rows.staff_id, NOW
    ),
    open_sessions.end_clinic_session: lambda session, access, rows: (
        open_sessions.end_clinic_session(session, access, rows.session_id, NOW)
    ),
}
"""Functions of an administrator that take the key of a row; of the own clinic's alone."""

PATIENT_KEY_CALLS: dict[Callable[..., object], tuple[frozenset[Role], Call]] = {
    function: PATIENT_CALLS[function]
    for function in (
        alerts.act_on_alert,
        carers.end_carer,
        events.withdraw_event,
        assignments.assign,
        visit_questions.withdraw_question,
    )
}
"""Functions about one patient that take the key of another row, which may be anybody's."""

EXEMPT: dict[Callable[..., object], str] = {
    assignments.is_assigned: "tells whether, and hands out nothing",
    assignments.seen_by: "is a condition of a query",
    review_filters.filters_of: "is conditions of a query",
    assignments.assignment: "makes a row of values in hand",
    emergencies.is_open_in_emergency: "tells whether, and hands out nothing",
    clinic_values.clinic_values: "is the own clinic's, which everybody of it reads",
    judgement_settings.judgement_settings: "is the own clinic's, which everybody of it reads",
    judgement_settings.list_settings_versions: "is the own clinic's, which everybody of it reads",
    backup_plan.change_plan: "is for an only clinic alone; tested in backups",
    clinics.clinic_settings: "is the own clinic's, which everybody of it sees",
    languages.choose_language: "is about the caller alone; tested in test_languages",
    open_sessions.list_own_sessions: "is about the caller alone; tested in test_open_sessions",
    open_sessions.end_own_session: "is about the caller alone; tested in test_open_sessions",
    open_sessions.end_other_sessions: "is about the caller alone; tested in test_open_sessions",
    passkeys.prove_by_passkey: "is about the caller alone; tested in test_passkeys",
    passkeys.remove_passkey: "is about the caller alone; tested in test_passkeys",
    identities.link_identity: "is about the caller alone; tested in test_providers",
    identities.unlink_identity: "is about the caller alone; tested in test_providers",
    cohorts.outcomes_of: "is the condition of a query",
    cohorts.of_months: "makes conditions of what is in hand",
    patients.authorize: "is what the matrix asks for every access",
    patients.renewed: "is authorize for an access in hand",
    patients.own_access: "is authorize for the own record",
    patients.enrolment_rows: "makes rows of values in hand",
    scale_people.add_person: "fills a database that holds nobody; tested in test_scale",
}
"""Functions that take an access or an actor and are not called in the matrix, with why."""
