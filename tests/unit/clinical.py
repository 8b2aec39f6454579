"""A recovery with something on every panel, and a way to read the clinician's chart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

import pandas as pd

from charts.clinical import clinical_chart
from charts.frames import band_frame, event_frame, plan_frame
from charts.happenings import alert_frame, missing_frame, visit_frame
from charts.outcome_frames import curve_frame
from charts.own_level import level_frame
from charts.recorded import Recorded
from charts.timeline import DayRange, Documented
from recovery.alerts import Alert, AlertState
from recovery.cohorts import CohortDay
from recovery.days import zone
from recovery.episodes import BracePlan
from recovery.expectations import Course
from recovery.judgement.reasons import Reason, ReasonKind
from recovery.reports import ActivityLevel, Event, EventKind, PainMedicine
from tests.unit.charting import PROCEDURE, TWO_WEEKS, LineCourse, frame, stored
from ui.reason_words import REASON_WORDS

Spec = dict[str, Any]
NO_CURVE = curve_frame(())


def day(pod: int) -> date:
    """Return the day of a post-procedure day."""
    return PROCEDURE + timedelta(days=pod)


def alert(kind: ReasonKind, first: int, last: int, state: AlertState = AlertState.NEW) -> Alert:
    """Return an alert that rests on the days from *first* to *last*."""
    opened_at = datetime.combine(day(last), time(15), UTC)
    return Alert(
        alert_id=UUID(int=kind.need * 1_000 + last),
        reason=Reason(kind=kind, first_day=day(first), last_day=day(last)),
        state=state,
        version=1,
        settings_version=0,
        holds=True,
        opened_at=opened_at,
    )


def alerts_of(*alerts: Alert) -> pd.DataFrame:
    """Return the alert frame of *alerts*."""
    return alert_frame(alerts, PROCEDURE, REASON_WORDS)


def cohort(*pods: int, n: int = 25) -> list[CohortDay]:
    """Return the clinic's own patients on these days."""
    return [CohortDay(pod=pod, n=n, p10=1, p25=2, p50=3, p75=4.5, p90=6) for pod in pods]


def nothing() -> Recorded:
    """Return what is recorded of somebody who was just enrolled."""
    return Recorded(
        reports=frame(),
        documented=Documented(band=band_frame(None, None, 0, 13)),
        cohort=NO_CURVE,
        levels=level_frame(None),
        missing=missing_frame([], range(0)),
        due=0,
        events=event_frame([], PROCEDURE, zone("UTC")),
        visits=visit_frame([], [], PROCEDURE),
        alerts=alerts_of(),
        plan=plan_frame(None, PROCEDURE, 0, 13),
        has_brace=False,
        procedure_date=PROCEDURE,
    )


def busy(**changes: Any) -> Recorded:
    """Return a fortnight with something on every panel; days 3 to 6 and 8 are missing."""
    reports = frame(
        stored(0, brace_hours=0, medicine=PainMedicine.NONE, activity=ActivityLevel.LYING_DOWN),
        stored(1, brace_hours=6.5, medicine=PainMedicine.BOTH, medicine_times=4, late=True),
        stored(2, medicine=PainMedicine.PRESCRIBED, note="canary"),
        stored(
            7,
            brace_hours=8,
            medicine=PainMedicine.OVER_THE_COUNTER,
            medicine_times=1,
            activity=ActivityLevel.OUT_A_LITTLE,
            walking_minutes=20,
        ),
        stored(9),
    )
    events = [
        Event(kind=EventKind.FALL, occurred_at=datetime.combine(day(2), time(15), UTC)),
        Event(
            kind=EventKind.SUDDEN_PAIN,
            pain_nrs=9,
            occurred_at=datetime.combine(day(7), time(8, 10), UTC),
        ),
    ]
    full = Recorded(
        reports=reports,
        documented=Documented(band=band_frame(cast("Course", LineCourse()), 8, 0, 13)),
        cohort=curve_frame(cohort(0, 1, 2, 3, 7, 8, 9)),
        levels=level_frame(8, (2.9, 9)),
        missing=missing_frame(reports["pod"], range(10)),
        due=10,
        events=event_frame(events, PROCEDURE, zone("UTC")),
        visits=visit_frame([day(7)], [day(7), day(12)], PROCEDURE),
        alerts=alerts_of(
            alert(ReasonKind.WORSE_AGAIN, 7, 9),
            alert(ReasonKind.WARNING_SIGN, 2, 2, AlertState.CLOSED),
            alert(ReasonKind.WARNING_SIGN, 7, 7, AlertState.SEEN),
        ),
        plan=plan_frame(BracePlan(hours_per_day=8, from_date=PROCEDURE), PROCEDURE, 0, 13),
        has_brace=True,
        procedure_date=PROCEDURE,
    )
    return replace(full, **changes)


def drawn(recorded: Recorded, days: DayRange = TWO_WEEKS, *, dark: bool = False) -> Spec:
    """Return the specification of the chart."""
    return clinical_chart(recorded, days=days, dark=dark).to_dict()


@cache
def drawn_busy() -> Spec:
    """Return the specification of ``busy``, made once: it is only read."""
    return drawn(busy())


def marks(spec: Spec) -> Iterator[Spec]:
    """Return every layer of every panel, bottom first."""
    return (layer for panel in spec["layer"] for layer in panel["layer"])


def data(spec: Spec, layer: Spec) -> list[dict[str, Any]]:
    """Return the rows of a layer."""
    found = spec["datasets"][layer["data"]["name"]]
    assert isinstance(found, list)
    return found


def with_field(spec: Spec, field: str, channel: str = "y") -> list[Spec]:
    """Return the layers that draw a field, as its name without a type."""
    return [each for each in marks(spec) if each["encoding"].get(channel, {}).get("field") == field]


def words(spec: Spec) -> list[str]:
    """Return everything written on the chart, each once."""
    written = (layer for layer in marks(spec) if layer["mark"]["type"] == "text")
    found = [row["words"].strip() for layer in written for row in data(spec, layer)]
    return list(dict.fromkeys(found))


def told(spec: Spec) -> dict[int, str]:
    """Return what pointing at each day says."""
    [strip] = [each for each in marks(spec) if isinstance(each["encoding"].get("tooltip"), list)][
        -1:
    ]
    return {row["pod"]: row["told"] for row in data(spec, strip)}


def reach_of(layer: Spec) -> tuple[int, int] | None:
    """Return where a layer with an own scale begins and ends, from the top; None without one."""
    found = layer["encoding"].get("y", {}).get("scale") or {}
    bottom, top = found.get("range", (None, None))
    return None if bottom is None else (top, bottom)
