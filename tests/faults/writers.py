"""Twenty patients who save one report after the other while something happens to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Event, Thread
from time import monotonic
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.audit_check import find_break
from db.engine import Database, act, reading, writing
from db.models import AuditRow, DailyReportRevisionRow, DailyReportRow, EpisodeStatusRow
from db.reports import save_report
from recovery.access import PatientAccess, grant_patient
from recovery.errors import DatabaseUnavailable
from tests.factories import (
    PROCEDURE_DATE,
    make_clinic,
    make_clinician_actor,
    make_patient,
    make_patient_actor,
    saving,
)

NUMBER = 20
_LONGEST_SECONDS = 60
_POLL_SECONDS = 0.005


@dataclass(slots=True)
class Writer:
    """
    One patient's presses of Save: a new day, then a correction of it, and so on.

    Attributes:
        access: To the own record.
        acknowledged: Day and version of every save that was answered.
        begun: Presses.
        tries: How often a press was handed to the database; a broken one is handed over again.
        told: Presses whose person was told to press again.
        error: What ended it before its time.
    """

    access: PatientAccess
    acknowledged: list[tuple[date, int]] = field(default_factory=list)
    begun: int = 0
    tries: int = 0
    told: int = 0
    error: Exception | None = None

    def write(self, database: Database, ending: Event) -> None:
        """Save until *ending*, each press until it is answered."""
        try:
            while not ending.is_set():
                self._save(database, ending)
        except (sa.exc.SQLAlchemyError, AssertionError, LookupError, ValueError) as error:
            self.error = error

    def _save(self, database: Database, ending: Event) -> None:
        day = PROCEDURE_DATE + timedelta(days=self.begun // 2)
        before = self.begun % 2
        press = saving(
            day=day,
            today=day,
            expected_version=before,
            idempotency_key=uuid4(),
            note=f"{before + 1}",
        )

        def store(session: Session) -> int:
            self.tries += 1
            return save_report(session, self.access, press).version

        self.begun += 1
        while True:
            try:
                version = act(store, is_keyed=True, database=database)
            except DatabaseUnavailable:
                self.told += 1
                if ending.is_set():
                    return
                continue
            assert version == before + 1
            self.acknowledged.append((day, version))
            return


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found of a crowd's presses, for ``note_figures``."""

    tried: int
    acknowledged: int
    lost: int
    half: int
    remark: str


@dataclass(slots=True)
class Crowd:
    """
    All writers together.

    Attributes:
        database: Where they save.
        clinic_ids: Of their clinics; those of one clinic wait for each other at its audit.
        writers: One for each patient.
    """

    database: Database
    clinic_ids: list[UUID] = field(default_factory=list)
    writers: list[Writer] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        """Return how many saves were answered so far."""
        return sum(len(each.acknowledged) for each in self.writers)

    def wait_for(self, more: int) -> None:
        """Wait until *more* saves are answered than now."""
        wanted, until = self.acknowledged + more, monotonic() + _LONGEST_SECONDS
        while self.acknowledged < wanted:
            errors = [each.error for each in self.writers if each.error is not None]
            assert not errors, errors
            assert monotonic() < until, "nobody could save any more"
            Event().wait(_POLL_SECONDS)

    def counted(self) -> Counted:
        """Compare what was answered with what is stored; nobody writes meanwhile."""
        with reading(self.database) as session:
            broken = find_break(session).broken
            found = [_compared(session, each) for each in self.writers]
        lost, half = (sum(each) for each in zip(*found, strict=True))
        begun, tries, told = (
            sum(getattr(each, name) for each in self.writers) for name in ("begun", "tries", "told")
        )
        return Counted(
            tried=begun,
            acknowledged=self.acknowledged,
            lost=lost,
            half=half + (broken is not None),
            remark=f"{tries - begun} done again, {told} told to press again",
        )


def make_crowd(database: Database, clinics: int = 4) -> Crowd:
    """Enrol the writers' patients in some clinics."""
    crowd = Crowd(database)
    for number in range(NUMBER):
        with writing(database) as session:
            if number < clinics:
                crowd.clinic_ids.append(make_clinic(session, f"Clinic {number}"))
            clinic_id = crowd.clinic_ids[number % clinics]
            clinician = make_clinician_actor(session, clinic_id, f"clinician-{number}")
            treating = make_patient(session, clinician, time_zone="UTC")
            patient = make_patient_actor(session, treating, f"patient-{number}")
        access = grant_patient(patient, patient_id=treating.patient_id, clinic_id=clinic_id)
        crowd.writers.append(Writer(access))
    return crowd


@contextmanager
def writing_on(crowd: Crowd) -> Iterator[Crowd]:
    """Let everybody save for as long as the block lasts; the last presses are answered after it."""
    ending = Event()
    threads = [
        Thread(target=each.write, args=(crowd.database, ending), daemon=True)
        for each in crowd.writers
    ]
    for thread in threads:
        thread.start()
    try:
        yield crowd
    finally:
        ending.set()
        until = monotonic() + _LONGEST_SECONDS
        for thread in threads:
            thread.join(max(0, until - monotonic()))
    assert not any(thread.is_alive() for thread in threads), "somebody waits for an answer"
    assert [each.error for each in crowd.writers if each.error] == []


def _compared(session: Session, writer: Writer) -> tuple[int, int]:
    """Return how many of a writer's answered saves are missing, and how much is there by half."""
    status = session.exec(
        select(EpisodeStatusRow).where(EpisodeStatusRow.patient_id == writer.access.patient_id)
    ).one()
    current = {
        (row.day, row.version): row.note
        for row in session.exec(
            select(DailyReportRow).where(DailyReportRow.episode_id == status.episode_id)
        )
    }
    past = {
        (row.day, row.version): row.note
        for row in session.exec(
            select(DailyReportRevisionRow).where(
                DailyReportRevisionRow.episode_id == status.episode_id
            )
        )
    }
    stored = current | past
    audited = session.exec(
        select(sa.func.count())
        .select_from(AuditRow)
        .where(
            AuditRow.patient_id == writer.access.patient_id,
            col(AuditRow.action).in_(["report.saved", "report.corrected"]),
        )
    ).one()
    whole = {(day, number) for day, version in current for number in range(1, version + 1)}
    half = len(whole ^ set(stored)) + abs(len(stored) - audited)
    half += sum(note != str(version) for (_, version), note in stored.items())
    half += bool(stored) and status.last_day != max(day for day, _ in stored)
    return len(set(writer.acknowledged) - set(stored)), half
