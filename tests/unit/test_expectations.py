"""The documented course: what it refuses, where it is silent, and its band."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from recovery.expectations import Course, CoursePoint, SpreadPoint

A_POINT = CoursePoint(
    day=0, fraction=1.0, source_id="a_study", n=40, statistic="mean", how_read="abstract"
)
A_SPREAD = SpreadPoint(day=0, fraction=0.25, source_id="a_study", n=40, basis="SE x sqrt(n)")
A_COURSE = Course(
    id="a_course",
    name="A course",
    reference_baseline_nrs=8.0,
    reference_source_id="a_study",
    points=(
        A_POINT,
        replace(A_POINT, day=10, fraction=0.5),
        replace(A_POINT, day=30, fraction=0.4),
    ),
    spreads=(A_SPREAD, replace(A_SPREAD, day=20, fraction=0.3)),
    caveat="",
)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"points": ()}, "at least one point"),
        ({"points": (A_POINT, A_POINT)}, "days must rise"),
        ({"points": (replace(A_POINT, day=3), A_POINT)}, "days must rise"),
        ({"points": (replace(A_POINT, fraction=1.3),)}, "beyond 0-10"),
        ({"points": (replace(A_POINT, fraction=-0.1),)}, "beyond 0-10"),
        ({"points": (replace(A_POINT, fraction=float("nan")),)}, "beyond 0-10"),
        ({"points": (replace(A_POINT, source_id=""),)}, "needs a source"),
        ({"points": (replace(A_POINT, n=0),)}, "number of people"),
        ({"spreads": (A_SPREAD, A_SPREAD)}, "days must rise"),
        ({"spreads": (replace(A_SPREAD, source_id=""),)}, "needs a source"),
        ({"spreads": (replace(A_SPREAD, n=-1),)}, "number of people"),
        ({"spreads": (replace(A_SPREAD, fraction=2.0),)}, "beyond 0-10"),
        ({"reference_baseline_nrs": 0.0}, "pain before"),
        ({"reference_baseline_nrs": 10.1}, "pain before"),
        ({"reference_source_id": ""}, "needs a source"),
    ],
)
def test_a_course_that_cannot_be_drawn_is_refused(change: dict[str, object], problem: str) -> None:
    """A figure without source, people or order, or beyond the scale, makes no course."""
    with pytest.raises(ValueError, match=problem):
        replace(A_COURSE, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("baseline", [-1, 11])
def test_own_pain_beyond_the_scale_is_refused(baseline: int) -> None:
    """Pain before the procedure is a number from 0 to 10."""
    with pytest.raises(ValueError, match="from 0 to 10"):
        A_COURSE.mean(0, baseline)


@pytest.mark.parametrize("pod", [-1, 31, 1_000])
def test_nothing_is_drawn_outside_the_documented_days(pod: int) -> None:
    """A course is never extrapolated."""
    assert A_COURSE.mean(pod, 8) is None
    assert A_COURSE.limits(pod, 8) is None


def test_the_band_ends_where_the_spread_ends() -> None:
    """A mean without a documented spread is a line without a band."""
    assert A_COURSE.limits(20, 8) is not None
    assert A_COURSE.limits(21, 8) is None
    assert A_COURSE.mean(21, 8) is not None


def test_without_any_spread_there_is_a_line_and_no_band() -> None:
    """A course may have means alone."""
    bare = replace(A_COURSE, spreads=())

    assert bare.mean(10, None) == pytest.approx(4.0)
    assert bare.limits(10, None) is None


@pytest.mark.parametrize("baseline", [0, 10])
def test_no_band_at_an_end_of_the_scale(baseline: int) -> None:
    """A mean of 0 or 10 leaves no room for people to differ."""
    assert A_COURSE.mean(0, baseline) == baseline
    assert A_COURSE.limits(0, baseline) is None


def test_no_band_where_the_spread_does_not_fit_the_scale() -> None:
    """A spread too wide for its mean is not drawn rather than cut off."""
    wide = replace(A_COURSE, spreads=(replace(A_SPREAD, fraction=0.6),))

    assert wide.mean(0, 9) == 9
    assert wide.limits(0, 9) is None


def test_no_mean_beyond_the_scale() -> None:
    """A flare documented in people with less pain is not drawn above 10."""
    flare = replace(A_COURSE, reference_baseline_nrs=5.0, points=(replace(A_POINT, fraction=1.5),))

    assert flare.mean(0, 5) == 7.5
    assert flare.mean(0, 8) is None
    assert flare.limits(0, 8) is None


def test_a_single_point_is_drawn_on_its_day_alone() -> None:
    """One documented day says nothing about the next."""
    single = replace(A_COURSE, points=(replace(A_POINT, day=30),), spreads=())

    assert (single.first_day, single.last_day) == (30, 30)
    assert single.mean(30, 6) == 6
    assert single.mean(29, 6) is None
    assert single.mean(31, 6) is None


def test_between_documented_days_the_line_is_straight() -> None:
    """Half-way between two days lies half-way between their means."""
    assert A_COURSE.mean(5, 8) == pytest.approx(8 * 0.75)
    assert A_COURSE.mean(20, 8) == pytest.approx(8 * 0.45)


def test_the_curve_is_scaled_to_own_pain() -> None:
    """Half the pain before means half the documented pain after."""
    assert A_COURSE.mean(10, 4) == pytest.approx(2.0)
    assert A_COURSE.mean(10, None) == A_COURSE.mean(10, 8)


@given(pod=st.integers(0, 20), baseline=st.one_of(st.none(), st.integers(1, 9)))
def test_centiles_agree_with_scipy(pod: int, baseline: int | None) -> None:
    """The band is the Beta distribution with the documented mean and spread."""
    limits = A_COURSE.limits(pod, baseline)
    assert limits is not None
    before = 8.0 if baseline is None else baseline
    share, deviation = limits.mean / 10, before * (0.25 + 0.05 * pod / 20) / 10
    certainty = share * (1 - share) / deviation**2 - 1
    expected = stats.beta(share * certainty, (1 - share) * certainty)

    found = (limits.p10, limits.p25, limits.p75, limits.p90)
    assert found == pytest.approx(10 * expected.ppf([0.1, 0.25, 0.75, 0.9]), abs=1e-6)


@given(
    pod=st.integers(-400, 800),
    baseline=st.one_of(st.none(), st.integers(0, 10)),
    fraction=st.floats(0.01, 1.2),
    deviation=st.floats(0.01, 0.6),
)
def test_a_band_is_ordered_and_stays_on_the_scale(
    pod: int, baseline: int | None, fraction: float, deviation: float
) -> None:
    """Whatever is documented, a band never leaves 0-10 or crosses itself."""
    course = replace(
        A_COURSE,
        points=(replace(A_POINT, fraction=fraction), replace(A_POINT, day=365, fraction=0.3)),
        spreads=(replace(A_SPREAD, fraction=deviation), replace(A_SPREAD, day=365)),
    )

    limits = course.limits(pod, baseline)

    assert limits is None or 0 <= pod <= 365
    if limits is not None:
        assert 0 <= limits.p10 <= limits.p25 <= limits.p75 <= limits.p90 <= 10
        assert 0 < limits.mean < 10


@pytest.mark.parametrize("pod", [0, 5, 20])
def test_a_centile_is_the_one_of_the_band(pod: int) -> None:
    """Any centile lies where the band of the same day would have it."""
    limits = A_COURSE.limits(pod, 7)

    assert limits is not None
    assert A_COURSE.centile(pod, 7, 0.75) == pytest.approx(limits.p75)
    assert A_COURSE.centile(pod, 7, 0.90) == pytest.approx(limits.p90)
    higher = A_COURSE.centile(pod, 7, 0.975)
    assert higher is not None
    assert limits.p90 < higher <= 10


def test_there_is_no_centile_without_a_band() -> None:
    """Outside the documented days, without spreads, and where they do not fit the scale."""
    assert A_COURSE.centile(21, 7, 0.95) is None
    assert replace(A_COURSE, spreads=()).centile(5, 7, 0.95) is None
    assert A_COURSE.centile(0, 10, 0.95) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        A_COURSE.centile(5, 7, 1.0)
