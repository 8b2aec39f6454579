"""The charts of one recovery, all over the same days."""

from charts.daily import activity_chart, brace_chart
from charts.days import CHOICES, DayRange
from charts.pain import Marks, pain_chart
from charts.phases import Documented

__all__ = [
    "CHOICES",
    "DayRange",
    "Documented",
    "Marks",
    "activity_chart",
    "brace_chart",
    "pain_chart",
]
