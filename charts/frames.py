"""Tidy tables for charts, from what was reported, planned and documented."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pandas as pd
from babel.dates import format_time, get_day_names, get_month_names

from recovery.days import post_procedure_day
from recovery.episodes import BracePlan
from recovery.expectations import Course
from recovery.reports import Event, EventKind, StoredReport, VisitNote
from recovery.wording import locale, marked, tr

# Told apart by these words; ``tr`` looks them up where they are shown.
ON_THE_DAY = marked("On the day")
ENTERED_LATER = marked("Entered later")
CORRECTED = marked("Corrected")
BY_CARER = marked("Entered by a carer")

EVENT_WORDS = {
    EventKind.SUDDEN_PAIN: marked("Sudden pain"),
    EventKind.FALL: marked("Fall"),
    EventKind.PAIN_READING: marked("Extra pain reading"),
    EventKind.PROCEDURE_DONE: marked("Procedure done"),
}

_REPORT_TYPES = {
    "pod": "int64",
    "day": "str",
    "when": "str",
    "worst_pain_nrs": "Int64",
    "average_pain_nrs": "Int64",
    "brace_hours": "float64",
    "activity_rank": "Int64",
    "walking_minutes": "Int64",
    "medicine": "str",
    "medicine_times": "Int64",
    "entry": "str",
    "has_note": "bool",
    "run": "int64",
}
_BAND_TYPES = dict.fromkeys(("mean", "p10", "p25", "p75", "p90"), "float64")


def typed_frame(rows: Sequence[Mapping[str, object]], types: Mapping[str, str]) -> pd.DataFrame:
    """
    Return the rows with the same columns and types, however few they are.

    Args:
        rows: By the names of their columns; what a row lacks is missing.

        types: The type of each column, as pandas names it.
    """
    # Column by column: to let pandas find types first and to change them then takes ten times
    # as long.
    columns = {
        name: pd.array([row.get(name) for row in rows], dtype=dtype)  # type: ignore[call-overload]  # any type by its name
        for name, dtype in types.items()
    }
    return pd.DataFrame(columns, copy=False)


def report_frame(reports: Sequence[StoredReport], procedure_date: date) -> pd.DataFrame:
    """
    Lay out the reports, one row per logged day, oldest first.

    Returns:
        ``pod`` (int), ``day`` (ISO date), ``when`` ("Day 12, Wed 4 Nov 2026"),
        ``worst_pain_nrs`` and ``average_pain_nrs`` (0-10), ``brace_hours`` (0-24),
        ``activity_rank`` (0-3), ``walking_minutes``, ``medicine`` (a ``PainMedicine``
        value), ``medicine_times`` (a day, 0-24), ``entry`` (``ON_THE_DAY``, ``ENTERED_LATER``, ``CORRECTED`` whenever it was
        entered, or ``BY_CARER`` however it was), ``has_note`` (bool), ``run`` (number of the unbroken stretch of
        days, from 0). Not answered is missing.
    """
    ordered = sorted(reports, key=lambda stored: stored.report.day)
    frame = typed_frame([_report_row(stored, procedure_date) for stored in ordered], _REPORT_TYPES)
    return frame.assign(run=_runs(frame["pod"]))


def answered(reports: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows of a report frame that answer *column*, with ``run`` counted anew."""
    rows = reports[reports[column].notna()]
    return rows.assign(run=_runs(rows["pod"]))


def band_frame(
    course: Course | None, baseline_nrs: int | None, first_pod: int, last_pod: int
) -> pd.DataFrame:
    """
    Lay out the documented course, one row per day it says something about.

    Args:
        course: None where nothing is documented; the frame is then empty.

        baseline_nrs: Pain before the procedure, NRS 0-10; None when unknown.

        first_pod: First post-procedure day, inclusive.

        last_pod: Last post-procedure day, inclusive.

    Returns:
        ``pod`` (int), ``mean``, ``p10``, ``p25``, ``p75``, ``p90`` (NRS 0-10). The
        centiles are missing on days with a documented mean and no documented spread.
    """
    rows: list[dict[str, object]] = []
    for pod in range(first_pod, last_pod + 1) if course else ():
        assert course is not None  # noqa: S101 - tells the type checker what the loop says
        limits = course.limits(pod, baseline_nrs)
        mean = course.mean(pod, baseline_nrs)
        if limits is not None:
            rows.append({"pod": pod, **asdict(limits)})
        elif mean is not None:
            rows.append({"pod": pod, "mean": mean})
    return typed_frame(rows, {"pod": "int64", **_BAND_TYPES})


