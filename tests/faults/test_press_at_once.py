"""Something else asked for at once, before the page that was pressed on is drawn: both are done."""

import asyncio
from collections.abc import Sequence

import pytest

from tests.faults.figures import note_figures
from tests.faults.footprint import Footprint
from tests.faults.stage import Stage
from tests.faults.writes import CLINICS_WRITES, PATIENTS_WRITES, Write
from tests.screens.driving import drive

GAPS = (0.0, 0.01)
"""Seconds between a press and what comes after it; a page takes longer to be drawn."""


@pytest.mark.faults
@pytest.mark.parametrize("write", [*PATIENTS_WRITES, *CLINICS_WRITES], ids=lambda each: each.name)
def test_a_press_is_done_whatever_is_asked_for_next(stage: Stage, write: Write) -> None:
    """
    The same page is asked for anew, as by another answer, while the press waits to be drawn.

    Streamlit ends that run before it comes to the button, and forgets what was pressed; so what is
    pressed is done before.
    """
    lost = drive(_follow_at_once(stage, write))

    figures = note_figures(
        f"something else at once: {write.name}",
        tried=len(GAPS),
        acknowledged=len(GAPS) - len(lost),
        lost=len(lost),
        half=0,
    )
    assert figures.lost == 0, lost


async def _follow_at_once(stage: Stage, write: Write) -> Sequence[float]:
    async with stage.opened(write) as undisturbed:
        stage.gate.watch()
        await undisturbed.press()
        whole = undisturbed.footprint()
    assert undisturbed.before != whole, "nothing was stored at all"
    return [gap for gap in GAPS if await _stored_after(stage, write, gap) != whole]


async def _stored_after(stage: Stage, write: Write, gap: float) -> Footprint:
    async with stage.opened(write) as tried:
        stage.gate.watch()
        await tried.screen.send_press(write.button)
        await asyncio.sleep(gap)
        await tried.screen.rerun()
        return tried.footprint()
