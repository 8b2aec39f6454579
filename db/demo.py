"""A demo clinic with made-up people, the same on every run for a given day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlmodel import Session, col, select

from db.demo_courses import CourseKind, made_up_reports
from db.engine import Database, writing
from db.models import (
    AccountRow,
    ClinicRow,
    DailyReportRow,
    EpisodeRow,
    EventRow,
    VisitNoteRow,
)
from db.patients import enrolment_rows, first_status, name_words
from db.reports import answers_of
from db.status import apply_event, apply_report
from recovery.access import Actor, PatientAccess, Role, grant_patient
from recovery.days import is_late
from recovery.episodes import BracePlan, Enrolment, Episode
from recovery.errors import InvalidEntry
from recovery.reports import DailyReport, EventKind

DEMO_CLINIC_NAME = "Demo Spine Clinic"
DEMO_ZONE = "America/New_York"
DEMO_USERNAMES = {
    Role.PATIENT: "demo-patient",
    Role.CARER: "demo-carer",
    Role.ASSISTANT: "demo-assistant",
    Role.CLINICIAN: "demo-clinician",
    Role.ADMINISTRATOR: "demo-administrator",
}
# No hash has this form, so nobody signs in to a demo account with a password.
_NO_PASSWORD = "!"  # noqa: S105 - the opposite of a password

# Trees for family names: nobody can take one of these people for a real one.
_TREES = [
    "Alder",
    "Almond",
    "Apple",
    "Ash",
    "Aspen",
    "Bay",
    "Beech",
    "Birch",
    "Boxwood",
    "Cedar",
    "Cherry",
    "Chestnut",
    "Cypress",
    "Elder",
    "Elm",
    "Fig",
    "Fir",
    "Gum",
    "Hawthorn",
    "Hazel",
    "Hickory",
    "Holly",
    "Hornbeam",
    "Juniper",
    "Larch",
    "Laurel",
    "Lime",
    "Linden",
    "Maple",
    "Medlar",
    "Mulberry",
    "Oak",
    "Olive",
    "Pear",
    "Pine",
    "Plum",
    "Poplar",
    "Rowan",
    "Spruce",
    "Willow",
]

_KINDS = (
    [CourseKind.QUICK] * 14
    + [CourseKind.SLOW] * 8
    + [CourseKind.NONE] * 4
    + [CourseKind.BETTER_THEN_WORSE] * 4
    + [CourseKind.SILENT] * 3
    + [CourseKind.SPARSE] * 5
    + [CourseKind.WARNING_SIGN] * 2
)
_LEVELS = (("T12",), ("L1",), ("L1", "L2"), ("T11", "T12"), ("L3",), ("T8",))
_WALK_IN_DAYS = 38
_BY_CARER = 0.15


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
        clinic_id = _add_clinic(session, dice)
        clinician = _add_staff(session, clinic_id, Role.CLINICIAN, dice)
        _add_staff(session, clinic_id, Role.ASSISTANT, dice)
        _add_staff(session, clinic_id, Role.ADMINISTRATOR, dice)
        for number, (tree, kind) in enumerate(zip(_TREES, _KINDS, strict=True)):
            _add_patient(session, clinician, tree, (number, kind), (today, dice))
    return DemoClinic(clinic_id, len(_TREES))


def find_demo_account(session: Session, role: Role) -> UUID | None:
    """Return the account that the demo's button for *role* signs in to, if there is one."""
    return session.exec(
        select(AccountRow.id).where(AccountRow.username == DEMO_USERNAMES[role])
    ).first()


def _id(dice: Random) -> UUID:
    return UUID(int=dice.getrandbits(128), version=4)


def _add_clinic(session: Session, dice: Random) -> UUID:
    row = ClinicRow(id=_id(dice), name=DEMO_CLINIC_NAME, time_zone=DEMO_ZONE, phone="+1 555 0100")
    session.add(row)
    session.flush()
    return row.id


def _add_staff(session: Session, clinic_id: UUID, role: Role, dice: Random) -> Actor:
    row = AccountRow(
        id=_id(dice),
        clinic_id=clinic_id,
        username=DEMO_USERNAMES[role],
        display_name=f"Demo {role.value}",
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
        session_id=_id(dice),
    )


