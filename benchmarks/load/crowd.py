"""A crowd: people who act, think and act again, and how long each act took."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter
from typing import Self

from websockets.exceptions import WebSocketException

from benchmarks.load.people import Act, Kind, NotThanked
from tests.screens.screen import LineBroke, Screen

THINK_SECONDS = 5.0
"""Mean time between two acts of a person; drawn evenly from half of it to one and a half."""

_OPENING = 4
"""How many pages are opened at a time, before anything is measured."""

_WRONG = (LineBroke, TimeoutError, NotThanked, WebSocketException, OSError, AssertionError)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who will come: what they do, and the token of their session."""

    kind: Kind
    token: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """One act: its name, and the seconds from sending it until the run it caused was over."""

    name: str
    seconds: float


@dataclass(slots=True)
class Log:
    """
    What was noted of a crowd.

    Attributes:
        acts: Those that went well and began while it was measured.
        errors: How often each kind of error came, at any time; who met one did nothing more.
    """

    acts: list[Taken] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


class Crowd:
    """
    People with an open page each.

    Attributes:
        log: What was noted of their acts.
    """

    def __init__(self, url: str, people: Sequence[Person], *, think: float = THINK_SECONDS) -> None:
        self.log = Log()
        self._url, self._people, self._think = url, people, think
        self._screens: list[Screen] = []
        self._dice = Random(5)  # noqa: S311 - thinking and choosing, no secret

    async def __aenter__(self) -> Self:
        """Open everybody's page, a few at a time."""
        door = asyncio.Semaphore(_OPENING)

        async def come(person: Person) -> Screen:
            async with door:
                return await Screen.open(self._url, person.token, person.kind.page)

        self._screens = await asyncio.gather(*map(come, self._people))
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(screen.close() for screen in self._screens))

    async def act(self, seconds: float, *, settling: float = 0, active: int | None = None) -> Log:
        """
        Let people act and think.

        Args:
            seconds: How long what they do is noted.
            settling: How long they act before that.
            active: How many act, while the others only hold their page; all unless given.

        Returns:
            What was noted.
        """
        self.log = Log()
        begins = perf_counter() + settling
        await asyncio.gather(
            *(
                self._live(person, screen, begins, begins + seconds)
                for person, screen in list(zip(self._people, self._screens, strict=True))[:active]
            )
        )
        return self.log

    async def _live(self, person: Person, screen: Screen, begins: float, ends: float) -> None:
        dice = Random(self._dice.random())  # noqa: S311 - as above
        acts = person.kind.does(screen, dice)
        # Nobody acts in step with the others.
        await asyncio.sleep(dice.uniform(0, self._think))
        while perf_counter() < ends:
            began = perf_counter()
            try:
                name = await _next(acts)
            except _WRONG as error:
                self.log.errors[_words_of(error)] += 1
                return
            if began >= begins:
                self.log.acts.append(Taken(name, perf_counter() - began))
            await asyncio.sleep(dice.uniform(0.5, 1.5) * self._think)


def _words_of(error: BaseException) -> str:
    return f"{type(error).__name__} {error}".partition("\n")[0]


async def _next(acts: Iterator[Act]) -> str:
    name, act = next(acts)
    await act
    return name
