"""The search for garbage that the server takes over from Python."""

import asyncio
import gc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.screens.driving import drive
from web import collecting
from web.collecting import LEAST_SECONDS, SHARE, Pauses, wait_after


@given(st.floats(0, 60))
def test_searching_takes_no_more_than_its_share_of_the_time(pause: float) -> None:
    wait = wait_after(pause)

    assert wait >= LEAST_SECONDS
    assert pause <= wait * SHARE * (1 + 1e-9)


def test_pauses_are_counted_and_the_longest_is_kept() -> None:
    pauses = Pauses()
    for seconds in (0.02, 0.3, 0.1):
        pauses.note(seconds)

    assert pauses == Pauses(count=3, last_seconds=0.1, longest_seconds=0.3)


class _Ring:
    """Something that only a search finds."""

    def __init__(self) -> None:
        self.myself = self


def test_what_only_a_search_finds_is_found_and_python_searches_as_before_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Old garbage goes with the server's search; at its end Python has its own thresholds back."""
    monkeypatch.setattr(collecting, "LEAST_SECONDS", 0.0)
    before = gc.get_threshold()

    async def acts() -> bool:
        searched = asyncio.Event()

        class Noted(Pauses):
            def note(self, seconds: float) -> None:
                super().note(seconds)
                searched.set()

        monkeypatch.setattr(collecting, "pauses", Noted())
        ring = _Ring()
        lost = weakref.ref(ring)
        gc.collect()  # old by now: Python's own search of new objects passes it over
        searching = asyncio.create_task(collecting.keep_collecting())
        await asyncio.sleep(0)
        assert gc.get_threshold()[2] > 1_000_000
        del ring
        await searched.wait()
        searching.cancel()
        await asyncio.gather(searching, return_exceptions=True)
        return lost() is None

    assert drive(acts())
    assert gc.get_threshold() == before
