"""The alert budget: the same alerts as judging day by day, at every threshold."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.shelf import rules_for
from recovery.judgement.budget import BUDGET_DAYS, COUNTED, Budget, Rate, Watched, budget, watch
from recovery.judgement.judge import judge
from recovery.judgement.log import Log, LoggedDay
from recovery.judgement.opening import openings
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.settings import HIGHER_CHANCES, JudgementSettings
from recovery.reports import PainMedicine
from tests.factories import TODAY

RULES = rules_for("kyphoplasty", shares_augmentation_curve=True)
SHIPPED = JudgementSettings()
ANSWER = st.tuples(
    st.integers(0, 10),
    st.sampled_from([None, 0.0, 3.0, 8.0]),
    st.integers(0, 8),
    st.sampled_from([frozenset[str](), frozenset[str](), frozenset({"fever"})]),
)
THRESHOLDS = st.builds(
    JudgementSettings,
    higher_chance=st.sampled_from(HIGHER_CHANCES),
    higher_days=st.integers(3, 7),
    change_limit=st.floats(3, 12),
    worse_points=st.floats(1, 5),
    silence_until_day=st.integers(7, 365),
    brace_share=st.floats(0.1, 0.9),
    medicine_times=st.floats(1, 6),
)


def _day(start: date, pod: int, answer: tuple[int, float | None, int, frozenset[str]]) -> LoggedDay:
    pain, worn, times, signs = answer
    return LoggedDay(
        day=start + timedelta(days=pod),
        pod=pod,
        pain_nrs=pain,
        worn_hours=worn,
        planned_hours=8.0,
        medicine=PainMedicine.PRESCRIBED if times else PainMedicine.NONE,
        medicine_times=times or None,
        warning_signs=signs,
    )


@st.composite
def logs(draw: st.DrawFn) -> Log:
    """Draw a log of up to 60 days that may begin before the window, with gaps."""
    start = TODAY - timedelta(days=draw(st.integers(0, BUDGET_DAYS + 40)))
    calm, risen = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    since = draw(st.integers(5, 60))
    kept = draw(st.sets(st.integers(0, 60), max_size=60))
    answers = draw(st.lists(ANSWER, min_size=7, max_size=7))
    return Log(
        procedure_date=start,
        baseline_nrs=draw(st.sampled_from([None, 0, 8])),
        days=tuple(
            _day(start, pod, (_pain(calm, risen, pod, since), *answers[pod % 7][1:]))
            for pod in sorted(kept)
            if start + timedelta(days=pod) <= TODAY
        ),
    )


def _pain(calm: int, risen: int, pod: int, since: int) -> int:
    return calm + pod % 2 + (risen if pod >= since else 0) - (1 if pod % 5 == 0 and calm else 0)


def _one_by_one(log: Log, watched: Watched, thresholds: JudgementSettings) -> Counter[ReasonKind]:
    """Count what judging whole logs opens on the same days, after the day before them."""
    first = max(log.procedure_date, TODAY - timedelta(days=BUDGET_DAYS - 1))
    days = [each.as_of for each in watched.measured]
    judged = [judge(log, RULES, thresholds, day) for day in (first - timedelta(days=1), *days)]
    return Counter(each.reason.kind for each in openings(judged) if each.day >= first)


@settings(max_examples=60, deadline=None)
@given(log=logs(), thresholds=THRESHOLDS)
def test_the_budget_counts_what_judging_would_open(log: Log, thresholds: JudgementSettings) -> None:
    """What is measured once gives the same alerts as judging anew under any thresholds."""
    watched = watch(log, RULES, TODAY)
    assert watched is not None

    counted = budget([watched], thresholds)

    weeks = watched.days / 7
    assert {
        kind: round(rate.per_100_per_week * weeks / 100) for kind, rate in counted.by_kind.items()
    } == {kind: _one_by_one(log, watched, thresholds)[kind] for kind in COUNTED}


@settings(max_examples=30, deadline=None)
@given(log=logs())
def test_every_day_that_may_open_an_alert_is_looked_at(log: Log) -> None:
    """Each report of the window is judged, and silence on the first day of it, once a gap."""
    watched = watch(log, RULES, TODAY)
    assert watched is not None

    days = [each.as_of for each in watched.measured]
    first = TODAY - timedelta(days=watched.days - 1)
    assert days == sorted(set(days))
    assert all(first <= day <= TODAY for day in days)
    assert {each.day for each in log.days if each.day >= first} <= set(days)


def test_a_procedure_ahead_is_not_followed() -> None:
    """Nobody is silent before it; on its own day it counts as one day."""
    assert (
        watch(Log(procedure_date=TODAY + timedelta(days=1), baseline_nrs=8), RULES, TODAY) is None
    )
    own_day = watch(Log(procedure_date=TODAY, baseline_nrs=8), RULES, TODAY)
    assert own_day is not None
    assert own_day.days == 1


@pytest.mark.parametrize(("back", "days"), [(88, 89), (89, 90), (90, 90), (400, 90)])
def test_no_more_than_ninety_days_count(back: int, days: int) -> None:
    """Older days are not part of the budget."""
    watched = watch(Log(procedure_date=TODAY - timedelta(days=back), baseline_nrs=8), RULES, TODAY)

    assert watched is not None
    assert watched.days == days


def test_silence_is_counted_once_and_not_after_its_last_day() -> None:
    """Nothing is reported for 90 days: one alert; with an earlier end of silence, none."""
    log = Log(procedure_date=TODAY - timedelta(days=89), baseline_nrs=8)
    late = LoggedDay(day=TODAY - timedelta(days=70), pod=19, pain_nrs=4)
    silent_later = Log(procedure_date=log.procedure_date, baseline_nrs=8, days=(late,))

    def silences(which: Log, **changes: Any) -> float:
        watched = watch(which, RULES, TODAY)
        assert watched is not None
        rate = budget([watched], JudgementSettings(**changes)).by_kind[ReasonKind.SILENCE]
        return round(rate.per_100_per_week * watched.days / 700)

    assert silences(log) == 1
    assert silences(silent_later) == 2
    assert silences(silent_later, silence_until_day=20) == 1


def test_what_was_open_before_the_window_is_not_counted_again() -> None:
    """Somebody whose pain is high on each of 200 days was found long ago."""
    start = TODAY - timedelta(days=199)
    days = tuple(_day(start, pod, (9, 8.0, 0, frozenset())) for pod in range(200))
    watched = watch(Log(procedure_date=start, baseline_nrs=9, days=days), RULES, TODAY)

    assert watched is not None
    rates = budget([watched], SHIPPED)
    assert rates.in_all == Rate(0.0, 0.0, 0.0)


def _watched(signs: int) -> Watched:
    start = TODAY - timedelta(days=69)
    sign = (0, None, 0, frozenset({"fever"}))
    days = tuple(
        _day(start, pod, sign if pod < signs else (*sign[:3], frozenset())) for pod in range(70)
    )
    found = watch(Log(procedure_date=start, baseline_nrs=None, days=days), RULES, TODAY)
    assert found is not None
    return found


def test_a_rate_is_alerts_by_patient_weeks() -> None:
    """Three signs of two patients in ten weeks each are 15 for 100 patients in a week."""
    rates = budget([_watched(3), _watched(0)], SHIPPED).by_kind

    # Everybody was looked at, so there is nothing to be uncertain about.
    assert rates[ReasonKind.WARNING_SIGN] == Rate(15.0, 15.0, 15.0)


def test_a_sample_has_an_interval_and_a_larger_one_a_narrower() -> None:
    """It holds the rate, never goes below 0, and grows with those who were not looked at."""
    few, many = [_watched(3), _watched(0)], [_watched(3), _watched(0)] * 4

    def interval(watched: list[Watched], of: int) -> Rate:
        return budget(watched, SHIPPED, of=of).by_kind[ReasonKind.WARNING_SIGN]

    wide, narrow, narrower = interval(few, 1_000), interval(many, 1_000), interval(many, 10)
    for rate in (wide, narrow, narrower):
        assert rate.per_100_per_week == pytest.approx(15)
        assert 0 <= rate.low < 15 < rate.high
    assert wide.high > narrow.high > narrower.high


def test_none_seen_in_a_sample_is_not_none_at_all() -> None:
    """The upper end of no alert at all is the rule of three: 3 in the weeks looked at."""
    rate = budget([_watched(0)], SHIPPED, of=1_000_000).by_kind[ReasonKind.WARNING_SIGN]

    assert (rate.per_100_per_week, rate.low) == (0, 0)
    assert rate.high == pytest.approx(100 * 3 / 10, rel=1e-3)


def test_nobody_followed_has_no_rate() -> None:
    """Neither 0 nor a guess."""
    assert budget([], SHIPPED) == Budget(0)
