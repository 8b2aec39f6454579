"""Beta quantiles against an independent implementation."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from recovery.beta import cumulative, matched_shapes, quantiles

shapes = st.floats(0.05, 50)


@pytest.mark.parametrize(("a", "b"), [(0, 1), (1, 0), (-1, 1), (float("nan"), 1)])
def test_a_shape_that_is_not_positive_is_refused(a: float, b: float) -> None:
    """No Beta distribution has such a shape."""
    with pytest.raises(ValueError, match="above 0"):
        quantiles((0.5,), a, b)
    with pytest.raises(ValueError, match="above 0"):
        cumulative(0.5, a, b)


@pytest.mark.parametrize("chance", [0, 1, -0.1, 1.1, float("nan")])
def test_a_chance_beyond_its_range_is_refused(chance: float) -> None:
    """A quantile exists for chances strictly between 0 and 1."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantiles((chance,), 2, 3)


@pytest.mark.parametrize("x", [-0.1, 1.1, float("nan")])
def test_a_value_beyond_the_scale_is_refused(x: float) -> None:
    """The distribution lives from 0 to 1."""
    with pytest.raises(ValueError, match="from 0 to 1"):
        cumulative(x, 2, 3)


def test_the_ends_of_the_scale_are_exact() -> None:
    """Nothing lies below 0 and nothing above 1."""
    assert cumulative(0, 2, 3) == 0
    assert cumulative(1, 2, 3) == 1


@given(x=st.floats(0, 1), a=shapes, b=shapes)
def test_the_distribution_agrees_with_scipy(x: float, a: float, b: float) -> None:
    """The chance of a value up to x is right to ten digits."""
    assert cumulative(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-10)


@given(chance=st.floats(0.001, 0.999), a=shapes, b=shapes)
def test_quantiles_agree_with_scipy(chance: float, a: float, b: float) -> None:
    """A quantile is right far beyond what a chart can show."""
    (found,) = quantiles((chance,), a, b)

    assert found == pytest.approx(stats.beta.ppf(chance, a, b), abs=1e-7)


@given(mean=st.floats(0.01, 0.99), deviation=st.floats(0.01, 0.49))
def test_matched_shapes_have_the_mean_and_the_deviation(mean: float, deviation: float) -> None:
    """The distribution that is drawn has the documented mean and spread."""
    found = matched_shapes(mean, deviation)
    assume(found is not None)
    assert found is not None

    assert stats.beta.mean(*found) == pytest.approx(mean)
    assert stats.beta.std(*found) == pytest.approx(deviation)


@pytest.mark.parametrize(("mean", "deviation"), [(0, 0.1), (1, 0.1), (0.5, 0), (0.5, 0.5)])
def test_no_shapes_fit_an_impossible_spread(mean: float, deviation: float) -> None:
    """At the ends of the scale, without spread or with too much, there is no distribution."""
    assert matched_shapes(mean, deviation) is None


@given(
    mean=st.floats(0.02, 0.98),
    deviation=st.floats(0.0005, 0.01),
    chance=st.sampled_from([0.1, 0.25, 0.75, 0.9]),
)
def test_quantiles_of_narrow_distributions_agree_with_scipy(
    mean: float, deviation: float, chance: float
) -> None:
    """A spread of a hundredth of a point is found too, however far the first guess lies."""
    found = matched_shapes(mean, deviation)
    assert found is not None

    (quantile,) = quantiles((chance,), *found)

    assert quantile == pytest.approx(stats.beta.ppf(chance, *found), abs=1e-7)
