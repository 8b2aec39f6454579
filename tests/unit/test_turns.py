"""Pages are drawn one after the other, and nobody waits long for one that takes long."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from typing import Self

import pytest

from ui.turns import LONGEST_SECONDS, PATIENCE_SECONDS, Turns

WAIT = 30.0
"""Longest wait for another thread, generous because two cores are shared."""

NEVER = 3_600.0
ROOT = Path(__file__).parents[2]


class Busy:
    """A thread that has the turn until it is told to end."""

    def __init__(self, turns: Turns) -> None:
        self._turns, self._has_begun, self._ends = turns, Event(), Event()
        self._thread = Thread(target=self._work)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._has_begun.wait(WAIT)
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Give the turn back, and wait until that is done."""
        self._ends.set()
        self._thread.join(WAIT)

    def _work(self) -> None:
        with self._turns.taken():
            self._has_begun.set()
            self._ends.wait(WAIT)


def _goes_on(turns: Turns) -> tuple[Thread, Event]:
    """Start a thread that wants the turn; return it and what it sets when it has it."""
    has_it = Event()

    def want() -> None:
        with turns.taken():
            has_it.set()

    thread = Thread(target=want)
    thread.start()
    return thread, has_it


@pytest.fixture
def turns() -> Turns:
    """Return turns that end only when they are given back."""
    return Turns(longest=NEVER, patience=NEVER)


def test_two_never_have_the_turn_at_once(turns: Turns) -> None:
    """However many want it; each gets it."""
    inside, most, done = [0], [0], [0]

    def draw(pauses: bool) -> None:
        with turns.taken():
            if pauses:
                turns.rest(0)
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            # Another thread comes between here, if one can.
            Event().wait(0.001)
            inside[0] -= 1
            done[0] += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(draw, [False, True] * 100))
    assert (most[0], done[0]) == (1, 200)


def test_whoever_waits_gets_it_when_it_is_given_back(turns: Turns) -> None:
    """Not before."""
    with Busy(turns) as other:
        thread, has_it = _goes_on(turns)
        assert not has_it.wait(0.05)
        other.end()
        assert has_it.wait(WAIT)
    thread.join(WAIT)


def test_turns_are_given_in_the_order_of_asking(turns: Turns) -> None:
    """Nobody who comes later is drawn first, however many wait."""
    drawn: list[int] = []

    def draw(number: int) -> None:
        with turns.taken():
            drawn.append(number)

    threads = [Thread(target=draw, args=(number,)) for number in range(20)]
    with Busy(turns):
        for number, thread in enumerate(threads, start=1):
            thread.start()
            while len(turns._waiting) < number:  # noqa: SLF001 - until it stands in the line
                pass
    for thread in threads:
        thread.join(WAIT)

    assert drawn == list(range(20))


def test_all_who_wait_for_a_slow_page_go_on() -> None:
    """Its turn ends for the first of them, and the others follow."""
    turns, drawn = Turns(longest=0.02, patience=NEVER), []

    def draw(number: int) -> None:
        with turns.taken():
            drawn.append(number)

    with Busy(turns):
        threads = [Thread(target=draw, args=(number,)) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT)

    assert sorted(drawn) == list(range(10))


def test_a_page_that_takes_long_keeps_nobody_waiting() -> None:
    """Its turn ends by itself; what it gives back later is not the next one's."""
    turns = Turns(longest=0.01, patience=NEVER)
    with Busy(turns) as slow:
        with turns.taken():
            pass
        with turns.taken():
            slow.end()
            assert turns._holder is not None  # noqa: SLF001 - the turn is still the second one's
    assert turns._holder is None  # noqa: SLF001


def test_whoever_waited_long_is_drawn_all_the_same() -> None:
    """Also while many others take theirs, one after the other."""
    turns = Turns(longest=NEVER, patience=0.01)
    with Busy(turns), turns.taken():
        pass


def test_a_part_of_a_page_has_the_turn_of_its_page(turns: Turns) -> None:
    """It would wait for itself."""
    with turns.taken():
        with turns.taken():
            pass
        with Busy(Turns()):
            thread, has_it = _goes_on(turns)
            assert not has_it.wait(0.05)
    assert has_it.wait(WAIT)
    thread.join(WAIT)


def test_while_a_page_rests_others_are_drawn(turns: Turns) -> None:
    """And it has the turn again afterwards; without one a rest is a pause."""
    turns.rest(0)
    with turns.taken():
        thread, has_it = _goes_on(turns)
        assert not has_it.is_set()
        turns.rest(0.2)
        assert has_it.is_set()
    thread.join(WAIT)


def test_a_page_that_rested_goes_before_those_who_wait(turns: Turns) -> None:
    """It has waited already, and what is left of it is short."""
    drawn: list[str] = []
    rests = Event()

    def draw_in_two() -> None:
        with turns.taken():
            rests.set()
            turns.rest(0.05)
            drawn.append("rested")

    def draw() -> None:
        with turns.taken():
            drawn.append("came later")

    resting, later = Thread(target=draw_in_two), Thread(target=draw)
    resting.start()
    assert rests.wait(WAIT)
    with Busy(turns):
        later.start()
        while len(turns._waiting) < 2:  # noqa: SLF001 - until both stand in the line
            pass
    for thread in (resting, later):
        thread.join(WAIT)

    assert drawn == ["rested", "came later"]


@pytest.mark.parametrize("error", [ValueError, SystemExit, BaseException])
def test_a_page_that_breaks_off_gives_its_turn_back(
    turns: Turns, error: type[BaseException]
) -> None:
    """As Streamlit ends a page by an exception when it is asked for anew."""
    with pytest.raises(error), turns.taken():
        raise error

    with Busy(turns):
        pass


def test_every_run_takes_a_turn() -> None:
    """The whole page in the navigation, a part that runs alone by itself."""
    assert "with TURNS.taken():\n    _draw()" in (ROOT / "pages/navigation.py").read_text("utf-8")
    for file in sorted((ROOT / "ui").rglob("*.py")):
        text = file.read_text("utf-8")
        assert text.count("@st.fragment") <= text.count("TURNS.taken()"), file.name


def test_nobody_waits_longer_than_can_be_noticed() -> None:
    """A turn is longer than a page usually needs, and patience ends."""
    assert 0.1 <= LONGEST_SECONDS < 1 < PATIENCE_SECONDS <= 5
