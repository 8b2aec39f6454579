"""The percentile that load is told by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.medians import percentile


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1.0), (0.5, 2.0), (0.51, 3.0), (0.95, 4.0), (1.0, 4.0)]
)
def test_the_nearest_rank_is_returned(share: float, expected: float) -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], share) == expected


@given(
    st.lists(st.floats(0, 1e6), min_size=1).map(sorted),
    st.floats(0, 1),
)
def test_at_least_the_share_lies_at_or_below_it(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(each <= found for each in values) >= share * len(values) - 1e-6
