"""The demo's made-up people: names, and what was planned for each."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from db.demo_courses import CourseKind
from recovery.episodes import BracePlan, Enrolment, Episode

DEMO_ZONE = "America/New_York"

# Trees for family names: nobody can take one of these people for a real one.
TREES = [
    "Alder",
    "Almond",
    "Apple",
    "Ash",
    "Aspen",
    "Bay",
    "Beech",
    "Birch",
    "Boxwood",
    "Cedar",
    "Cherry",
    "Chestnut",
    "Cypress",
    "Elder",
    "Elm",
    "Fig",
    "Fir",
    "Gum",
    "Hawthorn",
    "Hazel",
    "Hickory",
    "Holly",
    "Hornbeam",
    "Juniper",
    "Larch",
    "Laurel",
    "Lime",
    "Linden",
    "Maple",
    "Medlar",
    "Mulberry",
    "Oak",
    "Olive",
    "Pear",
    "Pine",
    "Plum",
    "Poplar",
    "Rowan",
    "Spruce",
    "Willow",
]

KINDS = (
    [CourseKind.QUICK] * 14
    + [CourseKind.SLOW] * 8
    + [CourseKind.NONE] * 4
    + [CourseKind.BETTER_THEN_WORSE] * 4
    + [CourseKind.SILENT] * 3
    + [CourseKind.SPARSE] * 5
    + [CourseKind.WARNING_SIGN] * 2
)
_LEVELS = (("T12",), ("L1",), ("L1", "L2"), ("T11", "T12"), ("L3",), ("T8",))
# A day on which a questionnaire is open, and still is on the next.
_WALK_IN_DAYS = 36


def draw_id(dice: Random) -> UUID:
    """Return a key that is the same on every run with the same dice."""
    return UUID(int=dice.getrandbits(128), version=4)


def draw_enrolment(
    name: str, number: int, kind: CourseKind, today: date, dice: Random
) -> Enrolment:
    """Return the enrolment of the demo's person *number*, as of *today*."""
    back = (
        _WALK_IN_DAYS
        if number == 0
        else dice.choice([3, 6, 9, 13, 19, 26, 34, 45, 62, 88, 120, 190, 330])
    )
    if kind is CourseKind.BETTER_THEN_WORSE:
        back = max(back, 34)
    procedure_date = today - timedelta(days=back)
    braced = number == 0 or dice.random() < 0.5  # noqa: PLR2004 - half of them
    plan = BracePlan(
        hours_per_day=dice.choice([4.0, 6.0, 8.0]),
        from_date=procedure_date,
        to_date=procedure_date + timedelta(days=dice.choice([42, 56, 84])),
    )
    return Enrolment(
        patient_id=draw_id(dice),
        name=name,
        date_of_birth=today - timedelta(days=round(365.25 * dice.uniform(61, 93))),
        time_zone=DEMO_ZONE,
        procedure=dice.choice(["kyphoplasty", "kyphoplasty", "vertebroplasty"])
        if number
        else "kyphoplasty",
        procedure_date=procedure_date,
        treated_levels=dice.choice(_LEVELS),
        baseline_nrs=None if number % 9 == 8 else dice.randint(6, 10),  # noqa: PLR2004 - every ninth
        brace_plan=plan if braced else None,
    )


def episode_of(enrolment: Enrolment, episode_id: UUID) -> Episode:
    """Return the recovery that an enrolment begins."""
    return Episode(
        episode_id=episode_id,
        procedure=enrolment.procedure,
        procedure_date=enrolment.procedure_date,
        treated_levels=enrolment.treated_levels,
        baseline_nrs=enrolment.baseline_nrs,
        brace_plan=enrolment.brace_plan,
    )
