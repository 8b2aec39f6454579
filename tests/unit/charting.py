"""Reports, notes, events and a band for the tests of the charts, and a way to read a chart."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pandas as pd

from charts.frames import band_frame, event_frame, note_frame, report_frame
from charts.layer import Layered
from charts.timeline import DayRange, Documented, Marks, pain_chart
from recovery.days import zone
from recovery.expectations import BandLimits, Course
from recovery.reports import ActivityLevel, DailyReport, Event, EventKind, StoredReport, VisitNote

PROCEDURE = date(2026, 10, 23)
ENTERED_AT = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)
SOMEBODY = UUID(int=1)
TWO_WEEKS = DayRange(0, 13)
NOTE = VisitNote(
    visit_date=datetime(2026, 10, 30, tzinfo=UTC).date(),
    text="<b>private</b>",
    created_at=datetime(2026, 10, 30, tzinfo=UTC),
    author_name="A",
)
EVENTS = [
    Event(kind=EventKind.FALL, occurred_at=datetime(2026, 10, 25, 12, tzinfo=UTC)),
    Event(
        kind=EventKind.SUDDEN_PAIN, pain_nrs=9, occurred_at=datetime(2026, 10, 26, 12, tzinfo=UTC)
    ),
]
MARKS = Marks(
    visits=note_frame([NOTE], PROCEDURE), events=event_frame(EVENTS, PROCEDURE, zone("UTC"))
)
NO_MARKS = Marks(visits=note_frame([], PROCEDURE), events=event_frame([], PROCEDURE, zone("UTC")))


def stored(pod: int, *, late: bool = False, version: int = 1, **answers: Any) -> StoredReport:
    """Return a kept report of a post-procedure day; pain is 6 at worst unless told otherwise."""
    answers = {"worst_pain_nrs": 6, "average_pain_nrs": 4, **answers}
    return StoredReport(
        report=DailyReport(day=PROCEDURE + timedelta(days=pod), **answers),
        version=version,
        is_late=late,
        created_at=ENTERED_AT,
        created_by=SOMEBODY,
        updated_at=ENTERED_AT,
        updated_by=SOMEBODY,
    )


def frame(*reports: StoredReport) -> pd.DataFrame:
    """Return the report frame of *reports*."""
    return report_frame(reports, PROCEDURE)


def busy_log() -> pd.DataFrame:
    """Return a fortnight with a gap, a late, a corrected and a lone day."""
    active = ActivityLevel.OUT_A_LITTLE
    return frame(
        stored(0, brace_hours=0, activity=ActivityLevel.LYING_DOWN),
        stored(1, brace_hours=6.5, activity=active, walking_minutes=10, late=True),
        stored(2, version=2),
        stored(7, brace_hours=8, activity=active),
        stored(10),
        stored(11),
    )


def pain_spec(
    reports: pd.DataFrame, band: pd.DataFrame, marks: Marks = NO_MARKS, days: DayRange = TWO_WEEKS
) -> dict[str, Any]:
    """Return the specification of the pain chart."""
    return spec(pain_chart(reports, Documented(band=band), marks, days=days))


def spec(chart: Layered) -> dict[str, Any]:
    """Return the specification of *chart* as it travels to the browser."""
    return chart.to_dict()


def layers(drawn: dict[str, Any], mark: str) -> Iterator[dict[str, Any]]:
    """Return the layers of a kind of mark, bottom first."""
    return (layer for layer in drawn["layer"] if layer["mark"]["type"] == mark)


def rows(drawn: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the data of *layer*."""
    found = drawn["datasets"][layer["data"]["name"]]
    assert isinstance(found, list)
    return found


def channels(drawn: dict[str, Any], channel: str) -> list[dict[str, Any]]:
    """Return how each layer uses a channel with a field."""
    used = (layer["encoding"].get(channel, {}) for layer in drawn["layer"])
    return [definition for definition in used if "field" in definition]


def words(drawn: dict[str, Any]) -> list[str]:
    """Return the words written on the plot."""
    return [row["words"].strip() for layer in layers(drawn, "text") for row in rows(drawn, layer)]


class LineCourse:
    """A documented course for tests: a falling mean, and a spread until day 10."""

    def mean(self, pod: int, baseline_nrs: int | None) -> float | None:
        """Return a mean from day 0 to 20."""
        return (baseline_nrs or 8) - pod * 0.3 if 0 <= pod <= 20 else None

    def limits(self, pod: int, baseline_nrs: int | None) -> BandLimits | None:
        """Return limits from day 0 to 10."""
        mean = self.mean(pod, baseline_nrs)
        if mean is None or pod > 10:
            return None
        return BandLimits(mean=mean, p10=mean - 2, p25=mean - 1, p75=mean + 1, p90=mean + 2)


BAND = band_frame(cast("Course", LineCourse()), 8, 0, 13)
