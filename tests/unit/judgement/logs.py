"""Logs for the tests of the rules, written as lists of pain."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recovery.expectations import Course, CoursePoint, SpreadPoint
from recovery.judgement.judge import judge
from recovery.judgement.log import Log, LoggedDay
from recovery.judgement.reasons import Judgement, Reason, ReasonKind
from recovery.judgement.rules import ProcedureRules
from recovery.judgement.settings import JudgementSettings
from recovery.reports import PainMedicine

DAY_0 = date(2026, 9, 1)

_POINT = CoursePoint(day=0, fraction=1.0, source_id="s", n=9, statistic="mean", how_read="read")
_SPREAD = SpreadPoint(day=0, fraction=0.25, source_id="s", n=9, basis="read")
COURSE = Course(
    id="c",
    name="C",
    reference_baseline_nrs=8.0,
    reference_source_id="s",
    points=(
        _POINT,
        CoursePoint(day=7, fraction=0.5, source_id="s", n=9, statistic="mean", how_read="read"),
        CoursePoint(day=400, fraction=0.4, source_id="s", n=9, statistic="mean", how_read="read"),
    ),
    spreads=(_SPREAD, SpreadPoint(day=400, fraction=0.25, source_id="s", n=9, basis="read")),
    caveat="",
)
UNHURRIED = hypothesis_settings(deadline=None, max_examples=60)
"""For properties of whole logs: no clock, and as many examples as take about a second."""

RULES = ProcedureRules(
    first_status_day=3, judging_day=14, milestone_days=(14, 30), silence_days=3, course=COURSE
)
SETTINGS = JudgementSettings()


def on(pod: int) -> date:
    """Return the calendar day of a post-procedure day."""
    return DAY_0 + timedelta(days=pod)


def day(pod: int, pain: int = 3, **answers: Any) -> LoggedDay:
    """Return one logged day."""
    return LoggedDay(day=on(pod), pod=pod, pain_nrs=pain, **answers)


def log_of(
    pains: Sequence[int | None], *, start: int = 0, baseline: int | None = 8, **answers: Any
) -> Log:
    """Return a log with these pains from a day on; None is a day without a report."""
    days = [day(pod, pain, **answers) for pod, pain in enumerate(pains, start) if pain is not None]
    return Log(procedure_date=DAY_0, baseline_nrs=baseline, days=tuple(days))


def judged(
    log: Log,
    pod: int | None = None,
    rules: ProcedureRules = RULES,
    settings: JudgementSettings = SETTINGS,
) -> Judgement:
    """Judge a log as of a day, its last one unless said."""
    return judge(log, rules, settings, on(log.days[-1].pod if pod is None else pod))


def found(judgement: Judgement, kind: ReasonKind) -> Reason | None:
    """Return the reason of a kind, if there is one."""
    return next((each for each in judgement.reasons if each.kind is kind), None)


_HOURS = st.one_of(st.none(), st.integers(0, 24).map(float))
_DAYS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "pain": st.integers(0, 10),
        "worn_hours": _HOURS,
        "planned_hours": st.sampled_from([None, 4.0, 8.0]),
        "medicine": st.sampled_from([None, *PainMedicine]),
        "medicine_times": st.one_of(st.none(), st.integers(0, 24)),
        "warning_signs": st.sampled_from([frozenset[str](), frozenset({"fever"})]),
    }
)


@st.composite
def any_log(draw: st.DrawFn, longest: int = 60) -> Log:
    """Draw a log with any answers and gaps."""
    pods = sorted(draw(st.sets(st.integers(0, longest), max_size=longest)))
    days = tuple(day(pod, **draw(_DAYS)) for pod in pods)
    baseline = draw(st.one_of(st.none(), st.integers(0, 10)))
    return Log(procedure_date=DAY_0, baseline_nrs=baseline, days=days)


def any_rules() -> st.SearchStrategy[ProcedureRules]:
    """Draw rules of a procedure, with and without each part."""
    return st.builds(
        ProcedureRules,
        first_status_day=st.sampled_from([None, 3, 14, 21, 49]),
        judging_day=st.sampled_from([None, 14, 21, 49]),
        silence_days=st.sampled_from([None, 3, 5]),
        course=st.sampled_from([None, COURSE]),
        has_daily_log=st.sampled_from([True, True, True, False]),
    )
