"""
The hours after a medial branch block: when pain is to be rated, and what the ratings say.

The block is a test. A leaflet asks for a rating every 15 minutes for an hour, then every hour up
to 8 hours, then every day for 2 weeks (UW Health HF 5656). Pain that comes back is the expected
result. Instants are UTC, so a change of the clock moves no rating.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from recovery.days import today_in, zone
from recovery.errors import InvalidEntry
from recovery.reports import Event, EventKind
from recovery.wording import tr

SLOT_MINUTES = (15, 30, 45, *range(60, 8 * 60 + 1, 60))
"""Minutes after the block at which pain is to be rated."""

LAST_ASKED_DAY = 14
"""Last post-procedure day that is asked for after a block; later ones can be logged all the same."""

FROM_MEMORY = timedelta(minutes=7, seconds=30)
"""A rating entered later than this after the time it is about is one from memory.

Half of the shortest time between two planned ratings.
"""

_EDGES = (0, *SLOT_MINUTES, SLOT_MINUTES[-1] + 60)
# From half-way to the planned time before to half-way to the next. So the windows leave no time
# out and share none, and a rating always belongs to the nearest planned time. It is at most half
# an hour off, which misplaces nothing: a rating is drawn at its own time.
_WINDOWS = tuple(
    ((before + at) / 2, (at + after) / 2) for (before, at), (_, after) in pairwise(pairwise(_EDGES))
)


class SlotState(StrEnum):
    """Where a planned rating stands at an instant."""

    RATED = "rated"
    MISSING = "missing"
    OPEN = "open"
    COMING = "coming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """
    A planned rating.

    Attributes:
        minutes: Planned minutes after the block.
        planned_at: That instant (UTC).
        opens_at: First instant at which a rating belongs here.
        closes_at: The instant from which one does not any more.
        reading: The rating nearest to the planned time; None is missing, never 0.
    """

    minutes: int
    planned_at: datetime
    opens_at: datetime
    closes_at: datetime
    reading: Event | None = None

    def state(self, now: datetime) -> SlotState:
        """Tell where this planned rating stands at *now*."""
        if self.reading is not None:
            return SlotState.RATED
        if now < self.opens_at:
            return SlotState.COMING
        return SlotState.OPEN if now < self.closes_at else SlotState.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockLog:
    """
    What was rated around one block.

    Attributes:
        done: The event that tells the time of the block.
        slots: The planned ratings, in order.
        readings: Every rating in the hours of the test, oldest first, planned or not.
        before: The last rating before the block; None when none was entered.
        before_nrs: Pain before the block: of ``before``, else the episode's baseline; None
            when neither is known.
    """

    done: Event
    slots: tuple[Slot, ...]
    readings: tuple[Event, ...]
    before: Event | None
    before_nrs: int | None

    @property
    def done_at(self) -> datetime:
        """When the block was done (UTC)."""
        return self.done.occurred_at.astimezone(UTC)

    @property
    def closes_at(self) -> datetime:
        """When the last planned rating closes, half an hour after its time."""
        return self.slots[-1].closes_at

    @property
    def rated(self) -> tuple[Slot, ...]:
        """The planned ratings that were made."""
        return tuple(slot for slot in self.slots if slot.reading is not None)

    @property
    def lowest(self) -> Event | None:
        """The lowest rating in the hours of the test, the first of equals."""
        return min(self.readings, key=lambda reading: reading.pain_nrs or 0, default=None)

    @property
    def relief_points(self) -> int | None:
        """The most that pain was below the pain before, NRS points; below 0 when it never was."""
        if self.lowest is None or self.lowest.pain_nrs is None or self.before_nrs is None:
            return None
        return self.before_nrs - self.lowest.pain_nrs

    @property
    def relief_share(self) -> float | None:
        """The same as a share of the pain before; None when that was 0 or is not known."""
        points = self.relief_points
        return points / self.before_nrs if points is not None and self.before_nrs else None

    def is_running(self, now: datetime) -> bool:
        """Tell whether a rating is still to come or open at *now*."""
        return now < self.closes_at

    def open_slot(self, now: datetime) -> Slot | None:
        """Return the planned rating whose window *now* lies in, rated or not."""
        return next((each for each in self.slots if each.opens_at <= now < each.closes_at), None)

    def next_slot(self, now: datetime) -> Slot | None:
        """Return the first planned rating that is not open yet."""
        return next((each for each in self.slots if now < each.opens_at), None)

    def missing(self, now: datetime) -> tuple[Slot, ...]:
        """Return the planned ratings that passed without one."""
        return tuple(each for each in self.slots if each.state(now) is SlotState.MISSING)

    def open_until(self, zone_name: str) -> datetime:
        """Return until when a rating that passed can be given: the end of the person's day."""
        midnight = datetime.combine(
            today_in(zone_name, self.done_at) + timedelta(days=1), time(), tzinfo=zone(zone_name)
        )
        return max(midnight.astimezone(UTC), self.closes_at)

    def check_ratable(self, slot: Slot, zone_name: str, now: datetime) -> None:
        """
        Refuse a rating of *slot* that comes too early or too late.

        Raises:
            InvalidEntry: If the slot is not open yet, or the day of the block is over.
        """
        if now < slot.opens_at:
            raise InvalidEntry(tr("That time has not come yet. Rate your pain when it is there."))
        if now >= self.open_until(zone_name):
            raise InvalidEntry(
                tr("These hours can be rated on the day of the block only. Log today instead.")
            )

    def holds(self, event: Event) -> bool:
        """Tell whether *event* is part of this log: the block itself or a rating around it."""
        if event.kind is EventKind.PROCEDURE_DONE or event == self.before:
            return True
        return event.kind is EventKind.PAIN_READING and (
            self.done_at < event.occurred_at < self.closes_at
        )


