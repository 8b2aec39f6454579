"""Silence, brace, medicine and warning signs: boundaries of each."""

from dataclasses import replace
from typing import Any

import pytest

from recovery.judgement.log import Log
from recovery.judgement.reasons import ReasonKind, Unjudged
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.silence import silent_from
from recovery.reports import PainMedicine
from tests.unit.judgement.logs import DAY_0, RULES, SETTINGS, day, found, judged, log_of, on

SILENCE, BRACE, MEDICINE = ReasonKind.SILENCE, ReasonKind.BRACE, ReasonKind.MEDICINE


@pytest.mark.parametrize(("pod", "is_found"), [(12, False), (13, True), (20, True)])
def test_silence_counts_from_the_last_report(pod: int, is_found: bool) -> None:
    """Three days after the report of day 10, and from then on."""
    reason = found(judged(log_of([3] * 11), pod), SILENCE)

    assert (reason is not None) is is_found
    if reason is not None:
        assert reason.values == {
            "days": pod - 10,
            "silence_days": 3,
            "last_day": on(10).isoformat(),
        }
        assert (reason.first_day, reason.last_day) == (on(11), on(pod))


def test_silence_from_the_procedure_on() -> None:
    """Who never reported is silent from the procedure's number of days on."""
    reason = found(judged(log_of([]), 3), SILENCE)

    assert reason is not None
    assert reason.values == {"days": 3, "silence_days": 3}
    assert judged(log_of([]), 2).unjudged[SILENCE] is Unjudged.TOO_EARLY


def test_silence_ends_with_the_days_that_are_expected() -> None:
    """After the clinic's last day nobody is asked to report; without a number, never."""
    settings = JudgementSettings(silence_until_day=30)

    assert found(judged(log_of([3] * 20), 30, settings=settings), SILENCE) is not None
    late = judged(log_of([3] * 20), 31, settings=settings)
    assert late.unjudged[SILENCE] is Unjudged.NOT_EXPECTED
    rules = replace(RULES, silence_days=None)
    assert judged(log_of([3] * 20), 30, rules).unjudged[SILENCE] is Unjudged.NOT_EXPECTED


@pytest.mark.parametrize("last_pod", [None, 0, 5, 86, 87, 88])
def test_the_day_silence_begins_is_the_first_on_which_it_is_found(last_pod: int | None) -> None:
    """What is told ahead is what the rule says when the day comes."""
    log = log_of([]) if last_pod is None else log_of([3], start=last_pod)
    last = None if last_pod is None else on(last_pod)
    expected = silent_from(last, DAY_0, RULES, SETTINGS)

    days = [on(pod) for pod in range(last_pod or 0, 120)]
    silent = [each for each in days if found(judged(log, (each - DAY_0).days), SILENCE)]
    assert expected == (silent[0] if silent else None)


def test_no_day_of_silence_where_no_report_is_expected() -> None:
    """As after a test block."""
    assert silent_from(None, DAY_0, replace(RULES, silence_days=None), SETTINGS) is None


@pytest.mark.parametrize(("worn", "is_found"), [(3.9, True), (4.0, False)])
def test_exactly_the_share_of_the_brace_is_enough(worn: float, is_found: bool) -> None:
    """Half of eight planned hours is four."""
    log = log_of([3] * 7, worn_hours=worn, planned_hours=8.0)

    assert (found(judged(log), BRACE) is not None) is is_found


def test_the_brace_needs_four_days_with_a_plan_and_an_answer() -> None:
    """An hour not answered is not an hour not worn."""
    worn: dict[str, Any] = {"worn_hours": 1.0, "planned_hours": 8.0}
    three = [day(pod, **(worn if pod > 3 else {"planned_hours": 8.0})) for pod in range(7)]
    four = [day(pod, **(worn if pod > 2 else {})) for pod in range(7)]

    log = Log(procedure_date=DAY_0, baseline_nrs=8, days=tuple(three))
    assert judged(log).unjudged[BRACE] is Unjudged.TOO_FEW
    reason = found(judged(replace(log, days=tuple(four))), BRACE)
    assert reason is not None
    assert (reason.first_day, reason.values["days"], reason.values["share"]) == (on(3), 4, 0.125)


