"""One recovery as it is drawn: what was reported, on which days, beside what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import pandas as pd

from charts.days import DayRange
from charts.frames import band_frame, event_frame, note_frame, plan_frame, report_frame
from charts.layers import within
from charts.pain import Marks
from charts.phases import Documented, figure_frame, phase_frame
from recovery.block_log import BlockLog, block_log
from recovery.days import post_procedure_day, zone
from recovery.episodes import Episode, Patient
from recovery.expectations import Course
from recovery.reports import Event, StoredReport, VisitNote
from recovery.settings import ClinicSettings
from recovery.summary import WEEK_DAYS, WeekSummary, week_up_to
from ui.procedure import course_of, is_test_block, procedure_of


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """
    Everything that is known of one recovery.

    Attributes:
        reports: Oldest first.
        today: The patient's own day.
    """

    patient: Patient
    settings: ClinicSettings
    reports: Sequence[StoredReport]
    events: Sequence[Event] = ()
    notes: Sequence[VisitNote] = ()
    today: date

    @property
    def episode(self) -> Episode:
        """The current episode."""
        return self.patient.episode

    @property
    def pod(self) -> int:
        """Post-procedure day of today."""
        return post_procedure_day(self.episode.procedure_date, self.today)

    @cached_property
    def course(self) -> Course | None:
        """The documented course that the clinic draws."""
        return course_of(self.episode, self.settings)

    @cached_property
    def block(self) -> BlockLog | None:
        """The hours after a test block; None for others, and while its time is not on record."""
        if not is_test_block(self.episode.procedure):
            return None
        return block_log(self.events, self.episode.baseline_nrs)

    @cached_property
    def week(self) -> WeekSummary:
        """The last seven days."""
        return self._week_up_to(self.today)

    @cached_property
    def week_before(self) -> WeekSummary:
        """The seven days before those."""
        return self._week_up_to(self.today - timedelta(days=WEEK_DAYS))

    def _week_up_to(self, last_day: date) -> WeekSummary:
        answers = [stored.report for stored in self.reports]
        return week_up_to(answers, last_day, self.episode.brace_plan)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The tables that the charts of one recovery share, over one range of days."""

    recovery: Recovery
    days: DayRange

    @cached_property
    def reports(self) -> pd.DataFrame:
        """The logged days in the range, as from ``charts.frames.report_frame``."""
        recovery = self.recovery
        frame = report_frame(recovery.reports, recovery.episode.procedure_date)
        return within(frame, self.days)

    @cached_property
    def marks(self) -> Marks:
        """Visits, and events that were not taken back; a block's hours have their own chart."""
        recovery, block = self.recovery, self.recovery.block
        begins, where = recovery.episode.procedure_date, zone(recovery.patient.time_zone)
        kept = [
            event
            for event in recovery.events
            if not event.is_withdrawn and not (block and block.holds(event))
        ]
        return Marks(
            visits=note_frame(recovery.notes, begins), events=event_frame(kept, begins, where)
        )

    @cached_property
    def documented(self) -> Documented:
        """The documented course, or phases and single figures where there is none."""
        episode, course = self.recovery.episode, self.recovery.course
        band = band_frame(course, episode.baseline_nrs, self.days.first, self.days.last)
        if course is not None:
            return Documented(band=band)
        procedure = procedure_of(episode.procedure)
        return Documented(
            band=band,
            phases=phase_frame(procedure.phases, self.days),
            figures=figure_frame(procedure.figures, episode.baseline_nrs, self.days),
        )

    @cached_property
    def plan(self) -> pd.DataFrame:
        """The brace plan, as from ``charts.frames.plan_frame``."""
        episode = self.recovery.episode
        return plan_frame(
            episode.brace_plan, episode.procedure_date, self.days.first, self.days.last
        )
