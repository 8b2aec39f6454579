"""A press with something else asked for at once, and one that a page brings with its first run."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pytest

from tests.faults.figures import note_figures
from tests.faults.footprint import Footprint, difference
from tests.faults.stage import Stage, Try
from tests.faults.writes import CLINICS_WRITES, PATIENTS_WRITES, Write
from tests.screens.driving import drive

Way = Callable[[Try], Awaitable[None]]

GAPS = (0.0, 0.01)
"""Seconds between a press and what comes after it; a page takes longer to be drawn."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was stored before a press, and after it."""

    before: Footprint
    after: Footprint


@pytest.mark.faults
@pytest.mark.parametrize("write", [*PATIENTS_WRITES, *CLINICS_WRITES], ids=lambda each: each.name)
def test_a_press_is_done_whatever_is_asked_for_next(stage: Stage, write: Write) -> None:
    """
    The same page is asked for anew, as by another answer, while the press waits to be drawn.

    Streamlit ends that run before it comes to the button, and forgets what was pressed; so what is
    pressed is done before. And a page that comes back at another process brings the press with its
    first run there, where Streamlit knows no button yet; a page that is bound to its process
    stores nothing then.
    """
    ways = [partial(_follow_at_once, gap=gap) for gap in GAPS]
    followed = drive(_try_each(stage, write, ways))
    elsewhere = drive(_try_each(stage, write, [_press_elsewhere]))

    tries = followed if write.is_bound else [*followed, *elsewhere]
    lost = [number for number, each in enumerate(tries) if each.after == each.before]
    others = [number for number, each in enumerate(tries) if each.after != tries[0].after]
    figures = note_figures(
        f"something else at once, or elsewhere: {write.name}",
        tried=len(tries),
        acknowledged=len(tries) - len(lost),
        lost=len(lost),
        half=len(set(others) - set(lost)),
    )
    assert (figures.lost, figures.half) == (0, 0), (lost, others)
    if write.is_bound:
        # Not the audit, which notes that the page was opened once more.
        assert set(difference(elsewhere[0].before, elsewhere[0].after)) <= {"audit"}


async def _try_each(stage: Stage, write: Write, ways: Sequence[Way]) -> list[Tried]:
    tries = []
    for way in ways:
        async with stage.opened(write) as tried:
            stage.gate.watch()
            await way(tried)
            tries.append(Tried(before=tried.before, after=tried.footprint()))
    return tries


async def _follow_at_once(tried: Try, *, gap: float) -> None:
    await tried.screen.send_press(tried.write.button)
    await asyncio.sleep(gap)
    await tried.screen.rerun()


async def _press_elsewhere(tried: Try) -> None:
    await tried.screen.line.close()
    # As at another process: nobody there knows the session.
    tried.screen.session_id = ""
    await tried.screen.connect()
    await tried.press()
