"""Made-up people: how they recover, how their days differ, and what happens to some of them."""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, sqrt
from random import Random

DAYS = 91
"""Days that are drawn, from the procedure on: about three months."""

JUDGING_DAY = 14
FIRST_STATUS_DAY = 3
VISITS = (14, 30, 90)
"""Days of visits, as after vertebral augmentation."""

BEFORE_MEAN, BEFORE_SD = 8.0, 1.5
SETTLED_MEAN, SETTLED_SD = 3.4, 2.0
SHARED = 0.5
"""Correlation of the level reached with the pain before."""

PACES = (*[5.0] * 8, 10.0, 15.0)
"""Days after which two thirds of the change are done; one of these for each person.

In the one read study with a mean for day 7, all but a few tenths of the change was done by then
(EVOLVE, doi 10.1093/neuros/nyy017), so most are quick.
"""

REMEMBERED_SD = 0.5
"""How far the pain before, as recorded, lies from the true one, rounding aside."""

MISSED, MISSED_WHEN_ILL, ILL_FROM = 0.15, 0.25, 7
"""Share of days without a report, and on days with pain of 7 or more."""


class Truth(StrEnum):
    """What truly happens to a person."""

    ORDINARY = "ordinary"
    JUMP_3 = "jump_3"
    JUMP_2 = "jump_2"
    EARLY_JUMP = "early_jump"
    SLOW = "slow"
    FLAT = "flat"
    RELAPSE = "relapse"
    SILENT = "silent"
    MEDICINE = "medicine"
    BRACE = "brace"


STARTS: dict[Truth, tuple[int, int]] = {
    Truth.JUMP_3: (25, 75),
    Truth.JUMP_2: (25, 75),
    Truth.EARLY_JUMP: (10, 20),
    Truth.SLOW: (25, 50),
    Truth.RELAPSE: (30, 60),
    Truth.SILENT: (10, 60),
    Truth.MEDICINE: (25, 70),
    Truth.BRACE: (12, 28),
}
"""First and last post-procedure day on which it may begin."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Daily SD (NRS points) and autocorrelation of a group of people."""

    sd: float
    rho: float

    @property
    def is_in_aim(self) -> bool:
        """Whether the aims are set for it: SD up to 1.1 and autocorrelation up to 0.3."""
        return self.sd <= 1.1 and self.rho <= 0.3  # noqa: PLR2004 - as the aims say


CELLS = tuple(Cell(sd, rho) for sd in (0.8, 1.1, 1.6) for rho in (0.0, 0.3, 0.5))


@dataclass(frozen=True, slots=True)
class Person:
    """
    One made-up person, noise left out.

    Attributes:
        cell: How the days differ.
        truth: What happens.
        starts: Post-procedure day on which it begins; 0 for what holds from the start.
        baseline_nrs: Pain before as it was recorded.
        usual: True level of each day without what happens, NRS.
        level: True level of each day with it.
    """

    cell: Cell
    truth: Truth
    starts: int
    baseline_nrs: int
    usual: tuple[float, ...]
    level: tuple[float, ...]


def draw_person(cell: Cell, truth: Truth, dice: Random) -> Person:
    """Draw a person; one who does not truly respond is drawn again."""
    while True:
        before, usual = draw_course(dice)
        baseline = min(10, max(1, round(before + dice.gauss(0, REMEMBERED_SD))))
        if responds(baseline, usual):
            break
    starts = dice.randint(*STARTS[truth]) if truth in STARTS else 0
    level = tuple(_level(truth, starts, pod, before, usual) for pod in range(DAYS))
    return Person(cell, truth, starts, baseline, usual, level)


def draw_course(dice: Random) -> tuple[float, tuple[float, ...]]:
    """Draw the true pain before and the true level of each day, NRS, of anybody."""
    standard = dice.gauss(0, 1)
    before = min(10.0, max(4.0, BEFORE_MEAN + BEFORE_SD * standard))
    own = SHARED * standard + sqrt(1 - SHARED**2) * dice.gauss(0, 1)
    settled = min(10.0, max(0.0, SETTLED_MEAN + SETTLED_SD * own))
    pace = dice.choice(PACES)
    return before, tuple(settled + (before - settled) * exp(-pod / pace) for pod in range(DAYS))


def responds(baseline_nrs: int, level: tuple[float, ...]) -> bool:
    """Tell whether the true level of the milestone's week is a response by the definition."""
    week = level[JUDGING_DAY - 6 : JUDGING_DAY + 1]
    better = baseline_nrs - sum(week) / len(week)
    return better >= 2 or better >= 0.3 * baseline_nrs  # noqa: PLR2004 - as published


def _level(truth: Truth, starts: int, pod: int, before: float, usual: tuple[float, ...]) -> float:
    since = pod - starts
    if truth is Truth.FLAT:
        return before
    if since < 0:
        return usual[pod]
    if truth is Truth.RELAPSE:
        back = min(1.0, (since + 1) / 10)
        return usual[pod] + back * (before - 0.5 - usual[pod])
    rise = {
        Truth.JUMP_3: 3.0,
        Truth.EARLY_JUMP: 3.0,
        Truth.JUMP_2: 2.0,
        Truth.SLOW: min(4.0, (since + 1) / 7),
    }
    return usual[pod] + rise.get(truth, 0.0)


def noise(cell: Cell, dice: Random) -> list[float]:
    """Draw the noise of each day, NRS points."""
    drawn = [dice.gauss(0, cell.sd)]
    fresh = cell.sd * sqrt(1 - cell.rho**2)
    for _ in range(DAYS - 1):
        drawn.append(cell.rho * drawn[-1] + dice.gauss(0, fresh))
    return drawn
