"""A change from the own pattern, better then worse, own levels and own noise."""

from dataclasses import replace
from random import Random
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.judgement.change import Change, measure_change
from recovery.judgement.fitting import PRIOR_SD, fits
from recovery.judgement.level import best_week, had_eased
from recovery.judgement.log import Log
from recovery.judgement.noise import UNKNOWN_NOISE, Noise, own_noise
from recovery.judgement.reasons import ReasonKind, Unjudged
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.view import view_of
from recovery.judgement.worse import STRENGTH, strength
from tests.unit.judgement.logs import RULES, UNHURRIED, day, found, judged, log_of, on

CHANGE, WORSE = ReasonKind.CHANGE, ReasonKind.WORSE_AGAIN
CALM = [8, 7, 6, 5, 4, 4, 3, *[3, 4, 3, 2, 3, 3] * 5]
"""Days 0 to 36 of somebody who settled at 3."""


def test_a_new_fracture_is_a_change_with_its_figures() -> None:
    """The reason names the likeliest first day, and the levels before and since."""
    reason = found(judged(log_of([*CALM, *[7, 6, 7, 6, 7]])), CHANGE)

    assert reason is not None
    assert reason.values["since_pod"] == 37
    assert reason.values["since_day"] == on(37).isoformat()
    assert (reason.first_day, reason.last_day) == (on(37), on(41))
    assert reason.values["days"] == 5
    assert reason.values["before_days"] == 28
    assert reason.values["now_nrs"] == 6.6
    assert reason.values["before_nrs"] == pytest.approx(fmean(CALM[-28:]), abs=0.01)


def test_two_high_days_are_too_few_for_a_change() -> None:
    """Three of the last four must be high; the day of before among them is not the beginning."""
    two, three = log_of([*CALM, 9, 9]), log_of([*CALM, 9, 9, 9])

    assert found(judged(two), CHANGE) is None
    reason = found(judged(three), CHANGE)
    assert reason is not None
    assert (reason.first_day, reason.values["days"]) == (on(37), 3)


def test_a_change_is_silent_before_day_21_and_before_the_first_documented_day() -> None:
    """The earliest day is the later of the two."""
    log = log_of([*[4] * 15, *[9] * 6])
    late = replace(RULES, first_status_day=49)

    assert judged(log, 20).unjudged[CHANGE] is Unjudged.TOO_EARLY
    assert CHANGE not in judged(log, 21).unjudged
    assert judged(log_of([4] * 49), rules=late).unjudged[CHANGE] is Unjudged.TOO_EARLY


def test_a_change_after_a_cancer_procedure_is_a_trend() -> None:
    """Nothing is told of a standing there, but a change is seen from day 21."""
    rules = replace(RULES, first_status_day=None, judging_day=None, course=None)

    assert found(judged(log_of([*CALM, *[8] * 5]), rules=rules), CHANGE) is not None


def test_a_change_needs_days_before_and_a_fresh_report() -> None:
    """Ten settled days, or a week without one, are too few."""
    few = log_of([4] * 10, start=20)
    stale = log_of(CALM)

    assert judged(few).unjudged[CHANGE] is Unjudged.TOO_FEW
    assert CHANGE not in judged(log_of([4] * 11, start=20)).unjudged
    assert CHANGE not in judged(stale, 36 + 6).unjudged
    assert judged(stale, 36 + 7).unjudged[CHANGE] is Unjudged.TOO_FEW


def test_the_first_week_is_not_part_of_the_pattern() -> None:
    """However high the days after the procedure were, they hide nothing later."""
    plain = log_of([3] * 7 + CALM[7:] + [7] * 5)
    steep = log_of([10] * 7 + CALM[7:] + [7] * 5)

    assert found(judged(plain), CHANGE) == found(judged(steep), CHANGE)


def test_a_slow_decline_is_no_change_and_hides_none() -> None:
    """Pain that still falls raises no alarm, and a rise out of it is seen."""
    falling = [round(3 + 5 * 0.94**pod) for pod in range(40)]

    assert found(judged(log_of(falling)), CHANGE) is None
    assert found(judged(log_of([*falling, *[7] * 6])), CHANGE) is not None


def test_somebody_whose_days_differ_more_must_rise_more() -> None:
    """The same rise is evidence in a calm log, and much less in a restless one."""
    calm = [*[4, 4, 3, 4, 5] * 8, *[7] * 5]
    restless = [*[0, 8, 3, 7, 2] * 8, *[7] * 5]

    assert found(judged(log_of(calm)), CHANGE) is not None
    assert found(judged(log_of(restless)), CHANGE) is None


