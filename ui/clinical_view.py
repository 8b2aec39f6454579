"""What a clinician's chart draws of one recovery, over one range of days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import pandas as pd

from charts.happenings import alert_frame, missing_frame, visit_frame
from charts.outcome_frames import curve_frame
from charts.own_level import level_frame
from charts.recorded import Recorded
from recovery.alerts import Alert
from recovery.cohorts import CohortDay
from recovery.days import post_procedure_day
from recovery.judgement.level import own_level
from recovery.judgement.log import log_of
from recovery.judgement.reasons import OwnLevel
from recovery.judgement.view import view_of
from ui.procedure import rules_of
from ui.reason_words import REASON_WORDS
from ui.recovery_view import Drawing, Recovery


@dataclass(frozen=True, kw_only=True)
class ClinicalView:
    """
    A recovery with what only the staff sees beside it.

    Attributes:
        drawing: The recovery over the chosen days.
        alerts: Its alerts, in any order.
        planned: Days on which the patient was or is expected.
        curve: The clinic's own patients by day; None while nobody asked to compare.
    """

    drawing: Drawing
    alerts: Sequence[Alert] = ()
    planned: Sequence[date] = ()
    curve: Sequence[CohortDay] | None = None

    @property
    def _procedure_date(self) -> date:
        return self.drawing.recovery.episode.procedure_date

    @cached_property
    def level(self) -> OwnLevel:
        """The person's own levels of average pain."""
        recovery = self.drawing.recovery
        log = log_of(recovery.episode, [stored.report for stored in recovery.reports])
        rules = rules_of(recovery.episode, recovery.settings)
        return own_level(view_of(log, rules, recovery.today))

    @cached_property
    def counted(self) -> Recovery:
        """The recovery up to the last day that counts: until it is logged, today is not over."""
        recovery = self.drawing.recovery
        if self._is_logged_today or recovery.pod < 1:
            return recovery
        return replace(recovery, today=recovery.today - timedelta(days=1))

    @property
    def _is_logged_today(self) -> bool:
        recovery = self.drawing.recovery
        return any(stored.report.day == recovery.today for stored in recovery.reports)

    @cached_property
    def due(self) -> range:
        """
        The post-procedure days of the range on which a report was due; empty for a test block.

        Today counts once it is logged: until midnight it is not missing.
        """
        recovery, days = self.drawing.recovery, self.drawing.days
        if not rules_of(recovery.episode, recovery.settings).has_daily_log:
            return range(0)
        last = recovery.pod if self._is_logged_today else recovery.pod - 1
        return range(max(0, days.first), min(days.last, last) + 1)

    @cached_property
    def cohort(self) -> pd.DataFrame:
        """The clinic's own patients as they are drawn; empty while nobody asked."""
        return curve_frame(self.curve or ())

    @cached_property
    def recorded(self) -> Recorded:
        """The tables of the chart."""
        drawing, begins = self.drawing, self._procedure_date
        noted = [note.visit_date for note in drawing.recovery.notes]
        return Recorded(
            reports=drawing.reports,
            documented=drawing.documented,
            cohort=self.cohort,
            levels=self._levels,
            missing=missing_frame(drawing.reports["pod"], self.due),
            due=len(self.due),
            events=drawing.marks.events,
            visits=visit_frame(noted, self.planned, begins),
            alerts=alert_frame(self.alerts, begins, REASON_WORDS),
            plan=drawing.plan,
            has_brace=drawing.recovery.episode.brace_plan is not None,
            procedure_date=begins,
        )

    @property
    def _levels(self) -> pd.DataFrame:
        level, baseline_nrs = self.level, self.drawing.recovery.episode.baseline_nrs
        if level.best_nrs is None or level.best_day is None:
            return level_frame(baseline_nrs)
        best_pod = post_procedure_day(self._procedure_date, level.best_day)
        return level_frame(baseline_nrs, (level.best_nrs, best_pod))
