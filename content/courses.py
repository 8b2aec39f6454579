"""Documented courses of pain: a curve, its spread, and their words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from content.documents import Document, Shape, read_yaml
from content.sources import Sources, Words, require_source
from recovery.expectations import Course, CoursePoint, SpreadPoint

COURSE_FILE = "course.yaml"

_Nrs = Annotated[float, Field(ge=0, le=10)]
_NrsBefore = Annotated[float, Field(gt=0, le=10)]
# No distribution on a scale from 0 to 10 spreads wider than 5.
_Deviation = Annotated[float, Field(gt=0, le=5)]


class _BaselineShape(Shape):
    mean: _NrsBefore
    source: Words


class _FigureShape(Shape):
    day: Annotated[int, Field(ge=0)]
    n: Annotated[int, Field(gt=0)]
    source: Words
    status: Literal["read"]


class _PointShape(_FigureShape):
    mean: _Nrs
    statistic: Words
    how_read: Words


class _SpreadShape(_FigureShape):
    sd: _Deviation
    baseline_mean: _NrsBefore
    basis: Words


class _CourseShape(Shape):
    baseline: _BaselineShape
    points: Annotated[tuple[_PointShape, ...], Field(min_length=1)]
    spreads: tuple[_SpreadShape, ...]


def read_course(path: Path, known: Sources, *, name: str, caveat: str) -> Course:
    """
    Read a course; its id is the name of its folder.

    Args:
        path: A ``course.yaml``.
        known: The sources that it may name.
        name: What it is called, in the reader's language.
        caveat: What the reader must know beside the curve.

    Raises:
        ContentError: If a figure has no known source, lies beyond the scale, was not
            read in its source, or stands out of order.
    """
    document = read_yaml(path, _CourseShape)
    shape = document.value
    require_source(document, ("baseline", "source"), shape.baseline.source, known)
    _check_points(document, "points", shape.points, known)
    _check_points(document, "spreads", shape.spreads, known)
    return Course(
        id=path.parent.name,
        name=name,
        reference_baseline_nrs=shape.baseline.mean,
        reference_source_id=shape.baseline.source,
        points=tuple(_point(point, shape.baseline.mean) for point in shape.points),
        spreads=tuple(_spread(spread) for spread in shape.spreads),
        caveat=caveat,
    )


def _check_points(
    document: Document[_CourseShape],
    key: str,
    points: Sequence[_FigureShape],
    known: Sources,
) -> None:
    previous = -1
    for position, point in enumerate(points):
        require_source(document, (key, position, "source"), point.source, known)
        if point.day == previous:
            raise document.problem(
                (key, position, "day"), f"day {point.day} stands twice", "Keep one of them."
            )
        if point.day < previous:
            raise document.problem(
                (key, position, "day"),
                f"day {point.day} comes after day {previous}",
                "Put the days in rising order.",
            )
        previous = point.day


def _point(shape: _PointShape, baseline_mean: float) -> CoursePoint:
    return CoursePoint(
        day=shape.day,
        fraction=shape.mean / baseline_mean,
        source_id=shape.source,
        n=shape.n,
        statistic=shape.statistic,
        how_read=shape.how_read,
    )


def _spread(shape: _SpreadShape) -> SpreadPoint:
    return SpreadPoint(
        day=shape.day,
        fraction=shape.sd / shape.baseline_mean,
        source_id=shape.source,
        n=shape.n,
        basis=shape.basis,
    )
