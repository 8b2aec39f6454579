"""Everything that was recorded of a recovery, as tables."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from charts.phases import Documented


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """
    The tables behind a clinician's chart; each may hold days that are not drawn.

    Attributes:
        reports: As from ``charts.frames.report_frame``.
        documented: A band, or phases and figures where there is none.
        cohort: As from ``charts.outcome_frames.curve_frame``; empty draws nothing.
        levels: As from ``charts.own_level.level_frame``.
        missing: As from ``charts.happenings.missing_frame``.
        due: How many days of the range a report was due on.
        events: As from ``charts.frames.event_frame``.
        visits: As from ``charts.happenings.visit_frame``.
        alerts: As from ``charts.happenings.alert_frame``.
        plan: As from ``charts.frames.plan_frame``.
        has_brace: Whether a brace was prescribed at all.
        procedure_date: Day 0.
    """

    reports: pd.DataFrame
    documented: Documented
    cohort: pd.DataFrame
    levels: pd.DataFrame
    missing: pd.DataFrame
    due: int
    events: pd.DataFrame
    visits: pd.DataFrame
    alerts: pd.DataFrame
    plan: pd.DataFrame
    has_brace: bool
    procedure_date: date
