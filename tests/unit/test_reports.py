"""Reports: impossible answers are refused, and unfinished ones survive as JSON."""

import json
import math
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.errors import InvalidEntry
from recovery.reports import (
    ActivityLevel,
    DailyReport,
    Event,
    EventKind,
    PainMedicine,
    PartialReport,
    StoredReport,
    check_nrs,
)
from tests.factories import NOW

DAY = date(2026, 11, 22)
NOT_NUMBERS = [True, "5", "", 1j, [1], {}, math.nan, math.inf, -math.inf]
SCORES = st.none() | st.integers(0, 10)

partial_reports = st.builds(
    PartialReport,
    worst_pain_nrs=SCORES,
    average_pain_nrs=SCORES,
    brace_hours=st.none() | st.floats(0, 24),
    activity=st.none() | st.sampled_from(ActivityLevel),
    walking_minutes=st.none() | st.integers(0, 1_440),
    medicine=st.none() | st.sampled_from(PainMedicine),
    medicine_times=st.none() | st.integers(0, 24),
    warning_signs=st.none() | st.frozensets(st.text(max_size=12), max_size=5),
    note=st.text(max_size=60),
)
anything_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = list(PartialReport.__slots__)


def _report(**answers: Any) -> DailyReport:
    fields: dict[str, Any] = {"day": DAY, "worst_pain_nrs": 5, "average_pain_nrs": 3}
    return DailyReport(**fields | answers)


@pytest.mark.parametrize("field", ["worst_pain_nrs", "average_pain_nrs"])
@pytest.mark.parametrize("value", [-1, 11, 10**400, 4.5, 5.0, None, *NOT_NUMBERS])
def test_pain_is_a_whole_number_from_0_to_10(field: str, value: object) -> None:
    """Anything else is refused with the question's name, and never rounded."""
    with pytest.raises(InvalidEntry, match=r"number from 0 to 10 for your (worst|average) pain"):
        _report(**{field: value})


def test_average_above_worst_is_refused() -> None:
    """The two questions were mixed up, or one of them was mistyped."""
    with pytest.raises(InvalidEntry, match="Average pain is higher"):
        _report(worst_pain_nrs=4, average_pain_nrs=5)


@pytest.mark.parametrize(
    ("field", "most"), [("brace_hours", 24), ("walking_minutes", 1_440), ("medicine_times", 24)]
)
def test_amounts_have_two_edges(field: str, most: int) -> None:
    """Both ends are taken; beyond them, and what is no number, is refused."""
    for possible in (0, most, None):
        assert getattr(_report(**{field: possible}), field) == possible
    for value in (-1, most + 1, 10**400, *NOT_NUMBERS):
        with pytest.raises(InvalidEntry, match=f"number from 0 to {most:,}"):
            _report(**{field: value})


@pytest.mark.parametrize("field", ["walking_minutes", "medicine_times"])
def test_counts_are_whole(field: str) -> None:
    """Half a minute would be rounded by one database and refused by the other."""
    with pytest.raises(InvalidEntry, match="whole number"):
        _report(**{field: 2.5})


def test_brace_hours_may_be_halves() -> None:
    """Hours are entered in halves."""
    assert _report(brace_hours=6.5).brace_hours == 6.5


@pytest.mark.parametrize("worst", range(11))
def test_average_may_reach_worst(worst: int) -> None:
    """Every score is taken, and a day may hurt the same all along."""
    assert _report(worst_pain_nrs=worst, average_pain_nrs=worst).average_pain_nrs == worst


def test_notes_are_cleaned_and_limited() -> None:
    """The report refuses what no database could keep."""
    assert _report(note="  fine\r\n").note == "fine"
    for note in ("x" * 2_001, "nul\x00"):
        with pytest.raises(InvalidEntry, match="note"):
            _report(note=note)


