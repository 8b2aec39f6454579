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
    [CourseKind.QUICK] * 9
    + [CourseKind.SLOW] * 6
    + [CourseKind.FALL] * 2
    + [CourseKind.CHANGED] * 2
    + [CourseKind.SLOWLY_WORSE] * 2
    + [CourseKind.HIGHER] * 2
    + [CourseKind.NONE] * 3
    + [CourseKind.SILENT] * 3
    + [CourseKind.MORE_MEDICINE] * 2
    + [CourseKind.LESS_BRACE] * 2
    + [CourseKind.SUDDEN_PAIN]
    + [CourseKind.SPARSE] * 4
    + [CourseKind.WARNING_SIGN] * 2
)
"""How each recovery goes, in the order of ``TREES``."""

# Days since the procedure, where the truth of a kind needs some: a lasting rise is judged against
# weeks before it, a lack of response from the milestone on, and a silence while reports are expected.
_BACK: dict[CourseKind, tuple[int, ...]] = {
    CourseKind.FALL: (34, 45, 62, 88),
    CourseKind.CHANGED: (34, 45, 62, 88),
    CourseKind.SLOWLY_WORSE: (62, 88, 120),
    CourseKind.HIGHER: (12, 13),
    CourseKind.NONE: (19, 26, 34, 45),
    CourseKind.SILENT: (24, 26, 29),
    CourseKind.MORE_MEDICINE: (26, 34, 45, 62),
    CourseKind.LESS_BRACE: (13, 19, 26, 34),
}
_ANY_BACK = (3, 6, 9, 13, 19, 26, 34, 45, 62, 88, 120, 190, 330)
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
    back = _WALK_IN_DAYS if number == 0 else dice.choice(_BACK.get(kind, _ANY_BACK))
    procedure_date = today - timedelta(days=back)
    is_braced = dice.random() < 0.5 or number == 0 or kind is CourseKind.LESS_BRACE  # noqa: PLR2004 - half
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
        procedure=_procedure(number, dice),
        procedure_date=procedure_date,
        treated_levels=dice.choice(_LEVELS),
        baseline_nrs=None if number % 9 == 8 else dice.randint(6, 10),  # noqa: PLR2004 - every ninth
        brace_plan=plan if is_braced else None,
    )


def _procedure(number: int, dice: Random) -> str:
    if number == 0:
        return "kyphoplasty"
    drawn = dice.choice(["kyphoplasty", "kyphoplasty", "vertebroplasty"])
    # Enough of one procedure for a clinic's own curve.
    return drawn if number % 2 else "kyphoplasty"


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
