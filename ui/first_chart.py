"""A chart of nobody, drawn once so that the first person's does not wait for what it loads."""

from datetime import date
from zoneinfo import ZoneInfo

from charts.days import CHOICES, DayRange
from charts.frames import band_frame, event_frame, note_frame, report_frame
from charts.pain import Marks, pain_chart
from charts.phases import Documented

_ANY_DAY = date(2026, 1, 1)


def draw_first_chart() -> None:
    """Draw an empty pain chart."""
    days = DayRange.chosen(next(iter(CHOICES)), 0)
    documented = Documented(band=band_frame(None, None, days.first, days.last))
    marks = Marks(
        visits=note_frame([], _ANY_DAY), events=event_frame([], _ANY_DAY, ZoneInfo("UTC"))
    )
    pain_chart(report_frame([], _ANY_DAY), documented, marks, days=days).to_dict()
