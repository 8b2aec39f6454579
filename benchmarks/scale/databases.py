"""Large made-up databases on both engines, filled by ``python -m db scale``'s own functions."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, col, select

from benchmarks.serving import empty_database
from db.cli_scale import plan_of
from db.connections import open_engine
from db.demo_people import DEMO_ZONE
from db.engine import Database, reading
from db.models import AccountRow, DailyReportRow, EpisodeStatusRow
from db.scale import ScaledClinic, fill_scale
from db.schema import upgrade
from recovery.access import Actor, Role
from recovery.days import today_in
from recovery.errors import DatabaseUnavailable
from tests import postgres

SERVER = (
    "shared_buffers=2GB",
    "effective_cache_size=8GB",
    "max_wal_size=8GB",
    "checkpoint_timeout=15min",
    "work_mem=16MB",
    "maintenance_work_mem=512MB",
    "fsync=on",
    "synchronous_commit=on",
    "jit=off",
)
"""Settings of a server with some memory; what was acknowledged is on the disk."""

_SAVERS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """
    A filled database that is measured.

    Attributes:
        engine_name: ``SQLite`` or ``PostgreSQL``.
        patients: How many people it holds.
        reports: How many daily reports.
        seconds: How long filling took.
        database: It.
        clinician: Who looks after its first people.
        patient: The person whose log is the same at any size, signed in.
        savers: People who logged yesterday and not yet today, signed in.
        name: Of the person whose log is the same.
    """

    engine_name: str
    patients: int
    reports: int
    seconds: float
    database: Database
    clinician: Actor
    patient: Actor
    savers: tuple[Actor, ...]
    name: str


@contextmanager
def scaled(sizes: tuple[int, ...], days: int) -> Iterator[list[list[Scaled]]]:
    """Fill a database of each size on each engine, and remove them at the end."""
    with ExitStack() as stack:
        on_sqlite = [
            _filled(stack.enter_context(empty_database())[1], "SQLite", size, days)
            for size in sizes
        ]
        yield [on_sqlite, _on_postgresql(stack, sizes, days)]


def _on_postgresql(stack: ExitStack, sizes: tuple[int, ...], days: int) -> list[Scaled]:
    binaries = postgres.find_binaries()
    if binaries is None:
        raise DatabaseUnavailable("PostgreSQL is missing. Install the system package postgresql.")
    cluster = stack.enter_context(postgres.running(binaries, SERVER))
    filled = []
    for size in sizes:
        database = Database(open_engine(cluster.create(f"scale_{size}")))
        stack.callback(database.engine.dispose)
        upgrade(database.engine)
        filled.append(_filled(database, "PostgreSQL", size, days))
    return filled


def postgresql_version(database: Database) -> str:
    """Return the version of the server."""
    with database.engine.connect() as connection:
        return str(connection.scalar(sa.text("SHOW server_version"))).split()[0]


def _filled(database: Database, engine_name: str, patients: int, days: int) -> Scaled:
    print(f"filling {engine_name} with {patients:,} x {days} ...", flush=True)
    began = time.perf_counter()
    [clinic] = fill_scale(database, plan_of(patients, days), lambda _done: None)
    seconds = time.perf_counter() - began
    with reading(database) as session:
        reports = session.exec(select(sa.func.count()).select_from(DailyReportRow)).one()
        savers = tuple(_savers(session, clinic))
        status = session.exec(
            select(EpisodeStatusRow).where(
                EpisodeStatusRow.clinic_id == clinic.clinic_id,
                EpisodeStatusRow.patient_id == clinic.patient_id,
            )
        ).one()
    print(f"  {reports:,} reports in {seconds:.0f} s", flush=True)
    return Scaled(
        engine_name=engine_name,
        patients=patients,
        reports=reports,
        seconds=seconds,
        database=database,
        clinician=_actor(clinic, Role.CLINICIAN, clinic.clinician_id),
        patient=next(each for each in savers if each.patient_id == clinic.patient_id),
        savers=tuple(each for each in savers if each.patient_id != clinic.patient_id),
        name=status.name,
    )


def _savers(session: Session, clinic: ScaledClinic) -> Iterator[Actor]:
    """Yield people who logged yesterday, the first of them the same at any size."""
    status = EpisodeStatusRow
    yesterday = today_in(DEMO_ZONE, datetime.now(UTC)) - timedelta(days=1)
    rows = session.exec(
        select(AccountRow.id, status.patient_id)
        .join(status, sa.and_(col(AccountRow.patient_id) == col(status.patient_id)))
        .where(
            AccountRow.clinic_id == clinic.clinic_id,
            status.clinic_id == clinic.clinic_id,
            status.last_day == yesterday,
        )
        .order_by(col(status.patient_id))
        .limit(_SAVERS)
    )
    for account_id, patient_id in rows:
        yield _actor(clinic, Role.PATIENT, account_id, patient_id)


def _actor(
    clinic: ScaledClinic, role: Role, account_id: UUID, patient_id: UUID | None = None
) -> Actor:
    return Actor(
        account_id=account_id,
        clinic_id=clinic.clinic_id,
        role=role,
        display_name=role.value,
        patient_id=patient_id,
        session_id=uuid4(),
    )