def test_without_a_plan_nothing_is_said_of_a_brace() -> None:
    """Nor after the plan has ended."""
    ended = [day(pod, worn_hours=0.0, planned_hours=8.0 if pod < 5 else None) for pod in range(14)]
    log = Log(procedure_date=DAY_0, baseline_nrs=8, days=tuple(ended))

    assert judged(log_of([3] * 7)).unjudged[BRACE] is Unjudged.NO_PLAN
    assert judged(log).unjudged[BRACE] is Unjudged.NO_PLAN
    assert judged(replace(log, days=log.days[:4]), 20).unjudged[BRACE] is Unjudged.TOO_FEW


def _medicine(*weeks: tuple[PainMedicine | None, int | None]) -> Log:
    days = [
        day(1 + 7 * number + back, medicine=kind, medicine_times=times)
        for number, (kind, times) in enumerate(weeks)
        for back in range(7)
    ]
    return Log(procedure_date=DAY_0, baseline_nrs=8, days=tuple(days))


@pytest.mark.parametrize(
    ("before", "now", "is_found"),
    [
        (2, 4, True),  # two times more, twice as much
        (2, 3, False),  # a half more, but once a day
        (4, 6, True),  # two times more, and a half
        (5, 7, False),  # two times more, but less than a half
        (6, 2, False),  # less
        (0, 2, True),
    ],
)
def test_medicine_rises_by_times_and_by_a_half(before: int, now: int, is_found: bool) -> None:
    """Both are needed; taking less is never a reason."""
    log = _medicine((PainMedicine.PRESCRIBED, before), (PainMedicine.PRESCRIBED, now))

    assert (found(judged(log), MEDICINE) is not None) is is_found


@pytest.mark.parametrize(
    ("before", "now", "is_found"),
    [
        (PainMedicine.NONE, PainMedicine.PRESCRIBED, True),
        (PainMedicine.OVER_THE_COUNTER, PainMedicine.BOTH, True),
        (PainMedicine.PRESCRIBED, PainMedicine.BOTH, False),
        (PainMedicine.PRESCRIBED, PainMedicine.NONE, False),
        (PainMedicine.NONE, PainMedicine.OVER_THE_COUNTER, False),
    ],
)
def test_from_none_to_prescribed_is_a_rise(
    before: PainMedicine, now: PainMedicine, is_found: bool
) -> None:
    """Where nothing prescribed was taken before; how often does not matter then."""
    reason = found(judged(_medicine((before, None), (now, None))), MEDICINE)

    assert (reason is not None) is is_found
    if reason is not None:
        assert reason.values == {"how": "prescribed", "days": 7}


def test_three_days_of_prescribed_medicine_are_too_few() -> None:
    """Four of the last seven are asked for."""
    log = _medicine((PainMedicine.NONE, None), (PainMedicine.NONE, None))
    taken = [replace(each, medicine=PainMedicine.PRESCRIBED) for each in log.days]

    three, four = (replace(log, days=(*log.days[:-n], *taken[-n:])) for n in (3, 4))
    assert found(judged(three), MEDICINE) is None
    assert found(judged(four), MEDICINE) is not None


def test_medicine_is_silent_before_its_first_day_and_with_few_answers() -> None:
    """Two whole weeks must lie after the procedure, four answers in each."""
    none, many = (PainMedicine.NONE, None), (PainMedicine.PRESCRIBED, 9)
    log = _medicine(none, many)

    assert judged(log, 13).unjudged[MEDICINE] is Unjudged.TOO_EARLY
    assert found(judged(log, 14), MEDICINE) is not None
    late = replace(RULES, first_status_day=21)
    assert judged(log, 14, late).unjudged[MEDICINE] is Unjudged.TOO_EARLY
    assert judged(_medicine(none, (None, None))).unjudged[MEDICINE] is Unjudged.TOO_FEW
    assert judged(_medicine((None, None), many)).unjudged[MEDICINE] is Unjudged.TOO_FEW


def test_each_day_with_a_sign_is_a_reason_for_two_weeks() -> None:
    """The newest first; on the fifteenth day a sign is past."""
    log = log_of([3] * 10)
    signs = frozenset({"fever", "breathing"})
    days = tuple(
        replace(each, warning_signs=signs) if each.pod in (2, 5) else each for each in log.days
    )
    ticked = replace(log, days=days)

    reasons = [each for each in judged(ticked).reasons if each.kind is ReasonKind.WARNING_SIGN]
    assert [each.first_day for each in reasons] == [on(5), on(2)]
    assert reasons[0].last_day == on(5)
    assert reasons[0].values == {"signs": ["breathing", "fever"]}
    assert found(judged(ticked, 5 + 13), ReasonKind.WARNING_SIGN) is not None
    assert found(judged(ticked, 5 + 14), ReasonKind.WARNING_SIGN) is None
