"""The clinic that the crowd belongs to, in either kind of database, with everybody signed in."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlmodel import Session, select

from benchmarks.clinic import fill
from benchmarks.load.crowd import Person
from benchmarks.load.people import CLINIC, Kind
from db.auth_sessions import start_session
from db.engine import Database, open_engine, writing
from db.models import AccountRow
from db.scale_people import NO_PASSWORD
from db.schema import upgrade
from recovery.access import Role
from tests import postgres

PATIENTS = 2_000
REPORTS_EACH = 90


@dataclass(frozen=True, slots=True)
class Clinic:
    """
    A filled clinic.

    Attributes:
        engine: Of which kind its database is, in a word.
        url: Its database's address.
        database: It, opened here.
        clinic_id: Its key.
        patients: Accounts of those of its patients who have not come yet.
    """

    engine: str
    url: str
    database: Database
    clinic_id: UUID
    patients: Iterator[UUID]

    def people(self, count: int, kinds: Sequence[Kind] = CLINIC) -> list[Person]:
        """Sign in *count* people of *kinds* in turn, each patient with a record of the own."""
        wanted = [kinds[place % len(kinds)] for place in range(count)]
        people = []
        with writing(self.database) as session:
            for kind in wanted:
                role = Role.CLINICIAN if kind.is_staff else Role.PATIENT
                key = self._new_colleague(session) if kind.is_staff else next(self.patients)
                people.append(Person(kind, start_session(session, key, role, datetime.now(UTC))))
        return people

    def _new_colleague(self, session: Session) -> UUID:
        row = AccountRow(
            clinic_id=self.clinic_id,
            username=uuid4().hex,
            display_name="Colleague",
            role=Role.CLINICIAN,
            password_hash=NO_PASSWORD,
        )
        session.add(row)
        session.flush()
        return row.id


@contextmanager
def on_sqlite() -> Iterator[Clinic]:
    """Fill a SQLite file for as long as the block lasts."""
    with (
        tempfile.TemporaryDirectory(prefix="mendline-load-") as folder,
        _filled("SQLite", f"sqlite:///{Path(folder) / 'mendline.db'}") as clinic,
    ):
        yield clinic


@contextmanager
def on_postgresql() -> Iterator[Clinic]:
    """Fill a database of a PostgreSQL of the benchmark's own for as long as the block lasts."""
    binaries = postgres.find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is missing. Install the system package postgresql.")
    with (
        postgres.running(binaries) as cluster,
        _filled("PostgreSQL", cluster.create("load")) as filled,
    ):
        yield filled


@contextmanager
def _filled(engine: str, url: str) -> Iterator[Clinic]:
    database = Database(open_engine(url))
    upgrade(database.engine)
    filled = fill(database, patients=PATIENTS, days=REPORTS_EACH, spread_days=3 * REPORTS_EACH)
    with writing(database) as session:
        patients = session.exec(select(AccountRow.id).where(AccountRow.role == Role.PATIENT)).all()
    yield Clinic(engine, url, database, filled.clinic_id, iter(patients))
    database.engine.dispose()
