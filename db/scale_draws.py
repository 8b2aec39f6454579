"""Who the made-up people of a large database are, and how each recovery goes."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from db.demo_courses import CourseKind
from db.demo_people import DEMO_ZONE
from db.models import new_id
from recovery.episodes import BracePlan, Enrolment

SPREAD_DAYS = 1_095
"""Days back over which procedures are spread unless told otherwise."""

_LOGGED = 0.89
"""Share of days that a drawn person logs, over all kinds."""

_MOST = 0.95
"""Most of the spread that one person logs, so that some of them are past."""

_WEIGHTS = {
    CourseKind.QUICK: 45,
    CourseKind.SLOW: 30,
    CourseKind.SPARSE: 8,
    CourseKind.NONE: 3,
    CourseKind.HIGHER: 2,
    CourseKind.SILENT: 3,
    CourseKind.CHANGED: 2,
    CourseKind.SLOWLY_WORSE: 2,
    CourseKind.FALL: 1,
    CourseKind.SUDDEN_PAIN: 1,
    CourseKind.WARNING_SIGN: 1,
    CourseKind.MORE_MEDICINE: 1,
    CourseKind.LESS_BRACE: 1,
}
_FIRST_PROCEDURE = 3
"""How much more often the first procedure is drawn than each of the others."""

# Syllables and no names, so that nobody can take one of these people for a real one.
_SYLLABLES = [
    "al",
    "an",
    "ba",
    "bel",
    "cor",
    "da",
    "den",
    "el",
    "fa",
    "gar",
    "hol",
    "in",
    "jo",
    "ka",
    "lin",
    "mar",
    "nor",
    "ol",
    "pen",
    "ra",
    "sel",
    "tor",
    "va",
    "wen",
]
_LEVELS = (("T12",), ("L1",), ("L1", "L2"), ("T11", "T12"), ("L3",), ("T8",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """
    One recovery that is made up.

    Attributes:
        enrolment: The person and the procedure.
        kind: How it goes.
        last_day: The last day that may be logged: yesterday, or the day the log ended.
        is_under_way: Whether that is yesterday.
        logs_all: Whether every day is logged, as by the person that is measured.
    """

    enrolment: Enrolment
    kind: CourseKind
    last_day: date
    is_under_way: bool
    logs_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """
    What recoveries are drawn.

    Attributes:
        count: How many, at least 1.
        days: Logged days of each on average, at least 1.
        spread_days: Days back over which their procedures are spread.
        procedures: Ids of procedures, the one that is drawn most first.
    """

    count: int
    days: int
    spread_days: int
    procedures: Sequence[str]


def draw_recoveries(wanted: Wanted, today: date, dice: Random) -> Iterator[Drawn]:
    """
    Draw recoveries whose logs have *days* days on average.

    The first is the same at any count: somebody under way who logged every day up to yesterday.
    The others had their procedures as often on one day as on another, and log for some time.

    Args:
        wanted: Which.
        today: The day to count back from.
        dice: The only source of chance.
    """
    days, procedures, others = wanted.days, wanted.procedures, wanted.count - 1
    yield Drawn(
        enrolment=_enrolment(procedures[0], today - timedelta(days=days), dice, baseline=8),
        kind=CourseKind.QUICK,
        last_day=today - timedelta(days=1),
        is_under_way=True,
        logs_all=True,
    )
    spread = max(wanted.spread_days, 3 * days)
    lasts = _lasting(days, spread)
    weights = [_FIRST_PROCEDURE, *[1] * (len(procedures) - 1)]
    # Of their own, so that all kinds are among those under way, who are the fewer.
    decks = _kinds(dice), _kinds(dice)
    places = list(range(others))
    dice.shuffle(places)
    for place in places:
        back = 1 + int((place + dice.random()) * spread / others)
        logged = max(1, round(lasts * dice.uniform(0.75, 1.25)))
        procedure_date = today - timedelta(days=back)
        kind = next(decks[back <= logged])
        [procedure] = dice.choices(procedures, weights)
        yield Drawn(
            enrolment=_enrolment(procedure, procedure_date, dice),
            kind=kind,
            last_day=min(today, procedure_date + timedelta(days=logged)) - timedelta(days=1),
            is_under_way=back <= logged,
        )


def draw_name(dice: Random) -> str:
    """Return a made-up given name and family name of three syllables each."""
    given, family = ("".join(dice.choices(_SYLLABLES, k=3)) for _ in range(2))
    return f"{given.capitalize()} {family.capitalize()}"


def _kinds(dice: Random) -> Iterator[CourseKind]:
    """Yield kinds as from a shuffled deck of a hundred cards, again and again."""
    while True:
        deck = [kind for kind, cards in _WEIGHTS.items() for _ in range(cards)]
        dice.shuffle(deck)
        yield from deck


def _lasting(days: int, spread: int) -> float:
    """Return for how many days a log lasts, so that, with those under way, *days* is the mean."""
    wanted = min(days / _LOGGED, _MOST * spread / 2)
    # The mean of min(back, lasting) over all days back is lasting - lasting^2 / (2 spread).
    return spread * (1 - math.sqrt(1 - 2 * wanted / spread))


def _enrolment(
    procedure: str, procedure_date: date, dice: Random, baseline: int | None = None
) -> Enrolment:
    plan = BracePlan(
        hours_per_day=dice.choice([4.0, 6.0, 8.0]),
        from_date=procedure_date,
        to_date=procedure_date + timedelta(days=dice.choice([42, 56, 84])),
    )
    is_known = dice.random() < 0.9  # noqa: PLR2004 - most people were asked before
    return Enrolment(
        patient_id=new_id(),
        name=draw_name(dice),
        date_of_birth=procedure_date - timedelta(days=dice.randrange(22_000, 33_000)),
        time_zone=DEMO_ZONE,
        procedure=procedure,
        procedure_date=procedure_date,
        treated_levels=dice.choice(_LEVELS),
        baseline_nrs=baseline or (dice.randint(6, 10) if is_known else None),
        brace_plan=plan if dice.random() < 0.5 else None,  # noqa: PLR2004 - half of them
    )
