"""The alerts of a brief: which are open, with their days, as far as there is room."""

from typing import Any

import pytest

from recovery.alerts import Alert, AlertState
from recovery.brief import brief_of
from recovery.judgement.reasons import ReasonKind
from tests import briefs
from ui.brief_alerts import alerts_in_words
from ui.few_words import word_count


def _said(*alerts: Alert, room: int = 100) -> str:
    return alerts_in_words(brief_of(briefs.record(alerts=alerts)), room)


def test_without_alerts_there_are_none() -> None:
    """However little room there is."""
    assert _said(room=0) == "none"


def test_what_is_closed_is_counted_alone() -> None:
    """Nobody has to look at it again."""
    closed = [briefs.alert(kind, 1, AlertState.CLOSED) for kind in list(ReasonKind)[:2]]

    assert _said(*closed) == "2, all closed"
    assert _said(*closed, briefs.alert(ReasonKind.FALL)) == "1 open of 3: fall 22 Nov"


NAMED: list[tuple[ReasonKind, bool, dict[str, Any], str]] = [
    (ReasonKind.WARNING_SIGN, True, {}, "warning sign 20 Nov"),
    (ReasonKind.WARNING_SIGN, True, {"signs": []}, "warning sign 20 Nov"),
    (ReasonKind.WARNING_SIGN, True, {"signs": "fever"}, "warning sign 20 Nov"),
    (
        ReasonKind.WARNING_SIGN,
        False,
        {"signs": ["fever"]},
        "warning sign 20 Nov (fever or chills)",
    ),
    (
        ReasonKind.WARNING_SIGN,
        True,
        {"signs": ["fever", "legs", "no_such_sign"]},
        "warning sign 20 Nov (new weakness in a leg or..., and 2 more)",
    ),
    (
        ReasonKind.WARNING_SIGN,
        True,
        {"signs": ["new_back_pain"]},
        "warning sign 20 Nov (sudden new back pain...)",
    ),
    (
        ReasonKind.WARNING_SIGN,
        True,
        {"signs": ["no_such_sign"]},
        "warning sign 20 Nov (no_such_sign)",
    ),
    (ReasonKind.SUDDEN_PAIN, False, {"pain_nrs": 9}, "sudden pain 20 Nov"),
    (ReasonKind.FALL, True, {}, "fall 20 Nov"),
    (ReasonKind.CHANGE, True, {}, "change from own pattern since 18 Nov"),
    (ReasonKind.HIGHER, True, {}, "higher than most since 18 Nov"),
    (ReasonKind.HIGHER, False, {}, "higher than most 18 Nov to 20 Nov"),
    (ReasonKind.SILENCE, True, {"last_day": "2026-11-17"}, "no reports since 17 Nov"),
    (ReasonKind.SILENCE, True, {"last_day": "soon"}, "no reports since 18 Nov"),
    (ReasonKind.SILENCE, True, {}, "no reports since 18 Nov"),
    (ReasonKind.SILENCE, False, {"last_day": "2026-11-17"}, "no reports 18 Nov to 20 Nov"),
    (ReasonKind.WORSE_AGAIN, True, {}, "better, then worse, week to 20 Nov"),
    (ReasonKind.NO_RESPONSE, True, {}, "no response, week to 20 Nov"),
    (ReasonKind.MEDICINE, False, {}, "more pain medicine, week to 20 Nov"),
    (ReasonKind.BRACE, True, {}, "brace worn less, week to 20 Nov"),
]


@pytest.mark.parametrize(("kind", "holds", "values", "words"), NAMED)
def test_an_open_alert_has_its_days(
    kind: ReasonKind, values: dict[str, Any], words: str, *, holds: bool
) -> None:
    """And a warning sign its words, the most urgent first; what has ended has a last day."""
    assert _said(briefs.alert(kind, 2, holds=holds, **values)) == f"1 open of 1: {words}"


def test_every_kind_can_be_named() -> None:
    """None that a rule may find is left out of this list."""
    assert {kind for kind, *_ in NAMED} == set(ReasonKind)


ROOMS = [
    (100, ": warning sign 22 Nov (fever or chills); fall 21 Nov; no reports since 18 Nov"),
    (18, ": warning sign 22 Nov (fever or chills); fall 21 Nov; and 1 more"),
    (14, ": warning sign 22 Nov (fever or chills); and 2 more"),
    (13, ": warning sign 22 Nov; and 2 more"),
    (10, ""),
    (-5, ""),
]


@pytest.mark.parametrize(("room", "names"), ROOMS)
def test_what_has_no_room_is_counted(room: int, names: str) -> None:
    """A sign's words go first, then the least grave; the count never does."""
    said = _said(
        briefs.alert(ReasonKind.SILENCE, 2),
        briefs.alert(ReasonKind.FALL, 1),
        briefs.alert(ReasonKind.WARNING_SIGN, 0, signs=["fever"]),
        room=room,
    )

    assert said == f"3 open of 3{names}"
    assert word_count(said) <= max(room, 4)
