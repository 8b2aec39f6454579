"""When a backup is due, when it is late, and which copies may go."""

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.backups import (
    LATE_AFTER,
    MAX_KEEP,
    RETRY_AFTER,
    BackupPlan,
    age,
    copy_name,
    dated_ahead,
    is_due,
    is_late,
    size_words,
    surplus,
)
from recovery.errors import InvalidEntry
from tests.factories import NOW

ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia")
MOMENT = timedelta(microseconds=1)
instants = st.datetimes(
    min_value=datetime(2011, 1, 1),  # noqa: DTZ001 - the zone is given below
    max_value=datetime(2031, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)


def _plan(**changes: object) -> BackupPlan:
    fields: dict[str, object] = {"hour": 2, "time_zone": "UTC", "folder": "/b", "keep": 3}
    return BackupPlan(**fields | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hour": -1}, "hour"),
        ({"hour": 24}, "hour"),
        ({"keep": 0}, "Keep from 1"),
        ({"keep": MAX_KEEP + 1}, "Keep from 1"),
        ({"time_zone": "Mars/Olympus"}, "time zone"),
        ({"folder": " "}, "folder"),
        ({"folder": "/b\x00"}, "folder"),
        ({"folder": "/" + "b" * 500}, "folder"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidEntry, match=words):
        _plan(**changes).cleaned()


@pytest.mark.parametrize("changes", [{"hour": 0, "keep": 1}, {"hour": 23, "keep": MAX_KEEP}])
def test_the_ends_of_the_ranges_are_in_them(changes: dict[str, object]) -> None:
    assert _plan(folder=" /b ", **changes).cleaned() == _plan(**changes)


@given(
    now=instants,
    ahead=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3)),
    hour=st.integers(0, 23),
    zone=st.sampled_from(ZONES),
)
def test_it_is_due_at_its_hour_once_a_day(
    now: datetime, ahead: timedelta, hour: int, zone: str
) -> None:
    """Also over a change of the clock, and over a day that a country left out."""
    plan = _plan(hour=hour, time_zone=zone)
    due = plan.last_due(now)
    here = due.astimezone(ZoneInfo(zone))

    assert timedelta(0) <= now - due < timedelta(hours=49)
    assert plan.last_due(due) == due
    assert plan.last_due(due - MOMENT) < due
    assert plan.last_due(now + ahead) >= due
    # Where a day has no such hour, it is due within the hour after it.
    assert here.hour == hour or (here - timedelta(hours=1)).hour == hour or here.minute


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-22T06:59", "2026-11-21T07:00"),
        ("2026-11-22T07:00", "2026-11-22T07:00"),
        # 2:00 is left out on 8 March, and comes twice at 1:00 on 1 November.
        ("2026-03-08T12:00", "2026-03-08T07:00"),
        ("2026-03-09T12:00", "2026-03-09T06:00"),
    ],
)
def test_the_hour_is_the_clinics(now: str, due: str) -> None:
    plan = _plan(time_zone="America/New_York")

    assert plan.last_due(datetime.fromisoformat(f"{now}+00:00")) == datetime.fromisoformat(
        f"{due}+00:00"
    )


def test_the_first_copy_is_made_at_once() -> None:
    assert is_due(_plan(), NOW, copied_at=[], started_at=None)


@pytest.mark.parametrize(
    ("succeeded", "started", "due"),
    [
        ("2026-11-22T02:00", "2026-11-22T02:00", False),
        ("2026-11-22T01:59", "2026-11-22T01:59", True),
        # Tried and failed: again in an hour.
        ("2026-11-21T02:00", "2026-11-22T14:00:01", False),
        ("2026-11-21T02:00", "2026-11-22T14:00", True),
        # The clock was set back: a start and a success that lie ahead say nothing.
        ("2026-11-21T02:00", "2026-11-23T02:00", True),
        ("2036-11-21T02:00", "2036-11-21T02:00", True),
        ("2026-11-22T15:00:01", "2026-11-22T15:00:01", True),
        ("2026-11-22T15:00", "2026-11-22T15:00", False),
    ],
)
def test_a_day_that_has_its_copy_needs_no_other(succeeded: str, started: str, *, due: bool) -> None:
    """What a server that was off missed is made up for."""
    at = [datetime.fromisoformat(f"{each}+00:00") for each in (succeeded, started)]

    for copied in ([at[0]], [at[0], at[0] - timedelta(days=9), NOW + timedelta(days=9)]):
        assert is_due(_plan(), NOW, copied_at=copied, started_at=at[1]) is due
    assert timedelta(hours=1) == RETRY_AFTER


