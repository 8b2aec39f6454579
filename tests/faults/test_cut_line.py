"""The websocket cut at each step of a save: the page says what is stored, and it is stored once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import pytest

from tests.e2e.steps import SAVED
from tests.faults.figures import note_figures
from tests.faults.footprint import Footprint, difference
from tests.faults.stage import Stage, Try
from tests.faults.writes import PATIENTS_WRITES
from tests.screens.driving import drive
from tests.screens.screen import LineBroke

BEFORE = "before the press"
PAUSE_SECONDS = 0.1
"""Before a page that lost its line connects again; a browser waits for half a second."""
TRIES = 10
MOST_MESSAGES = 12
"""Between how many messages of an answer the line is cut, evenly spread over all of them."""


@dataclass(frozen=True, slots=True)
class Press:
    """
    What is pressed.

    Attributes:
        name: Of the write.
        thanks: What the page says at once.
        shown: What stands on the page once it is stored.
        may_press_again: Whether the button is pressed again although the page shows it stored.
    """

    name: str
    thanks: str
    shown: str
    may_press_again: bool = False


PRESSES = (
    Press("a day is saved", SAVED, ": logged at", may_press_again=True),
    Press("a fall is recorded", "Recorded at", "Take back"),
    Press("a question is kept", "Kept for your visit.", "Take back"),
)

Cut = Callable[[Try], Awaitable[None]]


@dataclass
class Count:
    """How often a press was cut, and what came of it."""

    tried: int = 0
    thanked: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[object] = field(default_factory=list)


@pytest.mark.faults
@pytest.mark.parametrize("press", PRESSES, ids=[each.name for each in PRESSES])
def test_a_line_cut_at_any_step_stores_all_or_nothing_and_never_twice(
    stage: Stage, press: Press
) -> None:
    """
    Cut before the press, as it is sent, before each change, and between messages of the answer.

    The page that finds its session again shows what is stored. What is not is stored by the next
    press, and what is not stored a second time by it.
    """
    count = drive(_cut_at_each_step(stage, press))

    figures = note_figures(
        f"the line cut at each step: {press.name}",
        tried=count.tried,
        acknowledged=count.thanked,
        lost=len(count.lost),
        half=len(count.wrong),
    )
    assert (figures.half, figures.lost) == (0, 0), (count.wrong, count.lost)
    assert figures.acknowledged


async def _cut_at_each_step(stage: Stage, press: Press) -> Count:
    write = next(each for each in PATIENTS_WRITES if each.name == press.name)
    async with stage.opened(write) as undisturbed:
        stage.gate.watch()
        await undisturbed.screen.send_press(write.button)
        messages = await _messages_until_drawn(undisturbed)
        whole, asked = undisturbed.footprint(), list(stage.gate.asked)
        assert press.thanks in undisturbed.screen.text()
    count = Count()
    for name, cut in _steps(messages, asked):
        async with stage.opened(write) as tried:
            count.tried += 1
            stage.gate.watch()
            await cut(tried)
            thanked = press.thanks in tried.screen.text()
            count.thanked += thanked
            stored = await _settled(tried, whole, pressed=name != BEFORE)
            if thanked and stored != whole:
                count.lost.append(name)
            if problem := await _find_again(tried, press, (stored, whole)):
                count.wrong.append((name, problem))
    return count


def _steps(messages: int, asked: Sequence[str]) -> Iterator[tuple[str, Cut]]:
    yield BEFORE, _cut_now
    yield "with the press", partial(_cut_after_messages, number=0)
    for point, statement in enumerate(asked, start=1):
        if not statement.startswith("SELECT"):
            yield f"before {statement}", partial(_cut_at_statement, point=point)
    step = max(1, messages // MOST_MESSAGES)
    for number in range(1, messages + 1, step):
        yield f"after message {number}", partial(_cut_after_messages, number=number)


async def _messages_until_drawn(tried: Try) -> int:
    number = 0
    while True:
        number += 1
        message = await tried.screen.receive()
        if message.WhichOneof("type") == "script_finished":
            return number


async def _cut_now(tried: Try) -> None:
    tried.screen.cut()


async def _cut_after_messages(tried: Try, *, number: int) -> None:
    await tried.screen.send_press(tried.write.button)
    for _ in range(number):
        await tried.screen.receive()
    tried.screen.cut()


async def _cut_at_statement(tried: Try, *, point: int) -> None:
    async def cut() -> None:
        tried.screen.cut()

    tried.stage.gate.watch(point, cut)
    with pytest.raises(LineBroke):
        await tried.press()


async def _settled(tried: Try, whole: Footprint, *, pressed: bool) -> Footprint:
    """Return what is stored once a press that the server got is through with."""
    if not (pressed and tried.stage.gate.asked):
        return tried.footprint()
    async for stored in tried.seen_until(whole):
        if stored not in (tried.before, whole):
            return stored
    return stored


async def _find_again(tried: Try, press: Press, stood: tuple[Footprint, Footprint]) -> object:
    """Connect again, and return what the page or the database does not tell as it is, if any."""
    stored, whole = stood
    await _reconnect(tried)
    is_shown = _is_shown(tried, press)
    if is_shown and tried.footprint() != whole:
        return "shown as stored, but is not"
    if stored == whole and not is_shown:
        return "stored, but not shown"
    if press.may_press_again or not is_shown:
        return difference(whole, await _pressed_until_shown(tried, press, whole))
    return difference(whole, tried.footprint())


def _is_shown(tried: Try, press: Press) -> bool:
    return any(each in tried.screen.text() for each in (press.thanks, press.shown))


async def _pressed_until_shown(tried: Try, press: Press, whole: Footprint) -> Footprint:
    """
    Press as a person does who reads that nothing was kept, and return what is stored then.

    A server that notices the cut only now ends the run of a press that came meanwhile, as if it
    were one of the old line: nothing is stored, and the page says nothing of it.
    """
    for _ in range(TRIES):
        await tried.press()
        if _is_shown(tried, press):
            break
    async for final in tried.seen_until(whole):
        if final not in (tried.before, whole):
            break
    return final


async def _reconnect(tried: Try) -> None:
    """
    Connect until the page is whole.

    A browser waits before it tries. A server that did not notice the cut before it is connected to
    again ends the new run as if it were the one of the old line, wherever it is.
    """
    for _ in range(TRIES):
        await asyncio.sleep(PAUSE_SECONDS)
        await tried.screen.reconnect()
        if tried.is_whole():
            return
        await tried.screen.close()
    raise AssertionError(f"the page did not come back:\n{tried.screen.text()}")
