"""Another run asked for at every statement of every write: all of it is stored, and once."""

from collections.abc import Sequence

import pytest

from tests.faults.figures import note_figures
from tests.faults.footprint import difference
from tests.faults.stage import Stage
from tests.faults.writes import CLINICS_WRITES, EACH_STATEMENT, PATIENTS_WRITES, Write
from tests.screens.driving import drive


@pytest.mark.faults
@pytest.mark.parametrize("write", [*PATIENTS_WRITES, *CLINICS_WRITES], ids=lambda each: each.name)
def test_a_rerun_at_each_statement_leaves_nothing_half(stage: Stage, write: Write) -> None:
    """
    A message of the same page arrives before each statement, before the commit and after it.

    Streamlit then ends the script at the next thing that it draws or asks of its session, and
    runs the page anew beside it. Nobody ever sees a part of what an undisturbed press stores, and
    all of it is there in the end: a press is not lost because the page was asked for something.
    """
    points, lost, halves = drive(_interrupt_each(stage, write))

    figures = note_figures(
        f"a rerun at each statement: {write.name}",
        tried=points,
        acknowledged=points,
        lost=len(lost),
        half=len(halves),
    )
    assert (figures.half, figures.lost) == (0, 0), (halves, lost)


async def _interrupt_each(
    stage: Stage, write: Write
) -> tuple[int, Sequence[object], Sequence[object]]:
    """Return how often the write was interrupted, where it was lost, and where it was half."""
    async with stage.opened(write) as undisturbed:
        stage.gate.watch()
        await undisturbed.press()
        whole, asked = undisturbed.footprint(), list(stage.gate.asked)
    assert difference(undisturbed.before, whole), "nothing was stored at all"
    lost: list[object] = []
    halves: list[object] = []
    points = _points(asked, write)
    for point in points:
        async with stage.opened(write) as tried:
            stage.gate.watch(point, tried.screen.send_rerun)
            await tried.press()
            assert len(stage.gate.asked) >= point, "the write was shorter than before"
            where = stage.gate.asked[point - 1]
            async for stored in tried.seen_until(whole):
                if stored not in (tried.before, whole):
                    halves.append((point, where, difference(whole, stored)))
            if stored != whole:
                lost.append((point, where))
    return len(points), lost, halves


def _points(asked: Sequence[str], write: Write) -> list[int]:
    """
    Return at which of the statements to interrupt, from 1, up to the first commit.

    What comes after it is the page that is drawn, which notes that it was read. All statements of
    the writes that people press most; of others those that change something, since what was asked
    for before a statement that only reads still waits at the next one.
    """
    last = asked.index("COMMIT") + 1
    return [
        place
        for place, statement in enumerate(asked[: last + 1], start=1)
        if write in EACH_STATEMENT or not statement.startswith("SELECT")
    ]
