"""What every rule looks at: a log as it stood on a day, with its last week cut out."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.judgement.log import Log, LoggedDay
from recovery.judgement.rules import ProcedureRules
from recovery.summary import ENOUGH_DAYS, WEEK_DAYS


@dataclass(frozen=True, slots=True)
class View:
    """
    A log as it stood on a day; made by ``view_of``.

    Attributes:
        log: The days up to *as_of*, inclusive.
        rules: The procedure's.
        as_of: The day.
        pod: Its post-procedure day; negative before the procedure.
        week: The logged days of the seven up to *as_of*, oldest first.
    """

    log: Log
    rules: ProcedureRules
    as_of: date
    pod: int
    week: tuple[LoggedDay, ...]

    @property
    def days(self) -> tuple[LoggedDay, ...]:
        """The logged days, oldest first."""
        return self.log.days

    @property
    def week_says_enough(self) -> bool:
        """Whether at least four of the last seven days are logged."""
        return len(self.week) >= ENOUGH_DAYS

    def between(self, first: date, last: date) -> tuple[LoggedDay, ...]:
        """Return the logged days from *first* to *last*, both inclusive, oldest first."""
        return between(self.days, first, last)


def view_of(log: Log, rules: ProcedureRules, as_of: date) -> View:
    """Return the log as it stood on *as_of*; later days are left out."""
    known = log.up_to(as_of)
    week = between(known.days, as_of - timedelta(days=WEEK_DAYS - 1), as_of)
    return View(log=known, rules=rules, as_of=as_of, pod=log.pod_of(as_of), week=week)


def between(days: Sequence[LoggedDay], first: date, last: date) -> tuple[LoggedDay, ...]:
    """Return the days from *first* to *last*, both inclusive; *days* are oldest first."""
    start = bisect_left(days, first, key=_day)
    end = bisect_left(days, last + timedelta(days=1), lo=start, key=_day)
    return tuple(days[start:end])


def mean_pain(days: Sequence[LoggedDay]) -> float:
    """Return the mean of average pain, NRS 0-10, of at least one day."""
    return sum(each.pain_nrs for each in days) / len(days)


def _day(each: LoggedDay) -> date:
    return each.day
