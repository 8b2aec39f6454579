"""The tables behind the outcome charts, in words for staff."""

from typing import Any

import pandas as pd

from recovery.cohorts import SMALL_COUNT

CURVE_TITLES = {
    "pod": "Day",
    "n": "Patients",
    "p10": "10th percentile",
    "p25": "25th",
    "p50": "Median",
    "p75": "75th",
    "p90": "90th",
}
RESPONSE_TITLES = {
    "pod": "Day",
    "what": "Response",
    "reached": "Reached",
    "judged": "Judged",
    "count": "Responders",
    "share": "Percent",
    "low": "From",
    "high": "To",
}
ACTIVE_TITLES = {
    "pod": "Day",
    "share": "Active again, percent",
    "low": "From",
    "high": "To",
    "at_risk": "Still followed",
}
ADHERENCE_TITLES = {
    "row": "What",
    "n": "Patients",
    "p25": "25th percentile, percent",
    "p50": "Median",
    "p75": "75th",
}
_PERCENTS = frozenset({"share", "low", "high"})
TOO_FEW = f"not told: under {SMALL_COUNT} on one side"


def in_words(rows: pd.DataFrame, titles: dict[str, str]) -> pd.DataFrame:
    """Return the columns of *titles* under their headings, missing values in words."""
    return pd.DataFrame(
        {title: [_cell(name, value) for value in rows[name]] for name, title in titles.items()}
    )


def _cell(name: str, value: Any) -> str:
    if pd.isna(value):
        return TOO_FEW if name == "count" else "none"
    if isinstance(value, str):
        return value
    digits = 0 if name in _PERCENTS else 1
    return f"{value:.{digits}f}".removesuffix(".0")
