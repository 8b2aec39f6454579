"""What people do on the pages, one act after another, without an end."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from recovery.reports import ActivityLevel
from tests.screens.screen import Screen
from tests.screens.widgets import component_data

SAVED = "Saved. Thank you."

Act = tuple[str, Awaitable[None]]
"""What is measured under which name, and the act, not yet begun."""

Doing = Callable[[Screen, Random], Iterator[Act]]


@dataclass(frozen=True, slots=True)
class Kind:
    """
    A kind of people.

    Attributes:
        name: What they do, in a word.
        page: Where they begin: an address, empty for the home page.
        does: Their acts.
        is_staff: Whether they are clinicians.
    """

    name: str
    page: str
    does: Doing
    is_staff: bool = False


class NotThanked(Exception):
    """A press of Save ended without thanks."""


def _reads(screen: Screen, dice: Random) -> Iterator[Act]:
    """Look at Home, at the list under Learn, and at one of its pages."""
    while True:
        yield "open Learn", screen.press("way-learn/learn.py")
        title = dice.choice(_keys(screen, "read-"))
        yield "read a page", screen.press(title)
        yield "open Home", screen.press("way-patient/home.py")


def _logs(screen: Screen, dice: Random) -> Iterator[Act]:
    """Answer the questions of Today one by one, save, and go home."""
    # Not everybody begins with the first question when a crowd comes: some are about to save.
    known = dice.randint(0, 5)
    while True:
        answers: list[tuple[str, object]] = [
            ("signs", []),
            ("worst", dice.randint(5, 10)),
            ("average", dice.randint(0, 5)),
            ("activity", dice.choice(list(ActivityLevel)).value),
            ("walking", 5 * dice.randint(0, 20)),
        ]
        yield "open Today", _open_today(screen, answers[:known])
        for question, value in answers[known:]:
            yield "answer", screen.set(question, value)
        known = 0
        yield "save", _save(screen)
        yield "open Home", screen.press("way-patient/home.py")


async def _open_today(screen: Screen, answers: Sequence[tuple[str, object]]) -> None:
    await screen.press("way-patient/today.py")
    for question, value in answers:
        await screen.set(question, value)


async def _save(screen: Screen) -> None:
    await screen.press("Save")
    if SAVED not in screen.text():
        raise NotThanked


def _draws(screen: Screen, dice: Random) -> Iterator[Act]:
    """Look at the chart over one range after another."""
    while True:
        yield "choose a range", screen.press(dice.choice(_keys(screen, "chart-range-")))


def _reviews(screen: Screen, dice: Random) -> Iterator[Act]:
    """Open one patient after another from the list."""
    while True:
        rows = component_data(screen.page.find("review-rows").element)["rows"]
        yield "open a patient", screen.tell("review-rows", "opened", dice.choice(rows)[0])
        yield "back to the list", screen.press("way-clinician/review.py")


def _sends(screen: Screen, dice: Random) -> Iterator[Act]:
    """Send the one form of a bare page."""
    while True:
        yield "send a form", _send(screen, dice.randint(0, 10))


async def _send(screen: Screen, number: int) -> None:
    await screen.set("Number", number)
    await screen.press("Save")


def _redraws(screen: Screen, _dice: Random) -> Iterator[Act]:
    """Have the one chart of a bare page drawn again."""
    while True:
        yield "draw a chart", screen.rerun()


def _keys(screen: Screen, beginning: str) -> list[str]:
    return [key for key in screen.page.keys_shown() if key.startswith(beginning)]


READING = Kind("reading", "", _reads)
LOGGING = Kind("logging", "", _logs)
DRAWING = Kind("drawing", "progress", _draws)
REVIEWING = Kind("reviewing", "review", _reviews, is_staff=True)
FORM = Kind("bare form", "", _sends)
CHART = Kind("bare chart", "", _redraws)

CLINIC = (*[READING, LOGGING, DRAWING] * 3, REVIEWING)
"""Of ten people, nine are patients who read, log and draw alike, and one is a clinician."""
