"""Many counted recoveries at once, without a report of their own."""

from typing import Any

from db.counting import keep_outcome
from db.engine import Database, writing
from db.patients import current_episode
from recovery.access import Actor, PatientAccess
from recovery.outcomes import Outcome
from tests.factories import make_patient

SERIES = "8776554433X"


def many_recoveries(
    database: Database,
    clinician: Actor,
    number: int,
    outcome: Outcome | None = None,
    **changes: Any,
) -> list[PatientAccess]:
    """
    Enrol people and keep the same outcome of each.

    Args:
        database: Where to.
        clinician: Who enrols.
        number: How many.
        outcome: What became of each; a usual one unless given.
        **changes: Fields of their ``Enrolment``.
    """
    kept = outcome or Outcome(
        series=SERIES,
        responses="7i",
        active_pod=4,
        is_active_again=True,
        logged_days=11,
        brace_percent=80,
    )
    with writing(database) as session:
        enrolled = [make_patient(session, clinician, **changes) for _ in range(number)]
        for access in enrolled:
            keep_outcome(session, current_episode(session, access), kept)
    return enrolled
