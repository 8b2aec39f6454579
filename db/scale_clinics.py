"""Clinics of a large made-up database: what is asked for, their staff and the first of their people."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.demo_people import DEMO_ZONE
from db.engine import Database, reading, writing
from db.models import AccountRow, ClinicRow, EpisodeStatusRow
from db.scale_draws import SPREAD_DAYS, Wanted, draw_recoveries
from db.scale_people import NO_PASSWORD, Making, add_person, settle_times
from db.sweep import RulesOf
from recovery.access import Actor, Role
from recovery.days import today_in
from recovery.errors import InvalidEntry

PANEL = 200
"""How many people one clinician looks after, at any size of the clinic."""

ORIGINALS = 1_000
"""Different recoveries in all, but ``ORIGINALS_EACH`` of a clinic at least; others are copies."""

ORIGINALS_EACH = 40

MOST_DAYS = 400
_AT_ONCE = 50

Tell = Callable[[int], None]
"""Is told how many patients are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalePlan:
    """
    What is asked for.

    Attributes:
        patients: People in all clinics together, at least one for each clinic.
        days: Logged days of each on average, 1 to 400.
        clinics: Between which they are shared out.
        procedures: Ids of procedures, the one that is drawn most first.
        consent_version: The words that people agreed to.
        rules_of: How recoveries are judged.
        now: The instant (UTC); today is the day of it in the clinics' zone.
        originals_each: Different recoveries of each clinic at most.
        spread_days: Days back over which procedures are spread.
    """

    patients: int
    days: int
    clinics: int = 1
    procedures: Sequence[str]
    consent_version: str
    rules_of: RulesOf
    now: datetime
    originals_each: int = ORIGINALS
    spread_days: int = SPREAD_DAYS

    def __post_init__(self) -> None:
        """
        Refuse what cannot be filled.

        Raises:
            InvalidEntry: Naming what to change.
        """
        if not 1 <= self.clinics <= self.patients:
            raise InvalidEntry(
                "Give at least one patient for each clinic, and at least one clinic."
            )
        if not 1 <= self.days <= MOST_DAYS:
            raise InvalidEntry(f"Give a number of days from 1 to {MOST_DAYS}.")

    def share(self, number: int) -> int:
        """Return how many patients the clinic *number*, from 0 on, has."""
        whole, more = divmod(self.patients, self.clinics)
        return whole + (number < more)


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """
    A clinic with the first of its people.

    Attributes:
        number: Of the clinic, from 1 on.
        clinicians: Accounts; each looks after ``PANEL`` people, in their order.
        people: Patient, episode and account of each of the first, in order.
        wanted: How many people there shall be.
    """

    number: int
    clinic_id: UUID
    clinicians: tuple[UUID, ...]
    people: tuple[tuple[UUID, UUID, UUID], ...]
    wanted: int

    @classmethod
    def added(
        cls, database: Database, plan: ScalePlan, making: Making, at: int, tell: Tell
    ) -> "First":
        """Add a clinic with its staff and the first of its people."""
        wanted, number = plan.share(at), at + 1
        with writing(database) as session:
            clinic_id, clinicians = _add_staff(session, number, -(-wanted // PANEL))
        asked = Wanted(
            count=min(wanted, plan.originals_each),
            days=plan.days,
            spread_days=plan.spread_days,
            procedures=plan.procedures,
        )
        drawn = enumerate(draw_recoveries(asked, today_in(DEMO_ZONE, plan.now), making.dice))
        while some := list(islice(drawn, _AT_ONCE)):
            with writing(database) as session:
                for which, each in some:
                    actor = _actor(clinic_id, clinicians[which // PANEL])
                    add_person(session, actor, each, username_of(number, which), making)
            tell(min(plan.patients, sum(map(plan.share, range(at))) + some[-1][0] + 1))
        with reading(database) as session:
            people = tuple(_people(session, clinic_id))
        return cls(
            number=number,
            clinic_id=clinic_id,
            clinicians=tuple(clinicians),
            people=people,
            wanted=wanted,
        )

    def settle(self, database: Database, now: datetime) -> None:
        """Date what the first sweep did to the days it is about."""
        keys = iter([(self.clinic_id, episode_id) for _, episode_id, _ in self.people])
        while some := list(islice(keys, _AT_ONCE)):
            with writing(database) as session:
                settle_times(session, some, now)

    def copies_of(self, which: int) -> int:
        """Return how many people there shall be of each recovery, itself among them."""
        whole, more = divmod(self.wanted, len(self.people))
        return whole + (which < more)


def _add_staff(session: Session, number: int, clinicians: int) -> tuple[UUID, list[UUID]]:
    clinic = ClinicRow(name=f"Scale Clinic {number}", time_zone=DEMO_ZONE, phone="+1 555 0100")
    session.add(clinic)
    session.flush()
    roles = [Role.ADMINISTRATOR, Role.ASSISTANT, *[Role.CLINICIAN] * max(2, clinicians)]
    rows = [
        AccountRow(
            clinic_id=clinic.id,
            username=f"scale-{number}-{role.value}-{which}",
            display_name=f"{role.value.capitalize()} {which}",
            role=role,
            password_hash=NO_PASSWORD,
        )
        for which, role in enumerate(roles, start=-1)
    ]
    session.add_all(rows)
    session.flush()
    return clinic.id, [row.id for row in rows if row.role is Role.CLINICIAN]


def username_of(clinic: int, which: int) -> str:
    """Return the name of the account of a clinic's patient number *which*, from 0 on."""
    return f"scale-{clinic}-patient-{which + 1}"


def _actor(clinic_id: UUID, account_id: UUID) -> Actor:
    return Actor(
        account_id=account_id,
        clinic_id=clinic_id,
        role=Role.CLINICIAN,
        display_name="Clinician",
        patient_id=None,
        session_id=uuid4(),
    )


def _people(session: Session, clinic_id: UUID) -> Iterator[tuple[UUID, UUID, UUID]]:
    # In the order of their keys, which is that of their making.
    status, account = EpisodeStatusRow, AccountRow
    yield from session.exec(
        select(status.patient_id, status.episode_id, account.id)
        .join(account, sa.and_(col(account.patient_id) == col(status.patient_id)))
        .where(status.clinic_id == clinic_id, account.clinic_id == clinic_id)
        .order_by(col(status.patient_id))
    )
