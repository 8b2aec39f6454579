"""Higher than most, no response at the milestone, and the standing: boundaries of each."""

from dataclasses import replace

import pytest

from recovery.judgement.reasons import ReasonKind, Standing, Unjudged
from recovery.judgement.response import response_of, response_on
from recovery.judgement.settings import JudgementSettings
from tests.unit.judgement.logs import COURSE, RULES, day, found, judged, log_of, on

HIGHER, NO_RESPONSE = ReasonKind.HIGHER, ReasonKind.NO_RESPONSE
P90_THREE = JudgementSettings(higher_chance=0.90, higher_days=3)


def test_as_many_days_in_a_row_as_the_clinic_asks_for() -> None:
    """One day fewer is silent; the values are those days, with their limits."""
    two = judged(log_of([3] * 10 + [10] * 2), settings=P90_THREE)
    three = judged(log_of([3] * 10 + [10] * 3), settings=P90_THREE)

    assert found(two, HIGHER) is None
    reason = found(three, HIGHER)
    assert reason is not None
    assert (reason.first_day, reason.last_day) == (on(10), on(12))
    assert reason.values["days"] == 3
    assert reason.values["pains"] == [10, 10, 10]
    limit = COURSE.centile(12, 8, 0.90)
    assert reason.values["limits"] == pytest.approx([limit] * 3, abs=0.05)


def test_a_missing_day_does_not_break_a_run_but_a_lower_one_does() -> None:
    """Logged days count, in a row."""
    gap = judged(log_of([3] * 10 + [10, None, 10, 10]), settings=P90_THREE)
    lower = judged(log_of([3] * 10 + [10, 3, 10, 10]), settings=P90_THREE)

    assert found(gap, HIGHER) is not None
    assert found(lower, HIGHER) is None


def test_four_of_the_last_seven_days_must_be_logged() -> None:
    """Three high days alone are too few."""
    three = judged(log_of([None] * 10 + [10] * 3), settings=P90_THREE)
    four = judged(log_of([None] * 10 + [3] + [10] * 3), settings=P90_THREE)

    assert three.unjudged[HIGHER] is Unjudged.TOO_FEW
    assert found(four, HIGHER) is not None


def test_days_before_the_first_documented_one_do_not_count() -> None:
    """A run begins on the first day of a standing at the earliest."""
    assert judged(log_of([10] * 3), settings=P90_THREE).unjudged[HIGHER] is Unjudged.TOO_EARLY
    assert found(judged(log_of([10] * 5), settings=P90_THREE), HIGHER) is None
    assert found(judged(log_of([10] * 6), settings=P90_THREE), HIGHER) is not None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"first_status_day": None}, Unjudged.NO_STATUS),
        ({"course": None}, Unjudged.NO_BAND),
        ({"course": replace(COURSE, spreads=())}, Unjudged.NO_BAND),
    ],
)
def test_without_a_band_or_a_standing_nothing_is_compared(
    change: dict[str, object], why: Unjudged
) -> None:
    """It is said why, and there is no standing either."""
    judgement = judged(log_of([10] * 20), rules=replace(RULES, **change))  # type: ignore[arg-type]

    assert judgement.unjudged[HIGHER] is why
    assert judgement.standing is None


@pytest.mark.parametrize(
    ("pains", "start", "pod", "why"),
    [
        ([5, 5], 0, 2, Unjudged.TOO_EARLY),
        ([5, 5], 0, 3, Unjudged.TOO_FEW),
        ([5, 5], 398, 400, Unjudged.TOO_FEW),
        ([5, 5], 399, 401, Unjudged.NO_BAND),
        ([5] * 5, 396, 401, Unjudged.NO_BAND),
    ],
)
def test_more_days_are_asked_for_only_where_a_band_waits(
    pains: list[int | None], start: int, pod: int, why: Unjudged
) -> None:
    """The course ends on day 400, so days logged after it would never be compared."""
    assert judged(log_of(pains, start=start), pod).unjudged[HIGHER] is why


@pytest.mark.parametrize("pod", [0, 2, 3, 20])
def test_without_pain_before_there_is_no_band_from_the_first_day_on(pod: int) -> None:
    """Scaled to 0 no band is left, and nobody is told to wait for it."""
    log = log_of([5] * (pod + 1), baseline=0)

    assert judged(log).unjudged[HIGHER] is Unjudged.NO_BAND


def test_too_early_looks_at_the_band_of_the_first_judged_day() -> None:
    """A course that begins on that day is worth waiting for, one that begins later is not yet."""
    spread = COURSE.spreads[0]
    begins = {
        day: replace(COURSE, spreads=(replace(spread, day=day), COURSE.spreads[-1]))
        for day in (3, 4)
    }
    log = log_of([5, 5])

    assert judged(log, 2, replace(RULES, course=begins[3])).unjudged[HIGHER] is Unjudged.TOO_EARLY
    assert judged(log, 2, replace(RULES, course=begins[4])).unjudged[HIGHER] is Unjudged.NO_BAND
    # On day 4 there is a band, but the newest logged day, day 3, has none.
    four = log_of([5] * 4)
    assert judged(four, 4, replace(RULES, course=begins[4])).unjudged[HIGHER] is Unjudged.NO_BAND