def block_log(events: Sequence[Event], baseline_nrs: int | None) -> BlockLog | None:
    """
    Lay out the hours after the block, or return None while its time is not on record.

    Args:
        events: Of the episode, in any order; what was taken back does not count.

        baseline_nrs: The episode's pain before the procedure, NRS 0-10; None when unknown.
    """
    kept = [event for event in events if not event.is_withdrawn]
    # Entered twice, as by a patient and a carer, the later entry is the later word.
    done = max(
        (event for event in kept if event.kind is EventKind.PROCEDURE_DONE),
        key=_entered_at,
        default=None,
    )
    if done is None:
        return None
    begins = done.occurred_at.astimezone(UTC)
    ratings = sorted(
        (event for event in kept if event.kind is EventKind.PAIN_READING),
        key=lambda event: (event.occurred_at, _entered_at(event)),
    )
    before = next((each for each in reversed(ratings) if each.occurred_at <= begins), None)
    ends = begins + timedelta(minutes=_WINDOWS[-1][1])
    readings = tuple(each for each in ratings if begins < each.occurred_at < ends)
    return BlockLog(
        done=done,
        slots=tuple(
            _slot(begins, minutes, window, readings)
            for minutes, window in zip(SLOT_MINUTES, _WINDOWS, strict=True)
        ),
        readings=readings,
        before=before,
        before_nrs=baseline_nrs if before is None else before.pain_nrs,
    )


def is_from_memory(reading: Event) -> bool:
    """Tell whether a rating was entered well after the time it is about."""
    return _entered_at(reading) - reading.occurred_at > FROM_MEMORY


def _slot(
    begins: datetime, minutes: int, window: tuple[float, float], readings: Sequence[Event]
) -> Slot:
    planned_at = begins + timedelta(minutes=minutes)
    opens_at, closes_at = (begins + timedelta(minutes=edge) for edge in window)
    inside = [each for each in readings if opens_at <= each.occurred_at < closes_at]
    # Of two equally near the one entered later: a rating given anew corrects the first.
    nearest = min(
        sorted(inside, key=_entered_at, reverse=True),
        key=lambda each: abs(each.occurred_at - planned_at),
        default=None,
    )
    return Slot(
        minutes=minutes,
        planned_at=planned_at,
        opens_at=opens_at,
        closes_at=closes_at,
        reading=nearest,
    )


def _entered_at(event: Event) -> datetime:
    return event.recorded_at or event.occurred_at
