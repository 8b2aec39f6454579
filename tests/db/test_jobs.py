"""Jobs of the server: once for all processes, and kept when they ran and how they ended."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest

from db.engine import Database, reading
from db.jobs import JobState, run_once, state_of
from tests.factories import NOW

HOURLY = timedelta(hours=1)


def _state(database: Database) -> JobState | None:
    with reading(database) as session:
        return state_of(session, "counting")


def test_a_job_that_never_ran_has_no_state(database: Database) -> None:
    assert _state(database) is None


def test_a_run_is_kept_with_what_it_said(database: Database) -> None:
    assert run_once(database, "counting", lambda: "three", every=HOURLY, now=NOW)

    state = _state(database)
    assert state is not None
    assert (state.started_at, state.finished_at, state.detail) == (NOW, NOW, "three")
    assert not state.is_failing


@pytest.mark.parametrize(
    ("after", "is_done"),
    [
        (timedelta(0), False),
        (HOURLY - timedelta(seconds=1), False),
        (HOURLY, True),
        (-timedelta(seconds=5), False),
        (-HOURLY, True),
        (-timedelta(days=1), True),
    ],
)
def test_a_run_holds_for_its_time_and_a_clock_set_back_stops_none(
    database: Database, after: timedelta, *, is_done: bool
) -> None:
    """Five seconds back is another machine's clock; an hour or a day is one that was set."""
    run_once(database, "counting", lambda: "", every=HOURLY, now=NOW)

    assert run_once(database, "counting", lambda: "", every=HOURLY, now=NOW + after) is is_done


def test_a_failure_is_kept_by_its_kind_and_forgotten_after_a_success(database: Database) -> None:
    def fail() -> str:
        raise ZeroDivisionError("with a text")

    with pytest.raises(ZeroDivisionError):
        run_once(database, "counting", fail, every=HOURLY, now=NOW)
    failed = _state(database)
    run_once(database, "counting", lambda: "", every=HOURLY, now=NOW + HOURLY)
    mended = _state(database)

    assert failed is not None
    assert failed.is_failing
    assert failed.failure == "ZeroDivisionError"
    assert mended is not None
    assert not mended.is_failing


def test_of_many_at_once_one_runs(database: Database) -> None:
    """The others find the job held, or just done; none waits for it."""
    started, done = threading.Event(), []

    def work() -> str:
        done.append(1)
        started.wait(timeout=10)
        return ""

    def ask(_number: int) -> bool:
        return run_once(database, "counting", work, every=HOURLY, now=NOW)

    with ThreadPoolExecutor(8) as threads:
        runs = [threads.submit(ask, number) for number in range(8)]
        others: list[Future[bool]] = []
        while len(others) < 7:
            others = [each for each in runs if each.done()]
        started.set()

    assert len(done) == 1
    assert sorted(each.result() for each in runs) == [False] * 7 + [True]