@UNHURRIED
@given(st.integers(0, 1_000))
def test_the_limit_alone_decides(seed: int) -> None:
    """A stricter limit never finds what a laxer one does not."""
    dice = Random(seed)
    pains = [min(10, max(0, round(dice.gauss(3, 1.3)))) for _ in range(40)]
    pains += [min(10, max(0, round(dice.gauss(6, 1.3)))) for _ in range(6)]
    log = log_of(pains)
    lax, strict = (
        found(judged(log, settings=JudgementSettings(change_limit=limit)), CHANGE)
        for limit in (3.0, 9.0)
    )
    measured = measure_change(view_of(log, RULES, on(45)))

    assert isinstance(measured, Change)
    assert (lax is not None) == (measured.evidence >= 3)
    assert (strict is not None) == (measured.evidence >= 9)


def test_better_then_worse_compares_weeks() -> None:
    """The last week against the best one, with both levels and the day of the best."""
    reason = found(judged(log_of([*[7] * 7, *[3] * 10, *[6] * 7])), WORSE)

    assert reason is not None
    assert reason.values["best_nrs"] == 3.0
    assert reason.values["now_nrs"] == 6.0
    assert reason.values["rise"] == 3.0
    assert reason.values["best_day"] == on(16).isoformat()
    assert (reason.first_day, reason.last_day) == (on(17), on(23))


