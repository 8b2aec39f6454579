"""What must hold of every log, whatever was answered and missed."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.judgement.change import FEWEST_BEFORE, FEWEST_SINCE
from recovery.judgement.judge import RULES as ALL_RULES
from recovery.judgement.judge import judge
from recovery.judgement.log import Log
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.rules import ProcedureRules
from recovery.reports import NRS_MAX, NRS_MIN
from tests.unit.judgement.logs import (
    RULES,
    SETTINGS,
    UNHURRIED,
    any_log,
    any_rules,
    day,
    found,
    log_of,
    on,
)

NEEDS_WEEK = (
    ReasonKind.WORSE_AGAIN,
    ReasonKind.HIGHER,
    ReasonKind.MEDICINE,
    ReasonKind.BRACE,
)
NRS_NAMES = ("pains", "mean_nrs", "before_nrs", "now_nrs", "best_nrs", "milestone_nrs", "limits")


@UNHURRIED
@given(any_log(), any_rules(), st.integers(-5, 70))
def test_what_was_found_rests_on_days_of_the_log(log: Log, rules: ProcedureRules, pod: int) -> None:
    """No reason reaches beyond the day looked from, or rests on a day without a report."""
    judgement = judge(log, rules, SETTINGS, on(pod))
    logged = {each.day for each in log.days}

    for reason in judgement.reasons:
        assert reason.first_day <= reason.last_day <= on(pod)
        if reason.kind is not ReasonKind.SILENCE:
            assert {reason.first_day, reason.last_day} <= logged


@UNHURRIED
@given(any_log(), any_rules(), st.integers(-5, 70))
def test_days_to_come_never_matter(log: Log, rules: ProcedureRules, pod: int) -> None:
    """A log judged as of a day is the same with and without what was reported later."""
    known = replace(log, days=tuple(each for each in log.days if each.pod <= pod))

    assert judge(log, rules, SETTINGS, on(pod)) == judge(known, rules, SETTINGS, on(pod))


@UNHURRIED
@given(any_log(), any_rules(), st.integers(-5, 70))
def test_each_rule_speaks_or_is_silent_but_never_both(
    log: Log, rules: ProcedureRules, pod: int
) -> None:
    """A rule that could not judge found nothing, and none is found twice; the gravest is first."""
    judgement = judge(log, rules, SETTINGS, on(pod))
    kinds = [each.kind for each in judgement.reasons if not each.kind.is_recorded]

    assert len(set(kinds)) == len(kinds)
    assert not set(kinds) & set(judgement.unjudged)
    needs = [each.kind.need for each in judgement.reasons]
    assert needs == sorted(needs, reverse=True)


@UNHURRIED
@given(any_log(), any_rules(), st.integers(0, 70))
def test_levels_of_pain_stay_on_the_scale(log: Log, rules: ProcedureRules, pod: int) -> None:
    """Whatever is shown as pain lies from 0 to 10."""
    judgement = judge(log, rules, SETTINGS, on(pod))
    shown: list[Any] = [judgement.level.now_nrs, judgement.level.best_nrs]
    for reason in judgement.reasons:
        for name in NRS_NAMES:
            value = reason.values.get(name, [])
            shown += value if isinstance(value, list) else [value]

    assert all(NRS_MIN <= float(each) <= NRS_MAX for each in shown if each is not None)


@UNHURRIED
@given(any_log(), any_rules(), st.integers(0, 70))
def test_three_days_of_a_week_are_too_few(log: Log, rules: ProcedureRules, pod: int) -> None:
    """With fewer reports than a rule needs there is no reason."""
    week = [each for each in log.days if pod - 6 <= each.pod <= pod]
    few = replace(
        log, days=tuple(each for each in log.days if each.pod < pod - 6) + tuple(week[:3])
    )
    kinds = {each.kind for each in judge(few, rules, SETTINGS, on(pod)).reasons}

    assert not kinds & set(NEEDS_WEEK)


@UNHURRIED
@given(any_log(), any_rules(), st.integers(0, 70), st.sets(st.integers(0, 8), max_size=3))
def test_three_days_of_nine_are_too_few_for_a_milestone(
    log: Log, rules: ProcedureRules, pod: int, logged: set[int]
) -> None:
    """The week may have ended two days before, and not earlier."""
    days = [each for each in log.days if each.pod < pod - 8]
    few = replace(log, days=(*days, *(day(pod - back, 9) for back in sorted(logged)[::-1])))

    assert found(judge(few, rules, SETTINGS, on(pod)), ReasonKind.NO_RESPONSE) is None


@UNHURRIED
@given(st.lists(st.integers(0, 10), max_size=FEWEST_BEFORE + FEWEST_SINCE - 1))
def test_a_change_needs_its_days(pains: list[int]) -> None:
    """Fewer days than before and since together show no pattern."""
    log = log_of(pains, start=25)
    if pains:
        assert found(judge(log, RULES, SETTINGS, log.days[-1].day), ReasonKind.CHANGE) is None


@UNHURRIED
@given(any_log(), any_rules(), st.integers(0, 70))
def test_no_rule_speaks_before_its_first_day(log: Log, rules: ProcedureRules, pod: int) -> None:
    """Each rule is silent before the first day that is documented for it."""
    kinds = {each.kind for each in judge(log, rules, SETTINGS, on(pod)).reasons}
    first = {
        ReasonKind.CHANGE: max(21, rules.first_status_day or 0),
        ReasonKind.WORSE_AGAIN: 21 if rules.first_status_day is None else rules.first_status_day,
        ReasonKind.HIGHER: rules.first_status_day,
        ReasonKind.NO_RESPONSE: rules.judging_day,
        ReasonKind.SILENCE: rules.silence_days,
        ReasonKind.MEDICINE: max(14, rules.first_status_day or 0),
    }

    for kind, first_day in first.items():
        if first_day is None or pod < first_day:
            assert kind not in kinds


@UNHURRIED
@given(st.integers(0, 10), st.integers(22, 120), st.sets(st.integers(0, 120), max_size=60))
def test_a_calm_log_never_changes(level: int, length: int, missed: set[int]) -> None:
    """The same pain every day is no change, and not worse than the best week."""
    log = log_of([None if pod in missed else level for pod in range(length)], baseline=10)
    if log.days:
        kinds = {each.kind for each in judge(log, RULES, SETTINGS, on(length - 1)).reasons}

        assert not kinds & {ReasonKind.CHANGE, ReasonKind.WORSE_AGAIN}


@UNHURRIED
@given(
    st.integers(0, 5),
    st.integers(22, 60),
    st.lists(st.sampled_from([0, 0, 1, -1]), min_size=70, max_size=70),
)
def test_a_lasting_step_in_a_calm_log_is_a_change(
    level: int, starts: int, wobble: list[int]
) -> None:
    """Four points more for good are found within seven logged days."""
    pains = [
        min(10, max(0, level + wobble[pod] + (4 if pod >= starts else 0)))
        for pod in range(starts + 7)
    ]
    log = log_of(pains, baseline=10)
    days = [judge(log, RULES, SETTINGS, on(pod)) for pod in range(starts, starts + 7)]

    assert any(found(each, ReasonKind.CHANGE) for each in days)


@UNHURRIED
@given(any_log(), any_rules(), st.integers(0, 10), st.data())
def test_a_corrected_report_is_judged_as_if_it_had_always_said_so(
    log: Log, rules: ProcedureRules, pain: int, data: st.DataObject
) -> None:
    """Judging keeps nothing from one time to the next."""
    if not log.days:
        return
    place = data.draw(st.integers(0, len(log.days) - 1))
    corrected = replace(log.days[place], pain_nrs=pain)
    after = replace(log, days=(*log.days[:place], corrected, *log.days[place + 1 :]))
    as_of = log.days[-1].day
    judge(log, rules, SETTINGS, as_of)

    fresh = Log(procedure_date=log.procedure_date, baseline_nrs=log.baseline_nrs, days=after.days)
    assert judge(after, rules, SETTINGS, as_of) == judge(fresh, rules, SETTINGS, as_of)


@UNHURRIED
@given(st.integers(1, 10), st.sets(st.integers(0, 39), min_size=10, max_size=30))
def test_a_missing_day_is_never_nought(level: int, kept: set[int]) -> None:
    """Days without a report lower no mean."""
    log = log_of([level if pod in kept else None for pod in range(40)])
    own = judge(log, RULES, SETTINGS, on(39)).level

    assert own.best_nrs in (None, level)
    assert own.now_nrs in (None, level)


@UNHURRIED
@given(st.permutations([0, 2, 3, 5, 7, 9, 10]))
def test_the_order_within_a_week_does_not_move_its_level(pains: list[int]) -> None:
    """A mean, and what follows from it, is the same in any order."""
    log = log_of([*[3] * 13, *pains], baseline=8)
    judgement = judge(log, RULES, SETTINGS, on(19))

    assert judgement.level.now_nrs == pytest.approx(36 / 7, abs=0.01)
    assert found(judgement, ReasonKind.NO_RESPONSE) is None


@UNHURRIED
@given(any_log(), st.integers(0, 70))
def test_after_a_test_block_warning_signs_alone_speak(log: Log, pod: int) -> None:
    """Pain that comes back after a block is expected."""
    block = ProcedureRules(first_status_day=None, judging_day=None, has_daily_log=False)
    judgement = judge(log, block, SETTINGS, on(pod))

    assert {each.kind for each in judgement.reasons} <= {ReasonKind.WARNING_SIGN}
    assert set(judgement.unjudged) == set(ALL_RULES)
    assert judgement.standing is None


def test_a_single_day_of_ten_is_no_change() -> None:
    """One bad day proves nothing, nor do two that have passed."""
    once = log_of([*[3] * 40, 10])
    passed = log_of([*[3] * 40, 10, 10, 3, 3])

    for log in (once, passed):
        assert found(judge(log, RULES, SETTINGS, log.days[-1].day), ReasonKind.CHANGE) is None


def test_a_log_without_a_report_is_not_judged() -> None:
    """Nothing logged says nothing of a level, and counts as silence from the procedure on."""
    judgement = judge(log_of([]), RULES, SETTINGS, on(30))

    assert [each.kind for each in judgement.reasons] == [ReasonKind.SILENCE]
    assert judgement.level.now_nrs is None
    assert judgement.standing is None


def test_before_the_procedure_nothing_is_judged() -> None:
    """Somebody enrolled ahead of the day has no recovery yet."""
    judgement = judge(log_of([]), RULES, SETTINGS, on(-3))

    assert judgement.reasons == ()
    assert set(judgement.unjudged) == set(ALL_RULES)


def test_one_report_is_too_few() -> None:
    """A single day is no level."""
    log = Log(procedure_date=on(0), baseline_nrs=8, days=(day(25, 10),))
    judgement = judge(log, RULES, SETTINGS, on(25))

    assert judgement.reasons == ()
    assert judgement.level.now_nrs is None
