"""A demo clinic with made-up people, the same on every run for a given day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlmodel import Session, col, select

from db.assignments import assignment
from db.demo_block import BLOCK_NUMBER, block_events, with_block
from db.demo_courses import CourseKind, made_up_reports
from db.demo_events import made_up_event
from db.demo_people import DEMO_ZONE, KINDS, TREES, draw_enrolment, draw_id, episode_of
from db.demo_questionnaires import made_up_responses
from db.demo_visits import made_up_visits
from db.engine import Database, writing
from db.models import (
    AccountRow,
    ClinicRow,
    ConsentRow,
    DailyReportRow,
    EpisodeRow,
    EpisodeStatusRow,
    QuestionnaireResponseRow,
)
from db.patients import enrolment_rows, first_status, name_words
from db.reports import answers_of
from db.status import show_need
from recovery.access import Actor, PatientAccess, Role, grant_patient
from recovery.days import is_late
from recovery.episodes import Episode
from recovery.errors import InvalidEntry
from recovery.reports import DailyReport

DEMO_CONSENT = "2026-11-25"
"""Version of the text that the made-up people agreed to."""

DEMO_CLINIC_NAME = "Demo Spine Clinic"
DEMO_USERNAMES = {
    Role.PATIENT: "demo-patient",
    Role.CARER: "demo-carer",
    Role.ASSISTANT: "demo-assistant",
    Role.CLINICIAN: "demo-clinician",
    Role.ADMINISTRATOR: "demo-administrator",
}
SECOND_CLINICIAN = "demo-second-clinician"
"""To whom alerts go that nobody touched; nobody signs in as this one."""

_MONDAY_WEDNESDAY_FRIDAY = 0b001_0101
_BY_CARER = 0.15
# No hash has this form, so nobody signs in to a demo account with a password.
_NO_PASSWORD = "!"  # noqa: S105 - the opposite of a password


@dataclass(frozen=True, slots=True)
class DemoClinic:
    """The demo clinic's key and how many people follow-up was made up for."""

    clinic_id: UUID
    patients: int


def fill_demo(database: Database, today: date) -> DemoClinic:
    """
    Fill *database* with a demo clinic in one transaction.

    Raises:
        InvalidEntry: If the database holds a demo clinic already.
    """
    dice = Random(f"mendline {today.isoformat()}")  # noqa: S311 - made-up data, no secret
    with writing(database) as session:
        if session.exec(
            select(AccountRow.id).where(col(AccountRow.username).in_(DEMO_USERNAMES.values()))
        ).first():
            raise InvalidEntry("This database holds a demo clinic already.")
        clinic = _add_clinic(session, dice)
        clinician = _add_staff(session, clinic.id, Role.CLINICIAN, dice)
        _add_staff(session, clinic.id, Role.ASSISTANT, dice)
        _add_staff(session, clinic.id, Role.ADMINISTRATOR, dice)
        second = _add_staff(session, clinic.id, Role.CLINICIAN, dice, SECOND_CLINICIAN)
        clinic.escalates_to = second.account_id
        session.add(clinic)
        for number, (tree, kind) in enumerate(zip(TREES, KINDS, strict=True)):
            _add_patient(session, clinician, tree, (number, kind), (today, dice))
        session.flush()
        return DemoClinic(clinic.id, len(TREES))


def find_demo_account(session: Session, role: Role) -> UUID | None:
    """Return the account that the demo's button for *role* signs in to, if there is one."""
    return session.exec(
        select(AccountRow.id).where(AccountRow.username == DEMO_USERNAMES[role])
    ).first()


def _add_clinic(session: Session, dice: Random) -> ClinicRow:
    row = ClinicRow(
        id=draw_id(dice),
        name=DEMO_CLINIC_NAME,
        time_zone=DEMO_ZONE,
        phone="+1 555 0100",
        reading_days=_MONDAY_WEDNESDAY_FRIDAY,
    )
    session.add(row)
    session.flush()
    return row


def _add_staff(
    session: Session, clinic_id: UUID, role: Role, dice: Random, username: str = ""
) -> Actor:
    row = AccountRow(
        id=draw_id(dice),
        clinic_id=clinic_id,
        username=username or DEMO_USERNAMES[role],
        display_name=f"Demo {'second ' if username else ''}{role.value}",
        role=role,
        password_hash=_NO_PASSWORD,
    )
    session.add(row)
    session.flush()
    return Actor(
        account_id=row.id,
        clinic_id=clinic_id,
        role=role,
        display_name=row.display_name,
        patient_id=None,
        session_id=draw_id(dice),
    )


