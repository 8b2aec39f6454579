"""One sentence for each day: everything that a clinician's chart shows of it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd

from charts.days import DayRange
from charts.frames import ON_THE_DAY, day_words, typed_frame
from charts.layers import within
from charts.medicine import KINDS
from charts.recorded import Recorded
from charts.scales import ACTIVITY_WORDS
from recovery.reports import PainMedicine

NO_REPORT = "no report"


def told_frame(recorded: Recorded, days: DayRange) -> pd.DataFrame:
    """
    Say of each day of a range what is drawn on it; a day with nothing on it has no row.

    Returns:
        ``pod`` (int), ``day`` ("Day 12, Wed 4 Nov 2026") and ``told``, by day.
    """
    plan = recorded.plan
    planned = dict(zip(plan["pod"], plan["planned_hours"], strict=True))
    facts: defaultdict[int, list[str]] = defaultdict(list)
    for row in _rows(within(recorded.reports, days)):
        facts[row.pod] += _answers(row, planned.get(row.pod))
    for pod in recorded.missing["pod"]:
        facts[pod].append(NO_REPORT)
    for row in _rows(recorded.events):
        facts[row.pod].append(_event(row))
    for row in _rows(recorded.visits):
        facts[row.pod].append("visit note" if row.is_noted else "planned visit")
    for row in _rows(recorded.alerts):
        state = "open" if row.is_open else "closed"
        for pod in range(max(row.first, days.first), min(row.last, days.last) + 1):
            facts[pod].append(f"{state} alert: {row.kind.lower()}")
    rows = [
        {"pod": pod, "day": day_words(recorded.procedure_date, pod), "told": _sentence(facts[pod])}
        for pod in sorted(facts)
        if days.first <= pod <= days.last
    ]
    types = {"pod": "int64", "day": "str", "told": "str"}
    return typed_frame(rows, types)


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    """Return the rows as named tuples, whose fields are as the frame's documentation says."""
    return frame.itertuples(index=False)


def _sentence(facts: list[str]) -> str:
    said = "; ".join(facts)
    return f"{said[:1].upper()}{said[1:]}."


def _answers(row: Any, planned: float | None) -> Iterable[str]:
    yield f"worst pain {row.worst_pain_nrs}, average {row.average_pain_nrs}"
    if row.entry != ON_THE_DAY:
        yield row.entry.lower()
    if pd.notna(row.medicine):
        yield _medicine(row.medicine, row.medicine_times)
    if pd.notna(row.brace_hours):
        of_plan = "" if planned is None else f" of {planned:g} planned"
        yield f"brace {row.brace_hours:g}{of_plan} hours"
    if pd.notna(row.activity_rank):
        yield _activity(int(row.activity_rank), row.walking_minutes)
    if row.has_note:
        yield "a note by the patient"


def _medicine(kind: str, times: Any) -> str:
    name = KINDS[PainMedicine(kind)][0]
    if kind == PainMedicine.NONE.value:
        return "no pain medicine"
    often = "times not given" if pd.isna(times) else f"{times} {'time' if times == 1 else 'times'}"
    return f"medicine {name}, {often}"


def _activity(rank: int, minutes: Any) -> str:
    walked = "" if pd.isna(minutes) else f", {minutes} minutes walked"
    return f"{ACTIVITY_WORDS[rank].lower()}{walked}"


def _event(row: Any) -> str:
    pain = "" if pd.isna(row.pain_nrs) else f", pain {row.pain_nrs}"
    at = row.when.rpartition(" at ")[2]
    return f"{row.kind.lower()} at {at}{pain}"