def test_not_answered_is_not_none_of_these() -> None:
    """A skipped list of warning signs stays apart from an empty one."""
    assert _report().warning_signs is None
    assert _report(warning_signs=frozenset()).warning_signs == frozenset()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "worst pain"),
        ({"worst_pain_nrs": 5}, "average pain"),
        ({"average_pain_nrs": 5}, "worst"),
    ],
)
def test_pain_must_be_answered(answers: dict[str, Any], words: str) -> None:
    """Only pain is required, and 0 counts as an answer."""
    with pytest.raises(InvalidEntry, match=words):
        PartialReport(**answers).complete(DAY)

    assert PartialReport(worst_pain_nrs=0, average_pain_nrs=0).complete(DAY).worst_pain_nrs == 0


def test_a_whole_report_gives_its_answers_back() -> None:
    """Filling a form from a report and completing it gives the same report."""
    report = _report(brace_hours=6.5, activity=ActivityLevel.USUAL_DAY, note="well")

    assert PartialReport.of(report).complete(DAY) == report


@given(partial_reports)
def test_unfinished_answers_survive_as_json(answers: PartialReport) -> None:
    """Through text and back, nothing is lost, and nothing unanswered becomes an answer."""
    stored = json.loads(json.dumps(answers.to_json()))

    assert PartialReport.from_json(stored) == answers
    assert None not in stored.values()


@given(st.dictionaries(st.sampled_from(FIELDS), anything_json))
def test_answers_of_another_form_are_left_out(stored: dict[str, Any]) -> None:
    """Whatever lies in an old draft, reading it breaks nothing, and what it holds can be kept."""
    answers = PartialReport.from_json(stored)

    assert PartialReport.from_json(json.loads(json.dumps(answers.to_json()))) == answers
    for field in ("worst_pain_nrs", "average_pain_nrs"):
        value = getattr(answers, field)
        if value is not None:
            check_nrs(value, field)


@pytest.mark.parametrize("signs", ["fever", {"fever": True}, [1], [None], [["fever"]], 3])
def test_signs_of_another_form_are_not_answered(signs: object) -> None:
    """They become neither a made-up sign nor "none of these"."""
    assert PartialReport.from_json({"warning_signs": signs}).warning_signs is None


@pytest.mark.parametrize("value", [True, -1, 11, 4.5, "5", math.nan, [5]])
def test_an_impossible_score_in_a_draft_is_left_out(value: object) -> None:
    """The other answers of the draft stay."""
    answers = PartialReport.from_json({"worst_pain_nrs": value, "medicine_times": 2})

    assert (answers.worst_pain_nrs, answers.medicine_times) == (None, 2)


def test_events_are_checked_like_reports() -> None:
    """A reading without pain, a score out of range and a long note are refused."""
    with pytest.raises(InvalidEntry, match="number from 0 to 10"):
        Event(kind=EventKind.PAIN_READING, occurred_at=NOW)
    with pytest.raises(InvalidEntry, match="number from 0 to 10"):
        Event(kind=EventKind.FALL, occurred_at=NOW, pain_nrs=11)
    with pytest.raises(InvalidEntry, match="2,001"):
        Event(kind=EventKind.FALL, occurred_at=NOW, note="x" * 2_001)
    with pytest.raises(ValueError, match="aware"):
        Event(kind=EventKind.FALL, occurred_at=datetime(2026, 11, 22))  # noqa: DTZ001 - under test


def test_a_fall_needs_no_pain() -> None:
    """Only an extra pain reading is about a number."""
    assert Event(kind=EventKind.FALL, occurred_at=NOW, note=" slipped ").note == "slipped"
    assert Event(kind=EventKind.PAIN_READING, occurred_at=NOW, pain_nrs=0).pain_nrs == 0


def test_activity_is_ordered() -> None:
    """From least to most active, without gaps."""
    assert [level.rank for level in ActivityLevel] == [0, 1, 2, 3]
    assert ActivityLevel.LYING_DOWN.rank < ActivityLevel.USUAL_DAY.rank


@pytest.mark.parametrize(("version", "corrected"), [(1, False), (2, True)])
def test_a_second_version_is_a_correction(version: int, *, corrected: bool) -> None:
    """The first save of a day is none."""
    account = uuid4()
    stored = StoredReport(
        report=_report(),
        version=version,
        is_late=False,
        created_at=NOW,
        created_by=account,
        updated_at=NOW,
        updated_by=account,
    )

    assert stored.is_corrected is corrected
