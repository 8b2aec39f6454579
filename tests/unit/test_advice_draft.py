"""A form about advice: what was typed is kept, whatever others save meanwhile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.clinic_values import Decisions
from ui.advice_draft import AdviceDraft

VALUE = st.none() | st.sampled_from([0.0, 1.0, 2.5])
DECISIONS = st.fixed_dictionaries({"drive": VALUE, "lift": VALUE})


def _typed(drawn_from: Decisions, **typed: float | None) -> AdviceDraft:
    return AdviceDraft(drawn_from=drawn_from, typed={**drawn_from, **typed})


def test_nothing_typed_changes_nothing() -> None:
    """A fresh form follows whatever is saved."""
    draft = AdviceDraft.fresh({"drive": None, "lift": 8.0})
    assert draft.changes == {}

    later = draft.over({"drive": 3.0, "lift": None})

    assert later == AdviceDraft.fresh({"drive": 3.0, "lift": None})


@pytest.mark.parametrize("typed", [5.0, 0.0, None])
def test_both_changed_the_same_value(typed: float | None) -> None:
    """What was typed stays, and stays marked until it is saved or typed away."""
    draft = _typed({"drive": 2.0, "lift": 8.0}, drive=typed)

    draft = draft.over({"drive": 3.0, "lift": 8.0}).over({"drive": 3.0, "lift": 8.0})

    assert draft.typed == {"drive": typed, "lift": 8.0}
    assert draft.changes == {"drive": typed}
    assert draft.meanwhile == {"drive"}
    assert draft.over({"drive": typed, "lift": 8.0}) == AdviceDraft.fresh(draft.typed)


def test_another_value_changed_meanwhile() -> None:
    """It is shown as it is now, so that a press does not take it back unseen."""
    draft = _typed({"drive": 2.0, "lift": 8.0}, drive=5.0).over({"drive": 2.0, "lift": None})

    assert draft.typed == {"drive": 5.0, "lift": None}
    assert draft.changes == {"drive": 5.0}
    assert draft.meanwhile == {"lift"}


def test_new_content_knows_other_values() -> None:
    """A value that is gone is forgotten, and a new one is shown as stored."""
    draft = _typed({"drive": 2.0, "lift": 8.0}, lift=9.0).over({"drive": 2.0, "swim": None})

    assert draft.typed == {"drive": 2.0, "swim": None}
    assert draft.changes == {}


@given(drawn_from=DECISIONS, typed=DECISIONS, stored=DECISIONS)
def test_what_was_typed_is_never_lost(
    drawn_from: dict[str, float | None],
    typed: dict[str, float | None],
    stored: dict[str, float | None],
) -> None:
    """And what was not typed is never written over what somebody else saved."""
    draft = AdviceDraft(drawn_from=drawn_from, typed=typed)

    later = draft.over(stored)

    for name, value in draft.changes.items():
        assert later.typed[name] == value
    for name in set(stored) - set(draft.changes):
        assert later.typed[name] == stored[name]
    assert set(later.changes) <= set(draft.changes)
    assert later.over(stored) == later