def _add_account(
    session: Session, access: PatientAccess, tree: str, dice: Random, role: Role = Role.PATIENT
) -> UUID:
    is_first = tree == _TREES[0]
    row = AccountRow(
        id=_id(dice),
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
    enrolment = _draw_enrolment(f"Demo {tree}", number, kind, today, dice)
    access = grant_patient(
        clinician, patient_id=enrolment.patient_id, clinic_id=clinician.clinic_id
    )
    patient, row = enrolment_rows(enrolment, access)
    row.id = _id(dice)
    session.add(patient)
    session.flush()
    session.add_all([*name_words(patient), row])
    session.flush()
    status = first_status(patient, row)
    author = _add_account(session, access, tree, dice)
    carer = _add_account(session, access, tree, dice, Role.CARER) if number == 0 else None
    # Today stays open for everybody: nothing is entered later than yesterday evening.
    yesterday = today - timedelta(days=1)
    reports = made_up_reports(_to_episode(enrolment, row.id), kind, yesterday, dice)
    for report in reports:
        apply_report(status, report)
        kept = _report_row(row, report, author, (yesterday, dice))
        if carer is not None and dice.random() < _BY_CARER:
            kept.created_by = kept.updated_by = carer
            kept.is_by_proxy = True
        session.add(kept)
    if kind is CourseKind.BETTER_THEN_WORSE and reports:
        turn = _turn(reports)
        apply_event(status, EventKind.FALL, turn.day)
        session.add(_fall(row, turn, author, dice))
    session.add_all(_visit(row, reports, clinician.account_id, dice))
    session.add(status)
    session.flush()


def _draw_enrolment(
    name: str, number: int, kind: CourseKind, today: date, dice: Random
) -> Enrolment:
    back = (
        _WALK_IN_DAYS
        if number == 0
        else dice.choice([3, 6, 9, 13, 19, 26, 34, 45, 62, 88, 120, 190, 330])
    )
    if kind is CourseKind.BETTER_THEN_WORSE:
        back = max(back, 34)
    procedure_date = today - timedelta(days=back)
    braced = number == 0 or dice.random() < 0.5  # noqa: PLR2004 - half of them
    plan = BracePlan(
        hours_per_day=dice.choice([4.0, 6.0, 8.0]),
        from_date=procedure_date,
        to_date=procedure_date + timedelta(days=dice.choice([42, 56, 84])),
    )
    return Enrolment(
        patient_id=_id(dice),
        name=name,
        date_of_birth=today - timedelta(days=round(365.25 * dice.uniform(61, 93))),
        time_zone=DEMO_ZONE,
        procedure=dice.choice(["kyphoplasty", "kyphoplasty", "vertebroplasty"])
        if number
        else "kyphoplasty",
        procedure_date=procedure_date,
        treated_levels=dice.choice(_LEVELS),
        baseline_nrs=None if number % 9 == 8 else dice.randint(6, 10),  # noqa: PLR2004 - every ninth
        brace_plan=plan if braced else None,
    )


def _to_episode(enrolment: Enrolment, episode_id: UUID) -> Episode:
    return Episode(
        episode_id=episode_id,
        procedure=enrolment.procedure,
        procedure_date=enrolment.procedure_date,
        treated_levels=enrolment.treated_levels,
        baseline_nrs=enrolment.baseline_nrs,
        brace_plan=enrolment.brace_plan,
    )


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
        idempotency_key=_id(dice),
        created_at=saved_at,
        created_by=author,
        updated_at=saved_at,
        updated_by=author,
        **answers_of(report),
    )


def _turn(reports: list[DailyReport]) -> DailyReport:
    """Return the report at which a course that got better turns."""
    return reports[int(len(reports) * 0.6)]


def _visit(
    row: EpisodeRow, reports: list[DailyReport], author: UUID, dice: Random
) -> list[VisitNoteRow]:
    follow_up = row.procedure_date + timedelta(days=12)
    if not reports or reports[-1].day <= follow_up:
        return []
    note = VisitNoteRow(
        clinic_id=row.clinic_id,
        id=_id(dice),
        episode_id=row.id,
        visit_date=follow_up,
        text="Follow-up visit. Wound dry. Walking advised.",
        idempotency_key=_id(dice),
        created_at=_at(follow_up, 15, dice),
        created_by=author,
    )
    return [note]


def _fall(row: EpisodeRow, report: DailyReport, author: UUID, dice: Random) -> EventRow:
    at = _at(report.day, 16, dice)
    return EventRow(
        clinic_id=row.clinic_id,
        id=_id(dice),
        episode_id=row.id,
        kind=EventKind.FALL,
        occurred_at=at,
        pain_nrs=report.worst_pain_nrs,
        note="Slipped on the kitchen step.",
        idempotency_key=_id(dice),
        created_at=at,
        created_by=author,
    )