def test_a_stricter_centile_asks_for_more_pain() -> None:
    """What lies between the 90th and the 97.5th centile depends on the clinic."""
    low, high = COURSE.centile(20, 8, 0.90), COURSE.centile(20, 8, 0.975)
    assert low is not None
    assert high is not None
    between = next(pain for pain in range(11) if low < pain <= high)
    log = log_of([3] * 10 + [between] * 11)

    assert found(judged(log, settings=P90_THREE), HIGHER) is not None
    strict = JudgementSettings(higher_chance=0.975, higher_days=3)
    assert found(judged(log, settings=strict), HIGHER) is None
    assert judged(log, settings=strict).standing is None


@pytest.mark.parametrize(
    ("level", "standing"), [(0, Standing.LOWER_OR_MIDDLE), (6, Standing.WIDE), (10, None)]
)
def test_a_standing_follows_the_week(level: int, standing: Standing | None) -> None:
    """In the middle half or lower, in the wide range, or nothing to be said."""
    strict = JudgementSettings(higher_chance=0.975, higher_days=7)
    log = log_of([level] * 4, start=17)

    assert judged(log, settings=strict).standing is standing


def test_a_run_above_the_band_is_its_own_standing() -> None:
    """The standing of that name is the rule's alone."""
    assert judged(log_of([10] * 20), settings=P90_THREE).standing is Standing.HIGHER


@pytest.mark.parametrize(
    ("baseline", "pains", "is_response"),
    [
        (8, [6] * 7, True),  # exactly 2 points
        (8, [6] * 6 + [7], False),  # a seventh of a point fewer, and 23 %
        (5, [3, 4, 3, 4], True),  # exactly 30 %, 1.5 points
        (5, [4, 4, 3, 3, 4, 3, 4], False),  # 28.6 %
        (10, [8] * 7, True),  # 2 points, 20 %
        (1, [0, 1, 1, 1], False),  # 25 %
        (1, [0, 0, 1, 1], True),
        (8, [9] * 7, False),
    ],
)
def test_two_points_or_thirty_per_cent(baseline: int, pains: list[int], is_response: bool) -> None:
    """Exactly either is a response; less than both is the reason."""
    log = log_of(pains, start=15 - len(pains), baseline=baseline)

    assert (found(judged(log, 14), NO_RESPONSE) is None) is is_response
    response = response_of(baseline, log.days)
    assert response is not None
    assert response.is_important is is_response


def test_the_milestone_is_silent_before_its_day_and_with_too_few_days() -> None:
    """Day 13 is too early; three days of seven are too few."""
    assert judged(log_of([8] * 14)).unjudged[NO_RESPONSE] is Unjudged.TOO_EARLY
    assert judged(log_of([8] * 3, start=12)).unjudged[NO_RESPONSE] is Unjudged.TOO_FEW
    assert found(judged(log_of([8] * 4, start=11)), NO_RESPONSE) is not None


@pytest.mark.parametrize("baseline", [None, 0])
def test_without_pain_before_nothing_can_have_gone_down(baseline: int | None) -> None:
    """A pain before that is not known, or none, is no yardstick."""
    judgement = judged(log_of([8] * 20, baseline=baseline))

    assert judgement.unjudged[NO_RESPONSE] is Unjudged.NO_BASELINE


def test_without_a_judging_day_no_response_is_told() -> None:
    """As after cancer procedures."""
    rules = replace(RULES, judging_day=None)

    assert judged(log_of([8] * 20), rules=rules).unjudged[NO_RESPONSE] is Unjudged.NO_STATUS


@pytest.mark.parametrize(("pod", "is_judged"), [(13, True), (16, True), (17, False)])
def test_a_week_may_have_ended_two_days_before(pod: int, is_judged: bool) -> None:
    """As long as its last days may still be reported; days 8 to 13 and no more are logged."""
    rules = replace(RULES, judging_day=13)
    log = log_of([8, 8, None, 8, None, 8], start=8)

    judgement = judged(log, pod, rules)
    assert (found(judgement, NO_RESPONSE) is not None) is is_judged
    assert (judgement.unjudged.get(NO_RESPONSE) is Unjudged.TOO_FEW) is not is_judged


def test_no_response_stays_until_there_is_one() -> None:
    """A late response ends it for good, and a relapse after a response does not begin it."""
    late = log_of([8] * 20 + [4] * 10 + [8] * 20)
    relapse = log_of([4] * 20 + [8] * 10)

    assert found(judged(late, 19), NO_RESPONSE) is not None
    assert found(judged(late, 29), NO_RESPONSE) is None
    assert found(judged(late, 49), NO_RESPONSE) is None
    assert found(judged(relapse, 29), NO_RESPONSE) is None


def test_a_milestone_missed_in_silence_is_judged_when_days_come() -> None:
    """The first week with enough days from the milestone on stands for it."""
    reason = found(judged(log_of([8] * 4, start=30)), NO_RESPONSE)

    assert reason is not None
    assert reason.values == {
        "baseline_nrs": 8,
        "milestone_nrs": 8.0,
        "now_nrs": 8.0,
        "better": 0.0,
        "percent": 0,
        "days": 4,
        "judging_day": 14,
    }


def test_states_of_a_response() -> None:
    """Half is substantial, below 4 is low; each at its exact boundary."""
    half = response_on(log_of([4] * 7), on(6))
    low = response_on(log_of([3, 4, 4, 4]), on(3))

    assert half is not None
    assert low is not None
    assert (half.is_important, half.is_substantial, half.is_low) == (True, True, False)
    assert (low.is_substantial, low.is_low, low.logged) == (True, True, 4)
    assert response_on(log_of([4] * 3), on(3)) is None
    assert response_of(None, [day(pod) for pod in range(7)]) is None
