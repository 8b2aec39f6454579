"""Course files: what the loader refuses, naming file and line, and what ships."""

from math import sqrt
from pathlib import Path

import pytest

from content.courses import load_course, read_course
from content.errors import ContentError
from content.procedures import course_for, find_procedure, procedures
from content.sources import sources

GOOD = """\
name: A course
caveat: One study.
baseline:
  mean: 8.7
  source: evolve
points:
  - day: 0
    mean: 8.7
    n: 350
    statistic: mean
    source: evolve
    status: read
    how_read: Read.
  - day: 7
    mean: 3.5
    n: 350
    statistic: mean
    source: evolve
    status: read
    how_read: Read.
spreads:
  - day: 0
    sd: 1.9
    baseline_mean: 7.6
    n: 40
    source: vertos5
    status: read
    basis: Interval.
"""


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a_course.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("    source: evolve\n    status", "    status", 7, "source"),
        ("    source: evolve\n    status", "    source: ''\n    status", 11, "source"),
        ("    source: evolve\n    status", "    source: hearsay\n    status", 11, "not known"),
        ("  source: evolve\npoints", "  source: hearsay\npoints", 5, "not known"),
        ("source: vertos5", "source: hearsay", 26, "not known"),
        ("mean: 3.5", "mean: 10.1", 15, "less than or equal to 10"),
        ("mean: 3.5", "mean: -0.1", 15, "greater than or equal to 0"),
        ("mean: 3.5", "mean: .nan", 15, "number"),
        ("mean: 3.5", "mean: '3.5'", 15, "number"),
        ("sd: 1.9", "sd: 5.1", 23, "less than or equal to 5"),
        ("sd: 1.9", "sd: 0", 23, "greater than 0"),
        ("n: 40", "n: 0", 25, "greater than 0"),
        ("day: 7", "day: 0", 14, "stands twice"),
        ("- day: 0\n    mean", "- day: 9\n    mean", 14, "comes after day 9"),
        ("day: 7", "day: -7", 14, "greater than or equal to 0"),
        ("day: 7", "day: 7.5", 14, "integer"),
        ("status: read", "status: recalled", 12, "read"),
        ("status: read\n    basis", "status: assumed\n    basis", 27, "read"),
        ("status: read\n    basis", "status:\n    basis", 27, "read"),
        ("name: A course", "nmae: A course", 1, "name"),
        ("    statistic: mean", "    statistic: mean\n    mood: good", 11, "mood"),
        ("    how_read: Read.\nspreads", "    how_read: Read.\n    day: 8\nspreads", 21, "twice"),
        ("name: A course", "name: [A course", 2, "not YAML"),
    ],
)
def test_a_broken_figure_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, problem: str
) -> None:
    """The error names the file, the line and what to do."""
    assert old in GOOD
    path = _written(tmp_path, GOOD.replace(old, new, 1))

    with pytest.raises(ContentError, match=problem) as refused:
        read_course(path)

    assert refused.value.line == line
    assert str(refused.value).startswith(f"a_course.yaml, line {line}: ")
    assert refused.value.remedy
    assert str(refused.value).endswith(refused.value.remedy)


@pytest.mark.parametrize("text", ["", "# nothing\n", "just words\n", "- a list\n", "a: \x01\n"])
def test_a_file_that_is_no_course_is_refused(tmp_path: Path, text: str) -> None:
    """An empty file, or one of another kind, is refused in words."""
    with pytest.raises(ContentError, match="line 1"):
        read_course(_written(tmp_path, text))


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """Content is UTF-8, so that every language can be written."""
    path = tmp_path / "a_course.yaml"
    path.write_bytes("name: Käse".encode("latin-1"))

    with pytest.raises(ContentError, match="UTF-8"):
        read_course(path)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """Fractions follow from the means; the id is the name of the file."""
    course = read_course(_written(tmp_path, GOOD))

    assert course.id == "a_course"
    assert [point.fraction for point in course.points] == [1.0, 3.5 / 8.7]
    assert course.spreads[0].fraction == 1.9 / 7.6


def test_every_figure_that_ships_has_a_source_with_an_address() -> None:
    """A reader can go and look."""
    for course in (load_course("augmentation"), load_course("kyphoplasty")):
        cited = {point.source_id for point in course.points}
        cited |= {spread.source_id for spread in course.spreads}
        assert all(sources()[source_id].url for source_id in cited)


@pytest.mark.parametrize("course_id", ["augmentation", "kyphoplasty"])
def test_the_means_are_the_published_changes(course_id: str) -> None:
    """Each mean is the pain before, 8.7, less the change that the abstract gives."""
    course = load_course(course_id)
    changes = {0: 0.0, 7: 5.2, 30: 5.4, 90: 6.0, 180: 6.2, 365: 6.3}

    assert {point.day: point.n for point in course.points} == dict.fromkeys(changes, 350) | {
        365: 260
    }
    for day, change in changes.items():
        assert course.mean(day, None) == pytest.approx(8.7 - change)


def test_the_spreads_follow_from_the_published_intervals() -> None:
    """Each spread is what its interval or standard error says, to one decimal."""
    spreads = {spread.day: spread.fraction for spread in load_course("augmentation").spreads}

    assert set(spreads) == {0, 30, 365}
    assert round((8.2 - 7.0) / 2 / 1.96 * sqrt(40), 1) == pytest.approx(7.6 * spreads[0])
    assert round(0.18 * sqrt(167), 1) == pytest.approx(8.71 * spreads[30])
    assert round((4.8 - 3.1) / 2 / 1.96 * sqrt(40), 1) == pytest.approx(7.6 * spreads[365])


def test_an_unknown_procedure_has_no_course() -> None:
    """Nothing is drawn for a procedure this product does not know."""
    assert find_procedure("appendectomy") is None
    assert find_procedure("_augmentation") is None
    assert course_for("appendectomy", shares_augmentation_curve=True) is None


def test_vertebroplasty_alone_has_no_course_and_says_why() -> None:
    """One checked month is no course, and the page can say so."""
    vertebroplasty = procedures()["vertebroplasty"]

    assert course_for("vertebroplasty", shares_augmentation_curve=False) is None
    assert vertebroplasty.no_course_reason.endswith(".")


def test_kyphoplasty_alone_has_a_line_and_no_band() -> None:
    """No spread was read for kyphoplasty, so none is drawn."""
    course = course_for("kyphoplasty", shares_augmentation_curve=False)

    assert course is not None
    assert course.mean(7, 8) is not None
    assert course.limits(7, 8) is None


@pytest.mark.parametrize("procedure_id", ["kyphoplasty", "vertebroplasty"])
def test_both_share_one_course_with_a_band(procedure_id: str) -> None:
    """The shared course covers every day of the first year, and no day after."""
    course = course_for(procedure_id, shares_augmentation_curve=True)

    assert course is not None
    assert course.id == "augmentation"
    assert all(course.limits(pod, 7) for pod in range(366))
    assert course.limits(366, 7) is None
