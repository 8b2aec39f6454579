"""Cohort counts: they add up, percentiles are the known ones, and few people are never told."""

from collections import Counter
from statistics import median_grouped

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.cohorts import (
    LAST_POD,
    MIN_PATIENTS,
    PERCENTS,
    changes_between,
    cohort_days,
    counted,
    percentile,
    scores_of,
    series_of,
    told,
)

logs = st.dictionaries(st.integers(0, 40), st.integers(0, 10)).map(lambda log: list(log.items()))
groups = st.lists(logs.map(series_of), max_size=40)


def test_nobody_makes_no_curve() -> None:
    """Without reports there is no day to tell about."""
    assert cohort_days(counted([])) == []
    assert cohort_days(counted(["", "..."])) == []


@pytest.mark.parametrize(("people", "is_shown"), [(19, False), (20, True)])
def test_a_day_is_told_from_twenty_people_up(people: int, *, is_shown: bool) -> None:
    """One day with enough people stands beside days with too few, which are left out."""
    days = cohort_days(counted(["5"] * people + [".7"] * 3))

    assert [(day.pod, day.n) for day in days] == ([(0, people)] if is_shown else [])


@pytest.mark.parametrize(
    ("numbers", "percent", "expected"),
    [
        ([0, 4, 0], 50, 1.0),
        ([0, 4, 0], 25, 0.75),
        ([1, 1], 50, 0.5),
        ([1, 0, 0, 1], 50, 1.5),
        ([10, 0, 10], 25, 0.0),
        ([0, 0, 20], 90, 2.0),
        ([0, 3, 1], 50, 0.5 + 2 / 3),
        ([20, 0], 90, 0.4),
    ],
)
def test_percentiles_of_hand_made_counts(numbers: list[int], percent: int, expected: float) -> None:
    """Those who said 1 are spread from 0.5 to 1.5; nothing leaves the scale."""
    assert percentile(numbers, percent) == pytest.approx(expected)


def test_a_percentile_of_nothing_is_a_mistake() -> None:
    """Nobody asks for the middle of no values."""
    with pytest.raises(ValueError, match="at least one"):
        percentile([0, 0], 50)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=61).filter(lambda each: len(each) % 2))
def test_the_median_is_the_known_one_of_grouped_data(scores: list[int]) -> None:
    """Python's own median of grouped data, cut to the scale, from the values themselves."""
    numbers = [scores.count(score) for score in range(11)]

    assert percentile(numbers, 50) == pytest.approx(min(10, max(0, median_grouped(scores))))


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60), st.sampled_from(PERCENTS))
def test_a_percentile_lies_within_half_a_point_of_the_scores_at_its_place(
    scores: list[int], percent: int
) -> None:
    """NumPy's scores below and above the same place bound it."""
    numbers = [scores.count(score) for score in range(11)]
    low, high = (
        float(np.quantile(scores, percent / 100, method=method))
        for method in ("inverted_cdf", "averaged_inverted_cdf")
    )

    assert low - 0.5 <= percentile(numbers, percent) <= max(high, 2 * high - low) + 0.5


@given(groups, groups)
def test_counts_of_two_groups_add_up(first: list[str], second: list[str]) -> None:
    """Merging counts is counting together."""
    assert counted(first) + counted(second) == counted(first + second)


@given(groups, logs, logs)
def test_a_change_of_one_person_is_added_as_a_difference(
    others: list[str],
    before: list[tuple[int, int]],
    after: list[tuple[int, int]],
) -> None:
    """What a save adds leads to the counts that counting anew would give."""
    old, new = series_of(before), series_of(after)
    counts = counted([*others, old])
    counts.update(changes_between(old, new))

    assert Counter({key: number for key, number in counts.items() if number}) == counted(
        [*others, new]
    )
    assert list(changes_between(old, new)) == sorted(changes_between(old, new))


@given(logs)
def test_a_series_says_what_was_logged(log: list[tuple[int, int]]) -> None:
    """Every day with its score comes back, and no other."""
    assert list(scores_of(series_of(log))) == sorted(log)


def test_days_outside_the_counted_ones_are_left_out() -> None:
    """Neither a day before the procedure nor one after a year."""
    assert series_of([(-1, 3), (LAST_POD + 1, 4)]) == ""
    assert len(series_of([(LAST_POD, 10)])) == LAST_POD + 1


@given(groups)
def test_bands_are_ordered_and_stay_on_the_scale(group: list[str]) -> None:
    """From the 10th percentile to the 90th, within 0 and 10, never of fewer than twenty."""
    for day in cohort_days(counted(group)):
        assert 0 <= day.p10 <= day.p25 <= day.p50 <= day.p75 <= day.p90 <= 10
        assert day.n >= MIN_PATIENTS


@pytest.mark.parametrize(
    ("count", "out_of", "expected"),
    [
        (10, 19, None),
        (10, 20, 10),
        (0, 20, 0),
        (20, 20, 20),
        (4, 20, None),
        (5, 20, 5),
        (16, 20, None),
        (15, 20, 15),
    ],
)
def test_small_counts_are_not_told(count: int, out_of: int, expected: int | None) -> None:
    """Neither a small number nor one whose rest is small; none and all may be told."""
    assert told(count, out_of) == expected
