"""What the rules read of a log: one line for each logged day."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recovery.days import post_procedure_day
from recovery.episodes import Episode
from recovery.reports import ActivityLevel, DailyReport, PainMedicine


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedDay:
    """
    The answers about one day that rules look at; None means not answered.

    Attributes:
        day: The day the answers are about.
        pod: Its post-procedure day, from 0 on.
        pain_nrs: Average pain of that day, NRS 0-10. Studies ask for pain as such or on average,
            so a day's worst pain would lie above their figures by its nature.
        worn_hours: Hours in the brace.
        planned_hours: Hours planned for that day; None where no brace was.
        medicine: Which pain medicine was taken.
        medicine_times: How often.
        warning_signs: Ids of ticked signs.
        activity: How active the day was.
    """

    day: date
    pod: int
    pain_nrs: int
    worn_hours: float | None = None
    planned_hours: float | None = None
    medicine: PainMedicine | None = None
    medicine_times: int | None = None
    warning_signs: frozenset[str] = frozenset()
    activity: ActivityLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """
    Everything that rules read of one recovery.

    Attributes:
        procedure_date: Day 0.
        baseline_nrs: Pain before the procedure, NRS 0-10; None when not known.
        days: Logged days, oldest first, each day once.
    """

    procedure_date: date
    baseline_nrs: int | None
    days: tuple[LoggedDay, ...] = ()

    def up_to(self, as_of: date) -> "Log":
        """Return the log as it stood, of the days up to *as_of*, inclusive."""
        if not self.days or self.days[-1].day <= as_of:
            return self
        kept = self.days[: bisect_right(self.days, as_of, key=lambda each: each.day)]
        return Log(procedure_date=self.procedure_date, baseline_nrs=self.baseline_nrs, days=kept)

    def pod_of(self, day: date) -> int:
        """Return the post-procedure day of a day."""
        return post_procedure_day(self.procedure_date, day)


def log_of(episode: Episode, reports: Iterable[DailyReport]) -> Log:
    """
    Return what rules read of an episode's reports.

    Args:
        episode: Whose procedure date, baseline and brace plan count.
        reports: Its reports, in any order, each day once; none lies before the procedure.
    """
    plan = episode.brace_plan
    return Log(
        procedure_date=episode.procedure_date,
        baseline_nrs=episode.baseline_nrs,
        days=tuple(
            LoggedDay(
                day=report.day,
                pod=post_procedure_day(episode.procedure_date, report.day),
                pain_nrs=report.average_pain_nrs,
                worn_hours=report.brace_hours,
                planned_hours=None if plan is None else plan.hours_on(report.day),
                medicine=report.medicine,
                medicine_times=report.medicine_times,
                warning_signs=report.warning_signs or frozenset(),
                activity=report.activity,
            )
            for report in sorted(reports, key=lambda each: each.day)
        ),
    )