def _add_account(
    session: Session, access: PatientAccess, tree: str, dice: Random, role: Role = Role.PATIENT
) -> UUID:
    is_first = tree == TREES[0]
    row = AccountRow(
        id=draw_id(dice),
        clinic_id=access.clinic_id,
        patient_id=access.patient_id,
        username=DEMO_USERNAMES[role] if is_first else f"demo-{tree.lower()}",
        display_name=f"Demo {tree}" if role is Role.PATIENT else f"Demo {role.value}",
        role=role,
        password_hash=_NO_PASSWORD,
    )
    session.add(row)
    session.flush()
    return row.id


def _add_patient(
    session: Session,
    clinician: Actor,
    tree: str,
    plan: tuple[int, CourseKind],
    drawn_with: tuple[date, Random],
) -> None:
    (number, kind), (today, dice) = plan, drawn_with
    enrolment = draw_enrolment(f"Demo {tree}", number, kind, today, dice)
    if number == BLOCK_NUMBER:
        enrolment = with_block(enrolment, today)
    access = grant_patient(
        clinician, patient_id=enrolment.patient_id, clinic_id=clinician.clinic_id
    )
    patient, row = enrolment_rows(enrolment, access)
    row.id = draw_id(dice)
    session.add(patient)
    session.flush()
    session.add_all([*name_words(patient), row])
    session.flush()
    status = first_status(patient, row)
    author = _add_account(session, access, tree, dice)
    agreed_at = _at(enrolment.procedure_date, 9, dice)
    session.add_all(
        [
            assignment(access, clinician.account_id, agreed_at),
            ConsentRow(
                clinic_id=access.clinic_id,
                id=draw_id(dice),
                patient_id=access.patient_id,
                text_version=DEMO_CONSENT,
                given_at=agreed_at,
                given_by=author,
            ),
        ]
    )
    carer = _add_account(session, access, tree, dice, Role.CARER) if number == 0 else None
    authors = _Authors(clinician.account_id, author, carer)
    _add_log(session, (row, episode_of(enrolment, row.id), status), plan, (today, dice), authors)


@dataclass(frozen=True, slots=True)
class _Authors:
    """The accounts that write about one made-up person."""

    clinician: UUID
    patient: UUID
    carer: UUID | None

    def is_carers(self, dice: Random) -> bool:
        """Draw whether the carer answers in the person's place."""
        return self.carer is not None and dice.random() < _BY_CARER


def _add_log(
    session: Session,
    whose: tuple[EpisodeRow, Episode, EpisodeStatusRow],
    plan: tuple[int, CourseKind],
    drawn_with: tuple[date, Random],
    authors: _Authors,
) -> None:
    """Add all that the person and the clinic entered since the procedure."""
    (row, episode, status), (number, kind), (today, dice) = whose, plan, drawn_with
    # Alerts about the days follow when the server first looks at the clock, as for any other log.
    # Today stays open for everybody: nothing is entered later than yesterday evening.
    yesterday = today - timedelta(days=1)
    reports = made_up_reports(episode, kind, yesterday, dice)
    responses = made_up_responses(row, reports, (today, dice), authors.patient)
    entries: list[DailyReportRow | QuestionnaireResponseRow] = [
        *(_report_row(row, report, authors.patient, (yesterday, dice)) for report in reports),
        *responses,
    ]
    for entry in entries:
        if authors.is_carers(dice):
            _by_carer(entry, authors)
        session.add(entry)
    session.add(status)
    if happened := made_up_event(row, kind, reports, (yesterday, dice), authors.patient):
        session.add_all(happened)
        show_need(status, happened[1:], happened[1].opened_at)
    if number == BLOCK_NUMBER:
        session.add_all(block_events(row, authors.patient, dice))
    people = authors.clinician, authors.patient
    session.add_all(made_up_visits(row, reports, number, (today, dice), people))
    session.flush()


def _by_carer(entry: DailyReportRow | QuestionnaireResponseRow, authors: _Authors) -> None:
    if authors.carer is None:
        return
    entry.created_by, entry.is_by_proxy = authors.carer, True
    if isinstance(entry, DailyReportRow):
        entry.updated_by = authors.carer


def _at(day: date, hour: int, dice: Random) -> datetime:
    return datetime.combine(day, time(hour, dice.randrange(60)), tzinfo=UTC)


def _report_row(
    row: EpisodeRow, report: DailyReport, author: UUID, drawn_with: tuple[date, Random]
) -> DailyReportRow:
    newest, dice = drawn_with
    is_next_day = dice.random() < 0.06  # noqa: PLR2004 - a few are entered late
    entered = min(newest, report.day + timedelta(days=int(is_next_day)))
    saved_at = _at(entered, 23, dice)
    return DailyReportRow(
        clinic_id=row.clinic_id,
        episode_id=row.id,
        day=report.day,
        is_late=is_late(report.day, entered),
        idempotency_key=draw_id(dice),
        created_at=saved_at,
        created_by=author,
        updated_at=saved_at,
        updated_by=author,
        **answers_of(report),
    )