def test_a_slow_worsening_is_found_though_no_day_stands_out() -> None:
    """A third of a point a day over two weeks."""
    log = log_of([*[3] * 25, *[3 + step // 4 for step in range(1, 21)]])

    assert found(judged(log), WORSE) is not None


@pytest.mark.parametrize(("points", "is_found"), [(3.0, True), (3.5, False)])
def test_the_clinic_says_how_many_points(points: float, is_found: bool) -> None:
    """Exactly as many are enough."""
    log = log_of([*[3] * 30, *[6] * 7])
    reason = found(judged(log, settings=JudgementSettings(worse_points=points)), WORSE)

    assert (reason is not None) is is_found


def test_who_was_never_better_cannot_be_worse_again() -> None:
    """A best week near the pain before is nothing to lose."""
    pains = [*[3] * 20, *[8] * 7]

    assert found(judged(log_of(pains, baseline=3)), WORSE) is None
    assert found(judged(log_of(pains, baseline=4)), WORSE) is not None


@pytest.mark.parametrize(
    ("before", "is_found"),
    [
        ([], False),
        ([2] * 9, False),
        ([5], False),  # one day: its week had 2.75
        ([6], True),  # exactly a point: 6, 2, 2, 2
        ([2, 3, 3, 3, 3, 3, 3], False),  # a week of 2.86
        ([3] * 7, True),  # exactly a point
        ([8, 7, 6, 5], True),
        ([None, 3, None, 3, 3, None, 3], True),
    ],
)
def test_with_pain_before_unknown_a_week_before_the_best_shows_what_eased(
    before: list[int | None], *, is_found: bool
) -> None:
    """Nothing eased where it was low from the first week on: the rise is a change, no relapse."""
    log = log_of([*before, *[2] * 30, *[5] * 7], baseline=None)

    judgement = judged(log)

    assert (found(judgement, WORSE) is not None) is is_found
    assert WORSE not in judgement.unjudged
    assert found(judgement, CHANGE) is not None


def test_only_what_came_before_the_best_week_can_have_eased() -> None:
    """A high week after it is the same rise as the last one."""
    rose, fell = log_of([*[2] * 14, *[6] * 10]).days, log_of([*[6] * 10, *[2] * 14]).days
    best_of_rose, best_of_fell = best_week(rose), best_week(fell)

    assert best_of_rose is not None
    assert best_of_fell is not None
    assert not had_eased(rose, best_of_rose, 1.0)
    assert had_eased(fell, best_of_fell, 4.0)
    assert not had_eased(fell, best_of_fell, 4.1)


def test_of_more_weeks_the_best_is_luckier() -> None:
    """After the first two months more is asked for, and ever more slowly."""
    assert strength(3) == strength(60) == STRENGTH
    assert STRENGTH < strength(90) < strength(365) < STRENGTH + 1
    pains = [*[2, 4, 5, 3, 1, 4, 3] * 4, *[1, 2, 1, 2, 1, 2, 2], *[2, 4, 5, 3, 1, 4, 3] * 40]
    restless = log_of([*pains[:60], *[5, 4, 5, 4, 5, 4, 5]])
    late = log_of([*pains, *[5, 4, 5, 4, 5, 4, 5]])

    assert found(judged(restless), WORSE) is not None
    assert found(judged(late), WORSE) is None


def test_worse_needs_two_weeks_with_four_days_each() -> None:
    """Three days are too few on either side, and so is a log of one week."""
    assert judged(log_of([3] * 7)).unjudged[WORSE] is Unjudged.TOO_FEW
    assert judged(log_of([3] * 10 + [None] * 4 + [8] * 3)).unjudged[WORSE] is Unjudged.TOO_FEW
    assert judged(log_of([3] * 3 + [None] * 7 + [8] * 4)).unjudged[WORSE] is Unjudged.TOO_FEW
    assert WORSE not in judged(log_of([3] * 4 + [None] * 6 + [8] * 4)).unjudged
    assert judged(log_of([3] * 2)).unjudged[WORSE] is Unjudged.TOO_EARLY


def test_the_best_week_is_the_lowest_and_latest() -> None:
    """Found by comparing every seven days, as the quick way does without."""
    dice = Random(7)
    for _ in range(50):
        days = [day(pod, dice.randint(0, 10)) for pod in range(40) if dice.random() < 0.7]
        weeks = [
            (fmean(each.pain_nrs for each in week), -last.pod)
            for last in days
            if len(week := [each for each in days if last.pod - 6 <= each.pod <= last.pod]) >= 4
        ]
        best = best_week(days)

        assert best is not None
        assert best.mean_nrs == pytest.approx(min(weeks)[0])
        assert best.last_day == on(-min(weeks)[1])


def test_three_days_make_no_week() -> None:
    """Nor do none."""
    assert best_week([]) is None
    assert best_week([day(pod) for pod in range(3)]) is None
    assert judged(log_of([3] * 3)).level.best_day is None


def test_own_noise_is_shrunk_from_the_prior_to_the_person() -> None:
    """Nobody's days: the prior. Many days: close to the truth. The first week is not read."""
    truth = [3, 5, 7, 5, 2, 6, 4, 8, 5, 3, 7] * 5
    few, many = own_noise(log_of(truth[:12]).days), own_noise(log_of(truth).days)

    assert own_noise(()) == UNKNOWN_NOISE
    assert own_noise(log_of(truth[:7]).days) == UNKNOWN_NOISE
    assert PRIOR_SD < few.sd < many.sd
    assert many.sd == pytest.approx(pstdev(truth), abs=0.2)
    assert own_noise(log_of([5] * 57).days).sd < 0.6


def test_days_that_follow_each_other_carry_over() -> None:
    """Long waves are told from independent days, and make a mean less certain."""
    waves = own_noise(log_of([3, 3, 4, 5, 6, 6, 5, 4] * 7).days)
    turns = own_noise(log_of([3, 6] * 28).days)

    assert turns.rho < 0.2 < waves.rho
    assert Noise(1.0, 0.0).variance_of_mean(4) == pytest.approx(0.25)
    assert Noise(1.0, 0.5).variance_of_mean(2) == pytest.approx(0.75)


def test_the_fit_agrees_with_least_squares_written_out() -> None:
    """A step that is there explains the days; one of nought changes nothing."""
    days = log_of([*[3, 4, 2, 3] * 5, *[6, 7, 6, 6]], start=10).days
    for fit in fits(days):
        nothing = fit.log_chance_with(fit.own._replace(squares=0, pain=0, level=0, decline=0), 3.0)

        assert nothing == pytest.approx(fit.log_chance)
        assert fit.variance > 0


def test_a_gap_is_time_and_no_value() -> None:
    """Days far apart carry nothing over, so their order alone says nothing of waves."""
    near = Log(
        procedure_date=on(0),
        baseline_nrs=8,
        days=tuple(day(10 + pod, 3 + pod % 8 // 2) for pod in range(40)),
    )
    far = replace(
        near, days=tuple(day(10 + 9 * n, each.pain_nrs) for n, each in enumerate(near.days))
    )

    assert own_noise(near.days).rho > own_noise(far.days).rho
