"""What is documented about pain after a procedure, and the band drawn from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from recovery.beta import matched_shapes, quantiles
from recovery.reports import NRS_MAX, NRS_MIN

BAND_CHANCES = (0.10, 0.25, 0.75, 0.90)
"""The centiles of a band: the outer band from 10 to 90, the inner from 25 to 75."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """
    Where a figure was read.

    Attributes:
        id: Short name that content files refer to.
        citation: Enough to find it again, with or without ``doi``, ``pmid`` and ``url``.
        read_on: The day somebody read it for Mendline.
        place: Where inside the source; empty when it is one page.
    """

    id: str
    citation: str
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    place: str = ""
    read_on: date

    @property
    def address(self) -> str | None:
        """Where to read it: the lasting address when there is one."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePoint:
    """
    A documented mean of *n* people.

    Attributes:
        day: Post-procedure day; 0 stands for the value before the procedure.
        fraction: Mean pain as a fraction of the same study's mean pain before.
        source_id: Where it was read.
        statistic: What it is, such as ``mean``.
        how_read: How the figure was taken from the source.
    """

    day: int
    fraction: float
    source_id: str
    n: int
    statistic: str
    how_read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadPoint:
    """
    A documented spread between *n* people; days and sources as in ``CoursePoint``.

    Attributes:
        fraction: Standard deviation as a fraction of the same study's mean pain before.
        basis: How the standard deviation follows from what was read.
    """

    day: int
    fraction: float
    source_id: str
    n: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BandLimits:
    """The documented mean of one day and the centiles around it, all NRS 0-10."""

    mean: float
    p10: float
    p25: float
    p75: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """
    The documented course of pain after a procedure.

    Means and spreads are scaled to the person's own pain before the procedure and
    interpolated in a straight line between documented days, never beyond them.

    Attributes:
        reference_baseline_nrs: The study's mean pain before, above 0 and up to 10; used
            for a person whose own is not known.
        reference_source_id: Where that was read.
        points: Means, by day.
        spreads: Spreads, by day; empty when none is documented, and then there is no band.
        caveat: What the reader must know beside the curve.
    """

    id: str
    name: str
    reference_baseline_nrs: float
    reference_source_id: str
    points: tuple[CoursePoint, ...]
    spreads: tuple[SpreadPoint, ...] = ()
    caveat: str

    def __post_init__(self) -> None:
        """Refuse a course that cannot be drawn or traced, with a ValueError."""
        if not NRS_MIN < self.reference_baseline_nrs <= NRS_MAX:
            raise ValueError("the pain before must lie above 0 and up to 10")
        if not self.reference_source_id:
            raise ValueError("the pain before needs a source")
        if not self.points:
            raise ValueError("a course needs at least one point")
        _check(self.points, self.reference_baseline_nrs)
        _check(self.spreads, self.reference_baseline_nrs)

    @property
    def first_day(self) -> int:
        """First post-procedure day with a documented mean."""
        return self.points[0].day

    @property
    def last_day(self) -> int:
        """Last post-procedure day with a documented mean."""
        return self.points[-1].day

    def mean(self, pod: int, baseline_nrs: int | None) -> float | None:
        """
        Return the documented mean pain (NRS 0-10) on a day.

        Args:
            pod: Post-procedure day.
            baseline_nrs: The person's own pain before, NRS 0-10; None when not known.

        Returns:
            None outside the documented days, and where scaling leaves the scale.

        Raises:
            ValueError: If *baseline_nrs* lies outside 0-10.
        """
        fraction = _interpolated(self.points, pod)
        if fraction is None:
            return None
        mean = self._baseline(baseline_nrs) * fraction
        return mean if mean <= NRS_MAX else None

    def limits(self, pod: int, baseline_nrs: int | None) -> BandLimits | None:
        """
        Return the documented mean and centiles (NRS 0-10) on a day, asked as for ``mean``.

        Returns:
            None on a day outside the documented means or spreads, and where mean and
            spread cannot belong to one distribution on a scale from 0 to 10.
        """
        mean = self.mean(pod, baseline_nrs)
        spread = _interpolated(self.spreads, pod)
        if mean is None or spread is None:
            return None
        return _limits(mean, self._baseline(baseline_nrs) * spread)

    def centile(self, pod: int, baseline_nrs: int | None, chance: float) -> float | None:
        """
        Return the pain (NRS 0-10) that a documented share of people stays under on a day.

        Args:
            pod: Post-procedure day.
            baseline_nrs: As for ``mean``.
            chance: The share, above 0 and below 1.

        Returns:
            None where ``limits`` says None.

        Raises:
            ValueError: If *baseline_nrs* or *chance* is out of range.
        """
        mean = self.mean(pod, baseline_nrs)
        spread = _interpolated(self.spreads, pod)
        if mean is None or spread is None:
            return None
        return _centile(mean, self._baseline(baseline_nrs) * spread, chance)

    def _baseline(self, baseline_nrs: int | None) -> float:
        if baseline_nrs is None:
            return self.reference_baseline_nrs
        if not NRS_MIN <= baseline_nrs <= NRS_MAX:
            raise ValueError("the pain before must lie from 0 to 10")
        return float(baseline_nrs)


def _check(points: Sequence[CoursePoint | SpreadPoint], baseline_nrs: float) -> None:
    if any(later.day <= earlier.day for earlier, later in pairwise(points)):
        raise ValueError("days must rise from point to point")
    for point in points:
        if not point.source_id:
            raise ValueError(f"the point of day {point.day} needs a source")
        if point.n <= 0:
            raise ValueError(f"the point of day {point.day} needs the number of people")
        if not NRS_MIN <= baseline_nrs * point.fraction <= NRS_MAX:
            raise ValueError(f"the point of day {point.day} lies beyond 0-10")


def _interpolated(points: Sequence[CoursePoint | SpreadPoint], pod: int) -> float | None:
    if points and pod == points[0].day:
        return points[0].fraction
    for earlier, later in pairwise(points):
        if earlier.day < pod <= later.day:
            share = (pod - earlier.day) / (later.day - earlier.day)
            return earlier.fraction + share * (later.fraction - earlier.fraction)
    return None


# Keyed by figures of the scale alone, so nothing about a person is kept.
@lru_cache(maxsize=8_192)
def _limits(mean: float, deviation: float) -> BandLimits | None:
    shapes = matched_shapes(mean / NRS_MAX, deviation / NRS_MAX)
    if shapes is None:
        return None
    p10, p25, p75, p90 = (NRS_MAX * share for share in quantiles(BAND_CHANCES, *shapes))
    return BandLimits(mean=mean, p10=p10, p25=p25, p75=p75, p90=p90)


@lru_cache(maxsize=8_192)
def _centile(mean: float, deviation: float, chance: float) -> float | None:
    shapes = matched_shapes(mean / NRS_MAX, deviation / NRS_MAX)
    return None if shapes is None else NRS_MAX * quantiles((chance,), *shapes)[0]
