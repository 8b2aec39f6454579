"""A large clinic, inserted in bulk: what the review list is measured on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from benchmarks.fill_review import rows_beside
from content.consent import CONSENT_VERSION
from db.engine import Database, writing
from db.models import (
    AccountRow,
    ClinicRow,
    ConsentRow,
    DailyReportRow,
    EpisodeRow,
    EpisodeStatusRow,
    PatientNameWordRow,
    PatientRow,
    new_id,
)
from db.patients import first_status, name_words
from recovery.access import Role
from recovery.review import MASK_DAYS, SPARK_DAYS

ZONE = "America/New_York"
_BATCH = 5_000
_SYLLABLES = "al an ba bel cor da den el fa gar hol in jo ka lin mar nor ol pen ra sel tor va wen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """
    A filled clinic.

    Attributes:
        clinic_id: Its key.
        clinician_id: The account of its clinician.
        patient_id: One of its people.
        names: Some names that are found.
    """

    clinic_id: UUID
    clinician_id: UUID
    patient_id: UUID
    names: tuple[str, ...]


def fill(database: Database, *, patients: int, reports_each: int, today: date) -> Filled:
    """
    Fill a migrated, empty database.

    Args:
        database: Where to.
        patients: How many people, at least 1.
        reports_each: How many days each of them logged, up to yesterday.
        today: The day to count back from.
    """
    dice = Random(7)  # noqa: S311 - made-up data, no secret
    clinic = ClinicRow(name="Benchmark Clinic", time_zone=ZONE, phone="555-0100")
    clinician = account(clinic.id, Role.CLINICIAN, "clinician")
    colleague = account(clinic.id, Role.CLINICIAN, "colleague")
    people = [_person(clinic.id, clinician.id, dice) for _ in range(patients)]
    procedure_date = today - timedelta(days=reports_each)
    episodes = [_episode(person, procedure_date) for person in people]
    with writing(database) as session:
        connection = session.connection()
        insert(connection, ClinicRow, iter([clinic.model_dump()]))
        insert(connection, AccountRow, iter([clinician.model_dump(), colleague.model_dump()]))
        insert(connection, PatientRow, (person.model_dump() for person in people))
        words = (word.model_dump() for person in people for word in name_words(person))
        insert(connection, PatientNameWordRow, words)
        insert(connection, ConsentRow, (_consent(person).model_dump() for person in people))
        insert(connection, EpisodeRow, (episode.model_dump() for episode in episodes))
        statuses = [first_status(*pair) for pair in zip(people, episodes, strict=True)]
        insert(connection, DailyReportRow, _reports(statuses, clinician.id, reports_each, dice))
        beside = rows_beside(statuses, clinician.id, colleague.id, today)
        insert(connection, EpisodeStatusRow, (status.model_dump() for status in statuses))
        for table, rows in beside:
            insert(connection, table, (row.model_dump() for row in rows))
    return Filled(
        clinic_id=clinic.id,
        clinician_id=clinician.id,
        patient_id=people[0].id,
        names=tuple(person.name for person in people[:20]),
    )


def account(
    clinic_id: UUID, role: Role, username: str, *, patient_id: UUID | None = None
) -> AccountRow:
    """Return an account that no password opens; benchmarks make its session themselves."""
    return AccountRow(
        clinic_id=clinic_id,
        patient_id=patient_id,
        username=username,
        display_name=username.capitalize(),
        role=role,
        password_hash="none",  # noqa: S106 - no password has this hash
    )


def _person(clinic_id: UUID, by: UUID, dice: Random) -> PatientRow:
    given, family = ("".join(dice.choices(_SYLLABLES.split(), k=3)) for _ in range(2))
    return PatientRow(
        clinic_id=clinic_id,
        id=new_id(),
        name=f"{given.capitalize()} {family.capitalize()}",
        date_of_birth=date(1945, 5, 17),
        time_zone=ZONE,
        created_by=by,
    )


def _consent(person: PatientRow) -> ConsentRow:
    return ConsentRow(
        clinic_id=person.clinic_id,
        patient_id=person.id,
        text_version=CONSENT_VERSION,
        given_at=datetime.now(UTC),
        given_by=person.created_by,
    )


def _episode(person: PatientRow, procedure_date: date) -> EpisodeRow:
    return EpisodeRow(
        clinic_id=person.clinic_id,
        id=new_id(),
        patient_id=person.id,
        procedure="kyphoplasty",
        procedure_date=procedure_date,
        baseline_nrs=8,
        brace_hours_per_day=8,
        brace_from=procedure_date,
        created_by=person.created_by,
    )


def _reports(
    statuses: list[EpisodeStatusRow], by: UUID, reports_each: int, dice: Random
) -> Iterator[dict[str, Any]]:
    at = datetime.now(UTC)
    saved = {"is_late": False, "created_at": at, "created_by": by, "updated_at": at}
    for status in statuses:
        for pod in range(reports_each):
            worst = dice.randint(1, 9)
            day = status.procedure_date + timedelta(days=pod)
            status.last_day, status.last_worst_pain_nrs = day, worst
            status.logged_mask = (status.logged_mask << 1 | 1) & ((1 << MASK_DAYS) - 1)
            status.spark = (status.spark + str(worst - 1))[-SPARK_DAYS:]
            yield saved | {
                "clinic_id": status.clinic_id,
                "episode_id": status.episode_id,
                "day": day,
                "version": 1,
                "worst_pain_nrs": worst,
                "average_pain_nrs": worst - 1,
                "brace_hours": 6.0,
                "walking_minutes": 30,
                "warning_signs": [],
                "note": "",
                "updated_by": by,
                "idempotency_key": new_id(),
            }


def insert(
    connection: sa.Connection, table: type[SQLModel], rows: Iterator[dict[str, Any]]
) -> None:
    """Insert rows in batches, given as column values."""
    while batch := list(islice(rows, _BATCH)):
        connection.execute(sa.insert(table), batch)
