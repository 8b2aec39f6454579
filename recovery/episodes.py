"""A person's recovery from one procedure."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from recovery.days import today_in
from recovery.errors import InvalidEntry
from recovery.reports import check_nrs
from recovery.text import require_text

MIN_BIRTH_YEAR = 1900


@dataclass(frozen=True, slots=True, kw_only=True)
class BracePlan:
    """
    What this person was told about the brace; absent when none was prescribed.

    Attributes:
        hours_per_day: Hours a day to wear it, above 0 and up to 24.
        from_date: First day, inclusive.
        to_date: Last day, inclusive; None while no end was set.
    """

    hours_per_day: float
    from_date: date
    to_date: date | None = None

    def __post_init__(self) -> None:
        """
        Refuse a plan that cannot be followed.

        Raises:
            InvalidEntry: Naming what to change.
        """
        if not 0 < self.hours_per_day <= 24:  # noqa: PLR2004 - hours in a day
            raise InvalidEntry("Enter the brace hours a day, more than 0 and up to 24.")
        if self.to_date is not None and self.to_date < self.from_date:
            raise InvalidEntry("The brace plan ends before it begins. Change one of its dates.")

    def hours_on(self, day: date) -> float | None:
        """Return the hours planned on *day*, or None outside the plan."""
        ended = self.to_date is not None and day > self.to_date
        return None if day < self.from_date or ended else self.hours_per_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """
    One procedure and what is known about it.

    Attributes:
        episode_id: Key of the episode.
        procedure: Id of a folder under ``content/procedures``.
        procedure_date: Day 0.
        treated_levels: Vertebral levels such as ``T12``, in anatomical order.
        baseline_nrs: Pain before the procedure, NRS 0-10; None when unknown.
        brace_plan: None when no brace was prescribed.
    """

    episode_id: UUID
    procedure: str
    procedure_date: date
    treated_levels: tuple[str, ...] = ()
    baseline_nrs: int | None = None
    brace_plan: BracePlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """
    A person in follow-up.

    Attributes:
        patient_id: Key of the person.
        clinic_id: The clinic that follows this person.
        name: As the clinic writes it.
        date_of_birth: Calendar date.
        time_zone: IANA name; decides what "today" is for this person.
        episode: The current episode.
    """

    patient_id: UUID
    clinic_id: UUID
    name: str
    date_of_birth: date
    time_zone: str
    episode: Episode


def age_on(date_of_birth: date, on: date) -> int:
    """Return the age in whole years on a day."""
    had_birthday = (on.month, on.day) >= (date_of_birth.month, date_of_birth.day)
    return on.year - date_of_birth.year - (0 if had_birthday else 1)


def check_dates(*, date_of_birth: date, procedure_date: date, today: date) -> None:
    """
    Refuse dates of birth and procedure that cannot be true.

    A procedure may lie ahead: people are enrolled before it and read how to prepare.

    Raises:
        InvalidEntry: Naming the date to change.
    """
    if not date(MIN_BIRTH_YEAR, 1, 1) <= date_of_birth <= today:
        raise InvalidEntry("Check the date of birth: it must lie between 1900 and today.")
    if procedure_date < date_of_birth:
        raise InvalidEntry("The procedure lies before the date of birth. Change one of the dates.")
    if (procedure_date - today).days > 366:  # noqa: PLR2004 - a year ahead
        raise InvalidEntry("The procedure lies more than a year ahead. Check its date.")


MAX_LEVELS = 8
LEVELS = (
    *(f"T{number}" for number in range(1, 13)),
    *(f"L{number}" for number in range(1, 6)),
    "S1",
)
"""Vertebral levels that can be treated, from the top down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """
    What a clinician enters to enrol a person.

    Attributes:
        patient_id: Made when the form is drawn, so that a form sent twice enrols once.
        procedure: Id of a procedure known to ``content``; the caller checks it.
        baseline_nrs: Pain before the procedure, NRS 0-10; None when unknown.
    """

    patient_id: UUID
    name: str
    date_of_birth: date
    time_zone: str
    procedure: str
    procedure_date: date
    treated_levels: tuple[str, ...] = ()
    baseline_nrs: int | None = None
    brace_plan: BracePlan | None = None

    def checked(self, now: datetime) -> "Enrolment":
        """
        Return the enrolment with its texts cleaned and its levels in order.

        Raises:
            InvalidEntry: Naming what to change.
        """
        check_dates(
            date_of_birth=self.date_of_birth,
            procedure_date=self.procedure_date,
            today=today_in(self.time_zone, now),
        )
        if self.baseline_nrs is not None:
            check_nrs(
                self.baseline_nrs,
                "Choose a number from 0 to 10 for your pain before the procedure.",
            )
        unknown = set(self.treated_levels) - set(LEVELS)
        if unknown or len(self.treated_levels) > MAX_LEVELS:
            raise InvalidEntry(f"Choose up to {MAX_LEVELS} treated levels from the list.")
        levels = tuple(level for level in LEVELS if level in self.treated_levels)
        return replace(self, name=require_text(self.name, what="name"), treated_levels=levels)
