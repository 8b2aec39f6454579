"""Thresholds: what is refused, and that they come back as they were saved."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.errors import InvalidEntry
from recovery.judgement.settings import HIGHER_CHANCES, RANGES, JudgementSettings


@pytest.mark.parametrize("name", RANGES)
def test_a_threshold_out_of_range_is_refused_and_its_ends_are_not(name: str) -> None:
    """The sentence says what to enter."""
    least, most = RANGES[name]
    wrong: list[Any] = [least - 1, most + 1, None, "3", True, float("nan")]
    for value in (least, most):
        JudgementSettings(**_threshold(name, value))
    for value in wrong:
        with pytest.raises(InvalidEntry, match=r"^Enter a .* from .* for .*\.$"):
            JudgementSettings(**_threshold(name, value))


@pytest.mark.parametrize("name", ["higher_days", "silence_until_day"])
def test_days_are_whole(name: str) -> None:
    """Half a day is no day."""
    with pytest.raises(InvalidEntry, match="whole number"):
        JudgementSettings(**_threshold(name, RANGES[name][0] + 0.5))


def test_a_centile_is_one_of_three() -> None:
    """Others are not measured."""
    with pytest.raises(InvalidEntry, match="centile"):
        JudgementSettings(higher_chance=0.5)


@given(
    st.builds(
        JudgementSettings,
        version=st.just(4),
        higher_chance=st.sampled_from(HIGHER_CHANCES),
        higher_days=st.integers(3, 7),
        change_limit=st.floats(3, 12),
        worse_points=st.floats(1, 5),
    )
)
def test_thresholds_come_back_as_they_were_saved(settings: JudgementSettings) -> None:
    """Through JSON, as a database keeps them."""
    kept: dict[str, Any] = json.loads(json.dumps(settings.to_json()))

    assert "version" not in kept
    assert JudgementSettings.from_json(kept, 4) == settings


def test_a_threshold_that_cannot_be_used_has_the_value_that_ships() -> None:
    """One that did not exist then, is not allowed any more, or is no number; the others stay."""
    read = JudgementSettings.from_json({"higher_days": 5, "gone": 1}, 2)
    assert read == JudgementSettings(version=2, higher_days=5)

    for value in (99, "many", None, True):
        stored = {"higher_days": value, "brace_share": 0.3}
        read = JudgementSettings.from_json(stored, 2)
        assert read == JudgementSettings(version=2, brace_share=0.3)


def _threshold(name: str, value: object) -> dict[str, Any]:
    return {name: value}
