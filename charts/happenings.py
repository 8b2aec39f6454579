"""Tidy tables of what stands beside the daily answers: alerts, visits, notes, missing days."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pandas as pd

from charts.frames import day_words, typed_frame
from recovery.alerts import Alert, AlertState
from recovery.days import post_procedure_day
from recovery.judgement.reasons import ReasonKind


def alert_frame(
    alerts: Sequence[Alert], procedure_date: date, words: Mapping[ReasonKind, str]
) -> pd.DataFrame:
    """
    Lay out the alerts, one row each, the gravest kind first and within a kind the oldest.

    Args:
        alerts: In any order.

        procedure_date: Day 0.

        words: What each kind is called.

    Returns:
        ``need`` (of the kind, more is graver), ``kind`` (in words), ``first`` and ``last``
        (post-procedure days it rests on), ``is_open`` (bool).
    """
    rows = [
        {
            "need": alert.reason.kind.need,
            "kind": words[alert.reason.kind],
            "first": post_procedure_day(procedure_date, alert.reason.first_day),
            "last": post_procedure_day(procedure_date, alert.reason.last_day),
            "is_open": alert.state is not AlertState.CLOSED,
        }
        for alert in sorted(
            alerts, key=lambda each: (-each.reason.kind.need, each.reason.first_day)
        )
    ]
    types = {"need": "int64", "kind": "str", "first": "int64", "last": "int64", "is_open": "bool"}
    return typed_frame(rows, types)


def visit_frame(
    noted: Collection[date], planned: Collection[date], procedure_date: date
) -> pd.DataFrame:
    """
    Lay out the visits, one row per day; a day with a note is no planned visit any more.

    Args:
        noted: Days with a visit note.

        planned: Days on which the patient was or is expected.

        procedure_date: Day 0.

    Returns:
        ``pod`` (int), ``when`` ("Day 12, Wed 4 Nov 2026"), ``is_noted`` (bool).
    """
    rows = [
        {
            "pod": (pod := post_procedure_day(procedure_date, day)),
            "when": day_words(procedure_date, pod),
            "is_noted": day in noted,
        }
        for day in sorted({*noted, *planned})
    ]
    types = {"pod": "int64", "when": "str", "is_noted": "bool"}
    return typed_frame(rows, types)


def missing_frame(logged: Collection[int], due: range) -> pd.DataFrame:
    """
    Lay out the days that were due and not logged, one row each.

    Args:
        logged: Post-procedure days with a report.

        due: Post-procedure days on which a report was due.

    Returns:
        ``pod`` (int).
    """
    have = frozenset(logged)
    return pd.DataFrame({"pod": [pod for pod in due if pod not in have]}, dtype="int64")
