"""
Shares with their intervals, and time to an event, by SciPy.

Only what draws outcomes imports this module: SciPy takes about a second to load.
"""

import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import CensoredData, binomtest, ecdf

PERCENT = 100
_TYPES = {
    "pod": "int64",
    "share": "float64",
    "low": "float64",
    "high": "float64",
    "at_risk": "int64",
}


def share_interval(count: int, n: int) -> tuple[float, float]:
    """
    Return the 95 % interval of a share, in percent, by Wilson's score method.

    Args:
        count: How many of them.
        n: Of how many, at least 1.

    Raises:
        ValueError: If *count* does not lie from 0 to *n*.
    """
    found = binomtest(count, n).proportion_ci(confidence_level=0.95, method="wilson")
    return PERCENT * float(found.low), PERCENT * float(found.high)


def event_frame(times: Mapping[tuple[int, bool], int]) -> pd.DataFrame:
    """
    Estimate by Kaplan and Meier how many had an event by each day, one row per day with one.

    Args:
        times: People by day, and by whether the event came (True) or the person was last heard of
            (False) on that day; days from 1 on.

    Returns:
        ``pod``; ``share`` (percent with the event by then); ``low`` and ``high`` (its 95 %
        interval, Greenwood's on the log-log scale; missing where there is none); ``at_risk``
        (people without the event and still heard of just before). It begins with day 0.
    """
    total = sum(times.values())
    if not total:
        return pd.DataFrame(columns=list(_TYPES)).astype(_TYPES)
    events, lost = (_each(times, is_event=which) for which in (True, False))
    survival = ecdf(CensoredData(uncensored=events, right=lost)).sf
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        # Where all or none had the event, the log-log scale has no interval.
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = survival.confidence_interval(confidence_level=0.95, method="log-log")
    frame = pd.DataFrame(
        {
            "pod": survival.quantiles.astype("int64"),
            "share": PERCENT * (1 - survival.probabilities),
            "low": PERCENT * (1 - interval.high.probabilities),
            "high": PERCENT * (1 - interval.low.probabilities),
        }
    )
    frame["at_risk"] = [at_risk(times, pod) for pod in frame["pod"]]
    start = {"pod": 0, "share": 0.0, "low": np.nan, "high": np.nan, "at_risk": total}
    with_event = frame[frame["pod"].isin(events)]
    return pd.concat([pd.DataFrame([start]), with_event], ignore_index=True).astype(_TYPES)


def at_risk(times: Mapping[tuple[int, bool], int], pod: int) -> int:
    """Count who has not had the event and is still heard of just before a day."""
    return sum(number for (day, _), number in times.items() if day >= pod)


def day_of_half(events: pd.DataFrame, column: str) -> int | None:
    """Return the first day on which *column* of an event frame is half or more; None without."""
    reached = events[events[column] >= PERCENT / 2]
    return None if reached.empty else int(reached["pod"].iloc[0])


def _each(times: Mapping[tuple[int, bool], int], *, is_event: bool) -> np.ndarray:
    chosen = [(pod, number) for (pod, which), number in times.items() if which is is_event]
    pods = [pod for pod, _ in chosen]
    return np.repeat(np.asarray(pods, dtype="int64"), [number for _, number in chosen])
