"""The simulator's figures beside the settings: read whole or not at all, and in plain words."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.judgement_figures import FIGURES, Figures, judgement_figures
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.settings import RANGES, JudgementSettings
from tests.unit.judgement_figures import some_figures
from ui.judgement_questions import QUESTIONS, differences

SHIPPED = JudgementSettings()


def test_the_figures_that_ship_are_those_of_the_settings_that_ship() -> None:
    """The app reads them, and they were measured with the thresholds it ships."""
    assert judgement_figures() is not None
    measured = json.loads(FIGURES.read_text(encoding="utf-8"))["settings"]
    assert measured == SHIPPED.to_json()


def test_figures_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Names that this version does not know are left out."""
    file = tmp_path / "judgement.json"
    file.write_text(json.dumps(some_figures() | {"more": 1}), encoding="utf-8")

    figures = judgement_figures(file)

    assert isinstance(figures, Figures)
    assert figures.aimed.alarms["whole"].per_100_months == (2.5, 2.0, 3.0)


@pytest.mark.parametrize("broken", [None, "", "{}", "[1]", '{"date": "2026-11-27"}'])
def test_broken_figures_are_not_shown(tmp_path: Path, broken: str | None) -> None:
    """A missing file, or one of another shape, is no reason for a page to fail."""
    file = tmp_path / "judgement.json"
    if broken is not None:
        file.write_text(broken, encoding="utf-8")

    assert judgement_figures(file) is None


def test_every_threshold_is_asked_for_once() -> None:
    """None is left out, and each belongs to a rule."""
    assert [each.name for each in QUESTIONS] == list(SHIPPED.to_json())
    assert {each.kind for each in QUESTIONS} <= set(ReasonKind)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.name)
def test_both_ends_of_a_range_can_be_entered(question: Any) -> None:
    """As the field holds them; anything beyond is refused in the unit of the field."""
    for value in question.choices or RANGES[question.name]:
        entered = value if question.choices else question.to_field(value)
        assert question.refusal(question.from_field(entered)) is None
    if not question.choices:
        low, high = (question.to_field(value) for value in RANGES[question.name])
        for beyond in (low - question.step, high + question.step, None, "many"):
            said = question.refusal(question.from_field(beyond))
            assert said is not None
            assert f"from {low:g} to {high:g}" in str(said)


@given(value=st.sampled_from([0.1, 0.25, 0.3, 0.45, 0.5, 0.55, 0.9]))
def test_a_share_comes_back_from_its_field(value: float) -> None:
    """Percent and share are the same number, so that nothing looks changed that is not."""
    question = next(each for each in QUESTIONS if each.name == "brace_share")

    assert question.from_field(question.to_field(value)) == value


def test_differences_name_both_values() -> None:
    """In the order of the page, with their units."""
    changed = JudgementSettings(higher_chance=0.975, brace_share=0.3)

    assert differences(SHIPPED, SHIPPED) == []
    assert [each.split("? ")[1] for each in differences(SHIPPED, changed)] == [
        "90th → 97.5th",
        "50 % → 30 %",
    ]
