"""A test block in page tests: who has one, what was rated, and what the form shows of it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from db.events import add_event
from recovery.access import PatientAccess
from recovery.reports import Event, EventKind
from tests.factories import NOW, TODAY
from tests.pages.opening import press
from tests.pages.pain import choose_pain
from tests.small_clinic import SmallClinic, make_small_clinic

BLOCK = "medial_branch_block"
DONE_AT = NOW - timedelta(hours=2)
"""8 in the morning there."""

SAVE = "Save this rating"

Enrol = Callable[..., SmallClinic]
"""``enrol()``: enrol somebody who has a test block, today unless told otherwise."""


def enrol_block(
    database: Database, procedure_date: date = TODAY, baseline_nrs: int | None = 7
) -> SmallClinic:
    """Return a clinic whose patient has a test block."""
    return make_small_clinic(
        database,
        procedure=BLOCK,
        procedure_date=procedure_date,
        baseline_nrs=baseline_nrs,
        brace_plan=None,
    )


def record(database: Database, access: PatientAccess, at: datetime, nrs: int | None = None) -> None:
    """Store the time of the block, or a rating with its number, as entered at that time."""
    kind = EventKind.PROCEDURE_DONE if nrs is None else EventKind.PAIN_READING
    with writing(database) as session:
        event = Event(kind=kind, occurred_at=at, pain_nrs=nrs)
        add_event(session, access, event, idempotency_key=uuid4(), now=at)


def slots(app: AppTest) -> dict[str, str]:
    """Return what stands beside each planned time, by its clock."""
    [table] = [each.value for each in app.table if each.value.columns[0] == "Time"]
    times = [each.replace("\u00a0", " ") for each in table["Time"]]
    return dict(zip(times, table["Pain"], strict=True))


def scale(app: AppTest, minutes: int) -> str | None:
    """Return the key of the scale for the rating *minutes* after the block, if it is shown."""
    keys = [each.key or "" for each in app.get("bidi_component")]
    return next(
        (key for key in keys if key.startswith("block-") and key.endswith(f"-{minutes}")), None
    )


def rate(app: AppTest, minutes: int, nrs: int, button: str = SAVE) -> AppTest:
    """Choose *nrs* for a planned rating and press its button."""
    key = scale(app, minutes)
    assert key is not None
    choose_pain(app, key, nrs)
    return press(app, button)