def event_frame(events: Sequence[Event], procedure_date: date, zone: ZoneInfo) -> pd.DataFrame:
    """
    Lay out the events, one row each, in the order they happened.

    Args:
        events: In any order.

        procedure_date: Day 0.

        zone: The person's own zone; it decides the day an event belongs to.

    Returns:
        ``pod`` (int), ``at`` (the day with its hour, noon being the whole number),
        ``when`` ("Day 12, Wed 4 Nov 2026 at 8:10 AM"), ``kind`` (of ``EVENT_WORDS``), ``pain_nrs``
        (0-10 or missing).
    """
    rows = []
    for event in sorted(events, key=lambda event: event.occurred_at):
        local = event.occurred_at.astimezone(zone)
        pod = post_procedure_day(procedure_date, local.date())
        rows.append(
            {
                "pod": pod,
                "at": pod + (local.hour + local.minute / 60) / 24 - 0.5,
                "when": _moment_words(day_words(procedure_date, pod), local.time()),
                "kind": EVENT_WORDS[event.kind],
                "pain_nrs": event.pain_nrs,
            }
        )
    types = {"pod": "int64", "at": "float64", "when": "str", "kind": "str", "pain_nrs": "Int64"}
    return typed_frame(rows, types)


def note_frame(notes: Sequence[VisitNote], procedure_date: date) -> pd.DataFrame:
    """
    Lay out the visits, one row per day with a note; the text stays out of the chart.

    Returns:
        ``pod`` (int), ``when`` ("Day 12, Wed 4 Nov 2026").
    """
    pods = sorted({post_procedure_day(procedure_date, note.visit_date) for note in notes})
    rows: list[dict[str, object]] = [
        {"pod": pod, "when": day_words(procedure_date, pod)} for pod in pods
    ]
    return typed_frame(rows, {"pod": "int64", "when": "str"})


def plan_frame(
    plan: BracePlan | None, procedure_date: date, first_pod: int, last_pod: int
) -> pd.DataFrame:
    """
    Lay out the brace plan, one row per planned day from *first_pod* to *last_pod*, inclusive.

    Returns:
        ``pod`` (int), ``planned_hours`` (above 0, up to 24).
    """
    rows: list[dict[str, object]] = []
    for pod in range(first_pod, last_pod + 1) if plan else ():
        assert plan is not None  # noqa: S101 - tells the type checker what the loop says
        hours = plan.hours_on(procedure_date + timedelta(days=pod))
        if hours is not None:
            rows.append({"pod": pod, "planned_hours": hours})
    return typed_frame(rows, {"pod": "int64", "planned_hours": "float64"})


def day_words(procedure_date: date, pod: int) -> str:
    """Name a post-procedure day with its date, such as "Day 12, Wed 4 Nov 2026"."""
    day = procedure_date + timedelta(days=pod)
    # Put together here: a chart names hundreds of days, and a pattern takes ten times as long.
    weekdays, months = _names(locale())
    date_words = f"{weekdays[day.weekday()]} {day.day} {months[day.month]} {day.year}"
    return tr("Day {pod}, {date}", pod=pod, date=date_words)


@cache
def _names(locale_name: str) -> tuple[dict[int, str], dict[int, str]]:
    """Return the short names of weekdays from 0, Monday, and of months from 1, January."""
    weekdays = get_day_names("abbreviated", locale=locale_name)
    months = get_month_names("abbreviated", locale=locale_name)
    return {day: weekdays[day] for day in range(7)}, {
        month: months[month] for month in range(1, 13)
    }


def _moment_words(day: str, at: time) -> str:
    return tr("{day} at {time}", day=day, time=format_time(at, "h:mm a", locale=locale()))


def _report_row(stored: StoredReport, procedure_date: date) -> dict[str, object]:
    report = stored.report
    pod = post_procedure_day(procedure_date, report.day)
    return {
        "pod": pod,
        "day": report.day.isoformat(),
        "when": day_words(procedure_date, pod),
        "worst_pain_nrs": report.worst_pain_nrs,
        "average_pain_nrs": report.average_pain_nrs,
        "brace_hours": report.brace_hours,
        "activity_rank": report.activity.rank if report.activity else None,
        "walking_minutes": report.walking_minutes,
        "medicine": report.medicine.value if report.medicine else None,
        "medicine_times": report.medicine_times,
        "entry": _entry(stored),
        "has_note": bool(report.note),
        "run": 0,
    }


def _entry(stored: StoredReport) -> str:
    # Whose judgement a number is weighs more than when it was written down.
    if stored.is_by_proxy:
        return BY_CARER
    if stored.is_corrected:
        return CORRECTED
    return ENTERED_LATER if stored.is_late else ON_THE_DAY


def _runs(pods: "pd.Series[int]") -> "pd.Series[int]":
    """Number the stretches of days that follow each other without a gap, from 0."""
    return (pods.diff() > 1).cumsum().astype("int64")
