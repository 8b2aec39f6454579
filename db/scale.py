"""
A large made-up database, filled fast: ``python -m db scale``.

Some people of each clinic are added, judged and counted by the functions that the app itself
uses. All others are copies of them, made inside the database, and the counts are those of the
first times their copies. So what the app keeps beside the reports agrees with them at any size.
"""

from dataclasses import dataclass
from random import Random
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.bulk import hurried, load
from db.counting import counts_of
from db.engine import Database, reading
from db.models import (
    AlertRow,
    DailyReportRow,
    EpisodeOutcomeRow,
    EpisodeStatusRow,
    PatientRow,
    new_id,
)
from db.names import fold, words_of
from db.scale_audit import add_audit
from db.scale_clinics import PANEL, First, ScalePlan, Tell, username_of
from db.scale_copies import Copy, copy_people, prepare
from db.scale_draws import draw_name
from db.scale_people import Making
from db.sweep import sweep
from recovery.errors import InvalidEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledClinic:
    """
    A filled clinic.

    Attributes:
        clinic_id: Its key.
        clinician_id: Account of its first clinician, who looks after ``PANEL`` people.
        patient_id: Somebody who logged each of the days up to yesterday.
        patients: How many people it has.
    """

    clinic_id: UUID
    clinician_id: UUID
    patient_id: UUID
    patients: int


_BATCH = 5_000


def fill_scale(database: Database, plan: ScalePlan, tell: Tell) -> list[ScaledClinic]:
    """
    Fill a migrated database that holds no patient yet.

    Raises:
        InvalidEntry: If it holds patients.
    """
    with reading(database) as session:
        if session.exec(select(PatientRow.id).limit(1)).first() is not None:
            raise InvalidEntry(
                "This database holds patients already. "
                "Choose an empty one with MENDLINE_DATABASE_URL."
            )
    dice = Random(7)  # noqa: S311 - made-up data, no secret
    making = Making(
        rules_of=plan.rules_of, consent_version=plan.consent_version, now=plan.now, dice=dice
    )
    firsts = [First.added(database, plan, making, at, tell) for at in range(plan.clinics)]
    sweep(database, plan.rules_of, plan.now)
    for first in firsts:
        first.settle(database, plan.now)
    done = sum(len(first.people) for first in firsts)
    with hurried(database.engine) as connection:
        with connection.begin():
            prepare(connection)
        for first in firsts:
            done = _copy(connection, first, done, (dice, tell))
            with connection.begin():
                _count(connection, first)
                add_audit(connection, first.clinic_id, plan.now)
    _tidy(database.engine)
    return [_filled(first) for first in firsts]


def count_reports(database: Database) -> int:
    """Return how many daily reports there are."""
    with reading(database) as session:
        return session.exec(select(sa.func.count()).select_from(DailyReportRow)).one()


def _filled(first: First) -> ScaledClinic:
    return ScaledClinic(
        clinic_id=first.clinic_id,
        clinician_id=first.clinicians[0],
        patient_id=first.people[0][0],
        patients=first.wanted,
    )


def _copy(
    connection: sa.Connection, first: First, done: int, made_with: tuple[Random, Tell]
) -> int:
    """Add the other people of a clinic; return how many people there are in all."""
    dice, tell = made_with
    with connection.begin():
        alerts = _alerts(connection, first.clinic_id)
    for batch, begin in enumerate(range(len(first.people), first.wanted, _BATCH)):
        numbers = range(begin, min(begin + _BATCH, first.wanted))
        # Clinics are told apart in the table of copies by the number of the batch.
        key = first.number * 1_000_000 + batch
        with connection.begin():
            copies = [_drawn(first, number, alerts, (key, dice)) for number in numbers]
            copy_people(connection, key, copies)
        done += len(numbers)
        tell(done)
    return done


_Alerts = dict[UUID, tuple[list[UUID], list[dict[str, object]]]]
"""The keys of an episode's alerts, and the reasons that its review row gives."""


def _alerts(connection: sa.Connection, clinic_id: UUID) -> _Alerts:
    keys: _Alerts = {}
    rows = connection.execute(
        sa.select(col(EpisodeStatusRow.episode_id), col(EpisodeStatusRow.reasons)).where(
            col(EpisodeStatusRow.clinic_id) == clinic_id
        )
    )
    for episode_id, reasons in rows:
        keys[episode_id] = ([], reasons)
    found = connection.execute(
        sa.select(col(AlertRow.episode_id), col(AlertRow.id)).where(
            col(AlertRow.clinic_id) == clinic_id
        )
    )
    for episode_id, alert_id in found:
        keys[episode_id][0].append(alert_id)
    return keys


def _drawn(first: First, number: int, alerts: _Alerts, drawn_with: tuple[int, Random]) -> Copy:
    batch, dice = drawn_with
    which = number % len(first.people)
    patient_id, episode_id, account_id = first.people[which]
    ids, reasons = alerts[episode_id]
    new = {old: new_id() for old in ids}
    name = draw_name(dice)
    return Copy(
        batch=batch,
        clinic_id=first.clinic_id,
        of_patient=patient_id,
        of_episode=episode_id,
        of_account=account_id,
        of_clinician=first.clinicians[which // PANEL],
        patient_id=new_id(),
        episode_id=new_id(),
        account_id=new_id(),
        clinician_id=first.clinicians[number // PANEL],
        name=name,
        sort_name=fold(name),
        words=tuple(sorted(set(words_of(name)))),
        username=username_of(first.number, number),
        reasons=[each | {"alert_id": str(new[UUID(str(each["alert_id"]))])} for each in reasons],
        alerts=tuple(new.items()),
    )


def _count(connection: sa.Connection, first: First) -> None:
    """Put the counts of all people in place of those of the first."""
    which = {episode_id: at for at, (_, episode_id, _) in enumerate(first.people)}
    with Session(connection) as session:
        rows = session.exec(
            select(EpisodeOutcomeRow).where(
                EpisodeOutcomeRow.clinic_id == first.clinic_id,
                col(EpisodeOutcomeRow.episode_id).in_(list(which)),
            )
        )
        counts = counts_of((row, first.copies_of(which[row.episode_id])) for row in rows)
    for counted, numbers in counts.items():
        table = cast(sa.Table, sa.inspect(counted).local_table)
        connection.execute(sa.delete(table).where(table.c.clinic_id == first.clinic_id))
        load(connection, table, numbers)


def _tidy(engine: sa.Engine) -> None:
    """Let PostgreSQL look at what it holds, as it would by itself some minutes later."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
