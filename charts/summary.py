"""The numbers a chart shows, for the sentence beside it and its text alternative."""

from dataclasses import dataclass

import pandas as pd

from charts.days import DayRange
from charts.layers import within


@dataclass(frozen=True, slots=True, kw_only=True)
class PainSummary:
    """
    Worst pain over a range of days; None while nothing was logged in it.

    Attributes:
        logged_days: Days with a report.
        days: Days in the range up to and including today.
        first_pod: Post-procedure day of the first report.
        last_pod: Post-procedure day of the last report.
        first_nrs: Worst pain in the first report, 0-10.
        last_nrs: Worst pain in the last report, 0-10.
        lowest_nrs: Lowest worst pain of a day, 0-10.
        highest_nrs: Highest worst pain of a day, 0-10.
    """

    logged_days: int
    days: int
    first_pod: int | None
    last_pod: int | None
    first_nrs: int | None
    last_nrs: int | None
    lowest_nrs: int | None
    highest_nrs: int | None


def summarise_pain(reports: pd.DataFrame, days: DayRange, today: int) -> PainSummary:
    """
    Summarise the worst pain that a chart of *days* shows.

    Args:
        reports: As from ``charts.frames.report_frame``.

        days: The range drawn.

        today: Post-procedure day of today.
    """
    shown = within(reports, days)
    pods, worst = shown["pod"].tolist(), shown["worst_pain_nrs"].tolist()
    return PainSummary(
        logged_days=len(shown),
        days=max(0, min(today, days.last) - days.first + 1),
        first_pod=pods[0] if pods else None,
        last_pod=pods[-1] if pods else None,
        first_nrs=worst[0] if worst else None,
        last_nrs=worst[-1] if worst else None,
        lowest_nrs=min(worst, default=None),
        highest_nrs=max(worst, default=None),
    )
