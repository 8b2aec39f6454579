"""The simulator: it counts right, and the rules that ship do what its table says."""

import json
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.judgement.command import FIGURES, MARKDOWN
from benchmarks.judgement.diaries import diary, documented_course
from benchmarks.judgement.equal import compared
from benchmarks.judgement.findings import WHOLE, opened_by
from benchmarks.judgement.oracle import oracle_evidence
from benchmarks.judgement.people import CELLS, DAYS, Cell, Truth, draw_person, noise, responds
from benchmarks.judgement.rates import alarms, days_to_alert, found, lead, share
from benchmarks.judgement.trial import SHIPPED, Trial, alert_days, run
from recovery.judgement.opening import openings
from recovery.judgement.reasons import Judgement, Reason, ReasonKind
from tests.unit.judgement.logs import UNHURRIED, on

CELL = Cell(1.1, 0.3)


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    """A few people of one cell."""
    jobs = [(CELL, Truth.ORDINARY, seed) for seed in range(100, 125)]
    jobs += [(CELL, Truth.JUMP_3, seed) for seed in range(100, 115)]
    return [run(job) for job in jobs]


def test_the_rules_that_ship_find_and_do_not_cry_wolf(trials: list[Trial]) -> None:
    """Far from the figures of the table, so that only a broken rule fails here."""
    calm, risen = trials[:25], trials[25:]

    assert found(risen, opened_by(WHOLE)).value >= 0.75
    assert sum(len(each.all_opened()) for each in calm) <= 10
    assert found(risen, opened_by("change")).value >= 0.6


def test_a_run_is_the_same_every_time() -> None:
    """The seed alone decides."""
    assert run((CELL, Truth.RELAPSE, 5)) == run((CELL, Truth.RELAPSE, 5))
    assert run((CELL, Truth.RELAPSE, 5)) != run((CELL, Truth.RELAPSE, 6))


def test_the_oracle_is_not_given_more_false_alarms(trials: list[Trial]) -> None:
    """It has at most as many as the rule it is compared with."""
    lines = compared(trials)

    assert len(lines) >= 8
    for line in lines:
        assert line.oracle_false_alarms.value <= line.false_alarms.value


def test_the_oracle_sees_a_rise_and_nothing_in_calm_days() -> None:
    """Below nought before a rise, far above it a week after."""
    dice = Random(4)
    person = draw_person(Cell(0.8, 0.3), Truth.JUMP_3, dice)
    evidence = oracle_evidence(person, diary(person, dice).days)
    before = [value for pod, value in evidence.items() if pod < person.starts]
    after = [value for pod, value in evidence.items() if pod > person.starts + 6]

    assert max(before) < 4 < max(after)
    assert min(evidence) >= 21


@UNHURRIED
@given(st.integers(0, 10_000))
def test_an_ordinary_person_truly_responds(seed: int) -> None:
    """Nobody who is flagged rightly counts as a false alarm."""
    person = draw_person(CELL, Truth.ORDINARY, Random(seed))

    assert responds(person.baseline_nrs, person.level)
    assert person.level == person.usual
    assert all(0 <= each <= 10 for each in person.usual)


@pytest.mark.parametrize("truth", [truth for truth in Truth if truth is not Truth.ORDINARY])
def test_what_is_true_begins_when_it_says(truth: Truth) -> None:
    """The days before are as if nothing happened."""
    person = draw_person(CELL, truth, Random(1))

    assert person.level[: person.starts] == person.usual[: person.starts]
    if truth in (Truth.JUMP_3, Truth.JUMP_2, Truth.EARLY_JUMP, Truth.SLOW, Truth.RELAPSE):
        assert person.level[-1] > person.usual[-1] + 1.5


def test_noise_has_the_spread_and_the_waves_it_says() -> None:
    """Of very many days."""
    dice = Random(2)
    drawn = [noise(Cell(1.6, 0.5), dice) for _ in range(300)]
    flat = [each for row in drawn for each in row]
    pairs = [a * b for row in drawn for a, b in pairwise(row)]
    variance = sum(each * each for each in flat) / len(flat)

    assert variance == pytest.approx(1.6**2, rel=0.05)
    assert sum(pairs) / len(pairs) / variance == pytest.approx(0.5, abs=0.03)


def test_the_documented_course_is_that_of_the_people() -> None:
    """It falls from 8 to about 3.5 and has a band on every day judged."""
    course = documented_course()
    first, last = course.mean(0, 8), course.mean(90, 8)

    assert first is not None
    assert last is not None
    assert first == pytest.approx(7.9, abs=0.2)
    assert last == pytest.approx(3.4, abs=0.2)
    assert all(course.limits(pod, 8) for pod in range(3, DAYS - 1))


@UNHURRIED
@given(st.lists(st.sampled_from([True, False, None]), max_size=60))
def test_sweeps_open_as_alerts_do(said: list[bool | None]) -> None:
    """The quick way to count is the rule of the app; None is a day not judged."""
    kind = ReasonKind.CHANGE
    judgements = [
        Judgement(
            as_of=on(pod),
            reasons=(Reason(kind=kind, first_day=on(pod), last_day=on(pod)),) if holds else (),
        )
        for pod, holds in enumerate(said)
        if holds is not None
    ]
    quick = alert_days({pod: holds for pod, holds in enumerate(said) if holds is not None})

    assert quick == [(each.day - on(0)).days for each in openings(judgements)]


def test_figures_are_counted_by_hand() -> None:
    """Two people, three alerts, and a known Wilson interval."""
    early = Trial(CELL, Truth.JUMP_3, 30, {"change": [10, 33]})
    late = Trial(CELL, Truth.JUMP_3, 30, {"change": [38], "plain_high": [1]})
    change = opened_by("change")

    assert alarms([early, late], change).value == pytest.approx(100 * 1.5 / (91 / 30.44))
    assert found([early, late], change).value == 0.5
    assert days_to_alert([early, late], change) == 5.5
    assert lead([early, late], change) == pytest.approx((30 - 33 + 30 - 38) / 2)
    assert early.all_opened() == [10, 33]
    half = share([True] * 5 + [False] * 5)
    assert (half.low, half.high) == pytest.approx((0.2366, 0.7634), abs=0.001)
    assert alarms([Trial(CELL, Truth.ORDINARY, 0, {})], change).high > 0
    assert days_to_alert([], change) is None
    assert lead([], change) is None


def test_what_was_written_is_of_the_thresholds_that_ship() -> None:
    """Whoever changes a default writes the table again."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))

    assert figures["settings"] == SHIPPED.to_json()
    assert {each["rule"] for each in figures["aimed"]["choices"] if each["ships"]} == {
        "change",
        "worse_again",
        "higher",
        "silence",
        "medicine",
        "brace",
    }
    assert figures["date"] in MARKDOWN.read_text(encoding="utf-8")
    assert len(CELLS) == 9
