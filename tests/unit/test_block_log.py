"""The hours after a test block: planned times, windows, and how much less pain was rated."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.block_log import (
    FROM_MEMORY,
    SLOT_MINUTES,
    BlockLog,
    SlotState,
    block_log,
    is_from_memory,
)
from recovery.days import zone
from recovery.errors import InvalidEntry
from recovery.reports import Event, EventKind

DONE = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
ZONE = "America/New_York"
"""The block was at 10 in the morning there."""

instants = st.datetimes(
    min_value=datetime(2026, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2027, 12, 30),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)
minutes = st.floats(0, 600)
scores = st.integers(0, 10)


def after(count: float) -> datetime:
    """Return the instant *count* minutes after the block."""
    return DONE + timedelta(minutes=count)


def rating(at: datetime, nrs: int, **more: Any) -> Event:
    """Return a stored rating, entered at once unless told otherwise."""
    more = {"event_id": uuid4(), "recorded_at": at, **more}
    return Event(kind=EventKind.PAIN_READING, occurred_at=at, pain_nrs=nrs, **more)


def done(at: datetime = DONE, **more: Any) -> Event:
    """Return the event that tells the time of the block."""
    more = {"event_id": uuid4(), "recorded_at": at, **more}
    return Event(kind=EventKind.PROCEDURE_DONE, occurred_at=at, **more)


def log_of(*events: Event, baseline_nrs: int | None = None) -> BlockLog:
    """Return the log of a block at ``DONE`` with *events* beside it."""
    log = block_log([done(), *events], baseline_nrs)
    assert log is not None
    return log


def test_without_the_time_of_the_block_nothing_is_planned() -> None:
    """No time is guessed, also when it was taken back."""
    assert block_log([], 7) is None
    assert block_log([rating(DONE, 5)], 7) is None
    assert block_log([done(is_withdrawn=True)], 7) is None


def test_the_time_entered_last_counts() -> None:
    """A patient and a carer may both enter one; and a time taken back does not count at all."""
    early = done(after(-60), recorded_at=after(10))
    late = done(recorded_at=after(5))

    assert block_log([early, late], None) == block_log([early], None)
    again = block_log([done(after(-60), is_withdrawn=True), late], None)
    assert again is not None
    assert again.done_at == DONE


def test_ratings_are_planned_by_the_quarter_hour_and_then_by_the_hour() -> None:
    """As the leaflet says: four in the first hour, then one each hour up to the eighth."""
    assert SLOT_MINUTES == (15, 30, 45, 60, 120, 180, 240, 300, 360, 420, 480)
    assert [slot.planned_at for slot in log_of().slots] == [after(each) for each in SLOT_MINUTES]


def test_windows_meet_and_lie_around_their_times() -> None:
    """From 7.5 minutes to 8.5 hours every instant belongs to one planned rating."""
    slots = log_of().slots

    assert slots[0].opens_at == after(7.5)
    assert slots[-1].closes_at == after(510)
    for one, two in pairwise(slots):
        assert one.closes_at == two.opens_at
    assert all(slot.opens_at < slot.planned_at < slot.closes_at for slot in slots)


@given(done_at=instants, zone_name=st.sampled_from([ZONE, "Europe/Berlin", "Pacific/Apia"]))
def test_no_change_of_the_clock_moves_a_rating(done_at: datetime, zone_name: str) -> None:
    """Two hours are two hours, in whatever zone the block was told and on whatever night."""
    log = block_log([done(done_at.astimezone(zone(zone_name)))], None)

    assert log is not None
    for slot in log.slots:
        elapsed = slot.planned_at.astimezone(UTC) - done_at
        assert elapsed == timedelta(minutes=slot.minutes)


@given(minutes)
def test_a_rating_belongs_to_the_nearest_planned_time(at: float) -> None:
    """Within half an hour of it, and to no other; before 7.5 minutes to none."""
    log = log_of(rating(after(at), 4))

    found = [slot for slot in log.slots if slot.reading is not None]
    if not 7.5 <= at < 510:
        assert found == []
        return
    [slot] = found
    nearest = min(abs(each - at) for each in SLOT_MINUTES)
    assert abs(slot.minutes - at) == pytest.approx(nearest, abs=1e-6)
    assert nearest <= 30


@given(st.lists(st.tuples(minutes, scores)), minutes)
def test_every_planned_rating_stands_in_one_state(
    ratings: list[tuple[float, int]], at: float
) -> None:
    """States go rated or missing, open, coming; what is open is at most one; nothing is 0."""
    log, now = log_of(*(rating(after(when), nrs) for when, nrs in ratings)), after(at)
    states = [slot.state(now) for slot in log.slots]

    assert states.count(SlotState.OPEN) <= 1
    for slot, state in zip(log.slots, states, strict=True):
        assert (state is SlotState.RATED) == (slot.reading is not None)
        assert (slot in log.missing(now)) == (state is SlotState.MISSING)
    coming = log.next_slot(now)
    assert coming is None or coming.opens_at > now
    open_slot = log.open_slot(now)
    assert open_slot is None or open_slot.opens_at <= now < open_slot.closes_at
    assert log.is_running(now) == (now < after(510))


@given(st.lists(st.tuples(st.floats(0.1, 509), scores), min_size=1), st.none() | scores)
def test_the_most_relief_is_the_pain_before_less_the_lowest(
    ratings: list[tuple[float, int]], before: int | None
) -> None:
    """As points, and as a share unless the pain before is 0 or not known."""
    log = log_of(*(rating(after(at), nrs) for at, nrs in ratings), baseline_nrs=before)
    lowest = min(nrs for _, nrs in ratings)

    assert log.lowest is not None
    assert log.lowest.pain_nrs == lowest
    assert log.relief_points == (None if before is None else before - lowest)
    if before:
        assert log.relief_share == pytest.approx((before - lowest) / before)
    else:
        assert log.relief_share is None


def test_without_a_rating_no_relief_is_told() -> None:
    """Missing is missing."""
    log = log_of(baseline_nrs=7)

    assert (log.lowest, log.relief_points, log.relief_share) == (None, None, None)
    assert log.rated == ()


def test_a_rating_before_the_block_goes_before_the_baseline() -> None:
    """It is of the same day; the last one counts, and one taken back does not."""
    log = log_of(
        rating(after(-60), 8),
        rating(after(-5), 6),
        rating(after(-1), 1, is_withdrawn=True),
        baseline_nrs=9,
    )

    assert log.before_nrs == 6
    assert log.before is not None
    assert log_of(baseline_nrs=9).before_nrs == 9
    assert log_of().before_nrs is None


def test_of_several_ratings_the_nearest_counts_for_its_time() -> None:
    """Each is kept; of two equally near the one entered later, so a new one corrects."""
    near, far = rating(after(121), 3), rating(after(110), 1)
    first = rating(after(60), 5, recorded_at=after(200))
    second = rating(after(60), 2, recorded_at=after(300))

    log = log_of(near, far, first, second)

    by_minutes = {slot.minutes: slot.reading for slot in log.slots}
    assert by_minutes[120] == near
    assert by_minutes[60] == second
    assert len(log.readings) == 4


def test_what_was_entered_much_later_is_from_memory() -> None:
    """From half of the shortest time between two ratings on."""
    assert not is_from_memory(rating(DONE, 3, recorded_at=DONE + FROM_MEMORY))
    assert is_from_memory(rating(DONE, 3, recorded_at=DONE + FROM_MEMORY + timedelta(seconds=1)))
    assert not is_from_memory(rating(DONE, 3, recorded_at=None))


def test_a_time_that_passed_can_be_rated_until_the_day_is_over() -> None:
    """The person's own day; a block in the evening has its hours to the end."""
    log = log_of()
    midnight = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)

    assert log.open_until(ZONE) == midnight
    log.check_ratable(log.slots[0], ZONE, midnight - timedelta(seconds=1))
    with pytest.raises(InvalidEntry, match="on the day of the block only"):
        log.check_ratable(log.slots[0], ZONE, midnight)

    evening = block_log([done(midnight - timedelta(hours=1))], None)
    assert evening is not None
    assert evening.open_until(ZONE) == evening.closes_at > midnight


def test_a_time_that_has_not_come_cannot_be_rated() -> None:
    """Nobody knows the pain of a time to come."""
    log = log_of()

    log.check_ratable(log.slots[3], ZONE, log.slots[3].opens_at)
    with pytest.raises(InvalidEntry, match="has not come yet"):
        log.check_ratable(log.slots[3], ZONE, log.slots[3].opens_at - timedelta(seconds=1))


def test_what_is_part_of_the_log() -> None:
    """The block, the rating before it and those of its hours; not a fall, nor a later rating."""
    before, inside, later = rating(after(-5), 6), rating(after(20), 3), rating(after(700), 3)
    fall = Event(kind=EventKind.FALL, occurred_at=after(20))
    log = log_of(before, inside, later, fall)

    assert [log.holds(each) for each in (log.done, before, inside)] == [True] * 3
    assert [log.holds(each) for each in (later, fall)] == [False] * 2
