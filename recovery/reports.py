"""What a person reports: the daily report, timed events and visit notes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from recovery.errors import InvalidEntry
from recovery.text import clean_text
from recovery.wording import marked, tr

NRS_MIN = 0
NRS_MAX = 10
MAX_MEDICINE_TIMES = 24
MAX_BRACE_HOURS = 24
MAX_WALKING_MINUTES = 1_440

_NO_WORST = marked("Choose a number from 0 to 10 for your worst pain.")
_NO_AVERAGE = marked("Choose a number from 0 to 10 for your average pain.")
_NO_PAIN = marked("Choose a number from 0 to 10 for the pain.")
_WRONG_HOURS = marked("Enter a number from 0 to {most:,} for the hours in the brace.")
_WRONG_MINUTES = marked("Enter a whole number from 0 to {most:,} for the minutes walked.")
_WRONG_TIMES = marked("Enter a whole number from 0 to {most:,} for the times you took medicine.")


class ActivityLevel(StrEnum):
    """How active a day was; own four-level item, ordered from least to most."""

    LYING_DOWN = "lying_down"
    AROUND_THE_HOUSE = "around_the_house"
    OUT_A_LITTLE = "out_a_little"
    USUAL_DAY = "usual_day"

    @property
    def rank(self) -> int:
        """Position in the order, 0 (least active) to 3 (most)."""
        return list(ActivityLevel).index(self)


class PainMedicine(StrEnum):
    """Which pain medicine was taken that day."""

    NONE = "none"
    OVER_THE_COUNTER = "over_the_counter"
    PRESCRIBED = "prescribed"
    BOTH = "both"


class EventKind(StrEnum):
    """What can be recorded at any hour beside the daily report."""

    SUDDEN_PAIN = "sudden_pain"
    FALL = "fall"
    PAIN_READING = "pain_reading"
    PROCEDURE_DONE = "procedure_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyReport:
    """
    One person's answers about one calendar day; None means not answered.

    Attributes:
        day: The day the answers are about.
        worst_pain_nrs: Worst pain, NRS 0-10.
        average_pain_nrs: Average pain, NRS 0-10.
        brace_hours: Hours the brace was worn, 0-24.
        activity: How active the day was.
        walking_minutes: Minutes walked, 0-1440.
        medicine: Which pain medicine was taken.
        medicine_times: How often it was taken, 0-24.
        warning_signs: Ids of ticked signs; empty means "none of these".
        note: Free text, empty when nothing was written.
    """

    day: date
    worst_pain_nrs: int
    average_pain_nrs: int
    brace_hours: float | None = None
    activity: ActivityLevel | None = None
    walking_minutes: int | None = None
    medicine: PainMedicine | None = None
    medicine_times: int | None = None
    warning_signs: frozenset[str] | None = None
    note: str = ""

    def __post_init__(self) -> None:
        """
        Refuse values that cannot be true.

        Raises:
            InvalidEntry: Naming the answer to change.
        """
        check_nrs(self.worst_pain_nrs, _NO_WORST)
        check_nrs(self.average_pain_nrs, _NO_AVERAGE)
        if self.average_pain_nrs > self.worst_pain_nrs:
            raise InvalidEntry(
                tr("Average pain is higher than worst pain. Change one of the two numbers.")
            )
        _check_range(self.brace_hours, MAX_BRACE_HOURS, _WRONG_HOURS)
        _check_whole(self.walking_minutes, MAX_WALKING_MINUTES, _WRONG_MINUTES)
        _check_whole(self.medicine_times, MAX_MEDICINE_TIMES, _WRONG_TIMES)
        object.__setattr__(self, "note", clean_text(self.note))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialReport:
    """The answers given so far; the same fields as ``DailyReport``, none required."""

    worst_pain_nrs: int | None = None
    average_pain_nrs: int | None = None
    brace_hours: float | None = None
    activity: ActivityLevel | None = None
    walking_minutes: int | None = None
    medicine: PainMedicine | None = None
    medicine_times: int | None = None
    warning_signs: frozenset[str] | None = None
    note: str = ""

    @classmethod
    def of(cls, report: DailyReport) -> "PartialReport":
        """Return the answers of a whole report, its day left out."""
        return cls(**{field.name: getattr(report, field.name) for field in fields(cls)})

    def complete(self, day: date) -> DailyReport:
        """
        Return the report about *day*.

        Raises:
            InvalidEntry: If pain was not answered, or an answer cannot be true.
        """
        if self.worst_pain_nrs is None:
            raise InvalidEntry(tr(_NO_WORST))
        if self.average_pain_nrs is None:
            raise InvalidEntry(tr(_NO_AVERAGE))
        answers = {field.name: getattr(self, field.name) for field in fields(self)}
        return DailyReport(day=day, **answers)

    def to_json(self) -> dict[str, object]:
        """Return the given answers as JSON values."""
        answers = {field.name: getattr(self, field.name) for field in fields(self)}
        signs = self.warning_signs
        answers["warning_signs"] = None if signs is None else sorted(signs)
        return {name: answer for name, answer in answers.items() if answer not in (None, "")}

    @classmethod
    def from_json(cls, answers: Mapping[str, Any]) -> "PartialReport":
        """Return the answers of ``to_json``; an answer of another form is left out."""
        activity, medicine = answers.get("activity"), answers.get("medicine")
        signs, note = answers.get("warning_signs"), answers.get("note")
        return cls(
            worst_pain_nrs=_whole(answers.get("worst_pain_nrs"), NRS_MAX),
            average_pain_nrs=_whole(answers.get("average_pain_nrs"), NRS_MAX),
            brace_hours=_number(answers.get("brace_hours"), MAX_BRACE_HOURS),
            activity=ActivityLevel(activity) if activity in list(ActivityLevel) else None,
            walking_minutes=_whole(answers.get("walking_minutes"), MAX_WALKING_MINUTES),
            medicine=PainMedicine(medicine) if medicine in list(PainMedicine) else None,
            medicine_times=_whole(answers.get("medicine_times"), MAX_MEDICINE_TIMES),
            warning_signs=_ids(signs),
            note=note if isinstance(note, str) else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReport:
    """
    A daily report as it was kept.

    Attributes:
        report: The current answers.
        version: 1 when first saved, one more with each correction.
        is_late: Whether it was first entered on a later day than it is about.
        created_at: When it was first saved (UTC).
        created_by: The account that first saved it.
        updated_at: When the current answers were saved (UTC).
        updated_by: The account that saved the current answers.
        is_by_proxy: Whether that was a carer's.
    """

    report: DailyReport
    version: int
    is_late: bool
    created_at: datetime
    created_by: UUID
    updated_at: datetime
    updated_by: UUID
    is_by_proxy: bool = False

    @property
    def is_corrected(self) -> bool:
        """Whether the answers were changed after they were first saved."""
        return self.version > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    Something that happened at a time, beside the daily report.

    Attributes:
        kind: What happened.
        occurred_at: When (UTC, aware).
        pain_nrs: Pain then, NRS 0-10; required for a pain reading.
        note: Free text.
        event_id: Key once stored.
        is_withdrawn: Whether it was taken back as a mistake; it stays on record.
        is_by_proxy: Whether a carer recorded it.
        recorded_by: The account that recorded it, once stored.
        recorded_at: When that was, once stored (UTC).
    """

    kind: EventKind
    occurred_at: datetime
    pain_nrs: int | None = None
    note: str = ""
    event_id: UUID | None = None
    is_withdrawn: bool = False
    is_by_proxy: bool = False
    recorded_by: UUID | None = None
    recorded_at: datetime | None = None

    def __post_init__(self) -> None:
        """
        Refuse values that cannot be true.

        Raises:
            InvalidEntry: Naming the answer to change.
        """
        if self.occurred_at.tzinfo is None:
            raise ValueError("occurred_at must be aware")
        if self.pain_nrs is not None:
            check_nrs(self.pain_nrs, _NO_PAIN)
        elif self.kind is EventKind.PAIN_READING:
            raise InvalidEntry(tr(_NO_PAIN))
        object.__setattr__(self, "note", clean_text(self.note))


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitNote:
    """A clinician's note pinned to the day of a visit."""

    visit_date: date
    text: str
    created_at: datetime
    author_name: str


def check_nrs(value: object, refusal: str) -> None:
    """
    Refuse anything but a whole number from 0 to 10.

    Raises:
        InvalidEntry: Saying *refusal*, which is marked, in the language spoken.
    """
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not NRS_MIN <= int(str(value)) <= NRS_MAX:
        raise InvalidEntry(tr(refusal))


def _check_range(value: object, most: float, refusal: str) -> None:
    if value is not None and _number(value, most) is None:
        raise InvalidEntry(tr(refusal, most=most))


def _check_whole(value: object, most: int, refusal: str) -> None:
    if value is not None and _whole(value, most) is None:
        raise InvalidEntry(tr(refusal, most=most))


def _ids(value: object) -> frozenset[str] | None:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return None
    return frozenset(value)


def _number(value: object, most: float) -> float | None:
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= most
    return float(str(value)) if fits else None


def _whole(value: object, most: int) -> int | None:
    return value if isinstance(value, int) and _number(value, most) is not None else None