@pytest.mark.parametrize("since", [timedelta(0), LATE_AFTER])
def test_it_is_late_after_a_day_and_two_hours(since: timedelta) -> None:
    """Counted from the last success, and before the first from the plan."""
    at = NOW - since
    later = at - MOMENT

    assert not is_late(NOW, succeeded_at=at, planned_at=later)
    assert is_late(NOW, succeeded_at=None, planned_at=NOW - LATE_AFTER - MOMENT)
    assert is_late(NOW, succeeded_at=NOW - LATE_AFTER - MOMENT, planned_at=NOW)


def test_a_success_that_lies_far_ahead_is_late() -> None:
    """A clock that was wrong must not say for years that all is well."""
    for ahead, late in ((LATE_AFTER, False), (LATE_AFTER + MOMENT, True)):
        assert is_late(NOW, succeeded_at=NOW + ahead, planned_at=NOW) is late
        assert is_late(NOW, succeeded_at=None, planned_at=NOW + ahead) is late
    assert age(NOW, succeeded_at=NOW + MOMENT, planned_at=NOW) == MOMENT


@given(
    ages=st.lists(st.integers(0, 10**6), unique=True, max_size=8),
    ahead=st.sets(st.integers(1, 10**6), max_size=3),
    keep=st.integers(0, 9),
    others=st.sets(st.text(max_size=30), max_size=4),
)
def test_only_own_oldest_copies_go(
    ages: list[int], ahead: set[int], keep: int, others: set[str]
) -> None:
    """
    The newest stay, one at least; a file of another name or installation is never named.

    Nor is one from after the newest, and it takes the place of none.
    """
    own = {copy_name("0a1b2c3d", NOW - timedelta(seconds=age)): age for age in ages}
    later = [copy_name("0a1b2c3d", NOW + timedelta(seconds=each)) for each in ahead]
    strange = {copy_name("ffffffff", NOW), *(f"{name}.part" for name in own), *others, *later}

    names = [*own, *(strange - set(own))]
    gone = surplus(names, "0a1b2c3d", keep, newest_at=NOW)

    assert dated_ahead(names, "0a1b2c3d", NOW) == sorted(later)

    assert set(gone) <= set(own)
    stayed = [age for name, age in own.items() if name not in gone]
    assert len(stayed) == min(len(ages), max(1, keep))
    assert not gone or max(stayed) < min(own[name] for name in gone)


def test_faulty_copies_take_no_place_of_good_ones() -> None:
    """They have a name of their own, and are counted by themselves."""
    ages = [timedelta(days=each) for each in range(4)]
    good = [copy_name("0a1b2c3d", NOW - age) for age in ages[2:]]
    faulty = [copy_name("0a1b2c3d", NOW - age, is_faulty=True) for age in ages]

    assert faulty[0] == "mendline-0a1b2c3d-20261122T150000Z-faulty.db"
    of_all = partial(surplus, [*good, *faulty], "0a1b2c3d", newest_at=NOW)
    assert of_all(2) == []
    assert of_all(1) == good[1:]
    assert of_all(3, is_faulty=True) == faulty[3:]
    assert dated_ahead(faulty, "0a1b2c3d", NOW - timedelta(days=2)) == faulty[1::-1]


@pytest.mark.parametrize(
    "name",
    ["mendline.db", "mendline-0a1b2c3d-20261122T150000Z.db\n", "x-0a1b2c3d-20261122T150000Z.db"],
)
def test_what_only_looks_alike_stays(name: str) -> None:
    own = copy_name("0a1b2c3d", NOW)

    assert own == "mendline-0a1b2c3d-20261122T150000Z.db"
    assert surplus([own, name, name], "0a1b2c3d", 1, newest_at=NOW) == []


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0.0 MB"), (1_250_000, "1.2 MB"), (999_949_999, "999.9 MB"), (1_000_000_000, "1.0 GB")],
)
def test_sizes_are_read_by_people(size: int, words: str) -> None:
    assert size_words(size) == words
