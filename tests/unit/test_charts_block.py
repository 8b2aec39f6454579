"""The chart of the hours after a test block, read back from what travels to the browser."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.block import after_words, block_chart, block_frame
from recovery.block_log import SLOT_MINUTES, BlockLog, block_log
from recovery.reports import Event, EventKind
from tests.unit.charting import layers, rows, spec

DONE = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def rating(minutes: float, nrs: int, **more: Any) -> Event:
    """Return a rating some minutes after the block, entered at once unless told otherwise."""
    at = DONE + timedelta(minutes=minutes)
    more = {"event_id": uuid4(), "recorded_at": at, **more}
    return Event(kind=EventKind.PAIN_READING, occurred_at=at, pain_nrs=nrs, **more)


def log_of(*ratings: Event) -> BlockLog:
    """Return the log of a block at ``DONE``."""
    log = block_log([Event(kind=EventKind.PROCEDURE_DONE, occurred_at=DONE), *ratings], 7)
    assert log is not None
    return log


def clock(at: datetime) -> str:
    """Write an instant as a clock in UTC shows it."""
    return f"{at:%H:%M}"


def drawn(*ratings: Event, before_nrs: int | None = 7, dark: bool = False) -> dict[str, Any]:
    """Return the specification of the chart."""
    return spec(block_chart(block_frame(log_of(*ratings), clock), before_nrs, dark=dark))


def encodings(specified: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return what each layer draws on its channels."""
    return (layer["encoding"] for layer in specified["layer"])


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (80, "1 hour 20 minutes"),
        (480, "8 hours"),
    ],
)
def test_times_after_the_block_are_words(minutes: int, words: str) -> None:
    """As a person says them."""
    assert after_words(minutes) == words


def test_no_rating_is_an_empty_table() -> None:
    """With its columns."""
    frame = block_frame(log_of(), clock)

    assert frame.empty
    assert {"hours", "pain_nrs", "run"} <= set(frame.columns)


def test_a_row_tells_when_how_much_and_how_it_was_entered() -> None:
    """At its own time, not at the planned one."""
    later = DONE + timedelta(hours=4)
    frame = block_frame(
        log_of(rating(47, 2), rating(60, 3, recorded_at=later), rating(120, 0, is_by_proxy=True)),
        clock,
    )

    assert list(frame["when"]) == [
        "15:47, 47 minutes after",
        "16:00, 1 hour after",
        "17:00, 2 hours after",
    ]
    assert list(frame["pain_nrs"]) == [2, 3, 0]
    assert list(frame["entry"]) == [
        "At that time",
        "Later, from memory",
        "At that time, by a carer",
    ]


@given(st.sets(st.sampled_from(SLOT_MINUTES)))
def test_only_neighbours_are_joined(rated: set[int]) -> None:
    """Two ratings share a run exactly when no planned one is missing between them."""
    frame = block_frame(log_of(*(rating(each, 4) for each in rated)), clock)
    runs = dict(zip(frame["minutes"], frame["run"], strict=True))

    assert set(runs) == rated
    for one, two in pairwise(sorted(rated)):
        skipped = SLOT_MINUTES.index(two) - SLOT_MINUTES.index(one) > 1
        assert (runs[one] != runs[two]) == skipped


def test_a_rating_that_was_not_planned_is_a_point_alone() -> None:
    """It is drawn, and no line goes through it."""
    specified = drawn(rating(60, 4), rating(75, 9), rating(120, 5))

    [line] = layers(specified, "line")
    assert [row["pain_nrs"] for row in rows(specified, line)] == [4, 5]
    [points] = layers(specified, "point")
    assert [row["pain_nrs"] for row in rows(specified, points)] == [4, 9, 5]


def test_a_gap_and_a_lone_rating_have_no_line() -> None:
    """Missing stays missing: never 0 and never joined over."""
    specified = drawn(rating(15, 4), rating(45, 2))

    assert list(layers(specified, "line")) == []
    [points] = layers(specified, "point")
    assert [row["pain_nrs"] for row in rows(specified, points)] == [4, 2]


def test_axes_are_fixed_and_named() -> None:
    """0 to 8 hours and 0 to 10, however few ratings there are."""
    specified = drawn(rating(15, 4))

    for encoding in encodings(specified):
        if "x" in encoding:
            low, high = encoding["x"]["scale"]["domain"]
            assert low <= 0
            assert high >= 8
            assert encoding["x"]["title"] == "Hours after the block"
            assert encoding["x"]["axis"]["values"] == [0, 0.25, 0.5, 0.75, *range(1, 9)]
        assert encoding["y"]["scale"]["domain"] == [0, 10]


@pytest.mark.parametrize(("before_nrs", "side"), [(0, -1), (7, -1), (10, 1)])
def test_the_pain_before_is_a_named_line(before_nrs: int, side: int) -> None:
    """Thin and dashed; its name keeps inside the plot."""
    specified = drawn(rating(15, 4), before_nrs=before_nrs)

    [rule] = layers(specified, "rule")
    assert rule["mark"]["strokeDash"]
    [name] = layers(specified, "text")
    assert rows(specified, name)[0]["words"] == f"Before the block: {before_nrs}"
    assert name["mark"]["dy"] * side > 0


def test_a_pain_before_that_is_not_known_is_not_drawn() -> None:
    """No line stands for it."""
    specified = drawn(rating(15, 4), before_nrs=None)

    assert list(layers(specified, "rule")) == []
    assert list(layers(specified, "text")) == []


def test_what_was_entered_from_memory_has_another_shape() -> None:
    """Hollow and square, so that it is told apart without colour."""
    later = DONE + timedelta(hours=4)
    specified = drawn(rating(15, 4), rating(30, 3, recorded_at=later))

    dots, squares = layers(specified, "point")
    assert (dots["mark"]["shape"], squares["mark"]["shape"]) == ("circle", "square")
    assert dots["mark"]["fill"] != squares["mark"]["fill"]
    [only] = layers(drawn(rating(30, 3, recorded_at=later)), "point")
    assert only["mark"]["shape"] == "square"


@pytest.mark.parametrize("dark", [False, True])
def test_the_chart_is_valid(dark: bool) -> None:
    """It holds against the schema, which pages spare themselves."""
    frame = block_frame(log_of(rating(15, 4), rating(30, 2), rating(200, 9)), clock)

    assert block_chart(frame, 7, dark=dark).to_dict(validate=True)["layer"]
