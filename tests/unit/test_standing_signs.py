"""What a patient is told after a ticked sign, sudden pain or a fall."""

import pytest

from recovery.judgement.reasons import ReasonKind, Standing
from recovery.reports import EventKind
from tests.unit.standings import (
    event,
    judged,
    recovery_of,
    stand_by,
    ticked,
    told,
)
from ui.recent_flag import FLAG_DAYS


@pytest.mark.parametrize(
    ("days_ago", "is_told"), [(0, True), (FLAG_DAYS - 1, True), (FLAG_DAYS, False), (-1, False)]
)
def test_a_ticked_sign_goes_before_all_else(days_ago: int, *, is_told: bool) -> None:
    """For a week, whatever the level; the most urgent of several, with its own advice."""
    recovery = recovery_of(reports=[ticked(days_ago, "fever", "legs", "wound")])

    stand = told(recovery, judged(ReasonKind.CHANGE, standing=Standing.LOWER_OR_MIDDLE))

    assert ("new weakness in a leg" in stand.words) is is_told
    assert ("tel:911" in stand.words) is is_told
    assert stand.asks_to_call


@pytest.mark.parametrize(("days_ago", "is_asked"), [(1, False), (2, True)])
def test_after_a_day_a_sign_may_be_dealt_with(days_ago: int, *, is_asked: bool) -> None:
    """Nobody is told day after day to call about what is over."""
    stand = told(recovery_of(reports=[ticked(days_ago, "fever")]), judged())

    assert ("If it is still there, or comes back: Call" in stand.words) is is_asked


def test_a_sign_of_another_version_is_told_too() -> None:
    """What this version has no words for is a call all the same."""
    stand = told(recovery_of(reports=[ticked(0, "unheard_of")]), judged())

    assert "a warning sign. Call the clinic" in stand.words


def test_sudden_pain_has_the_advice_of_the_procedure() -> None:
    """As at the press that recorded it; taken back, it is told no more."""
    pain = event(EventKind.SUDDEN_PAIN)
    recorded = recovery_of(events=[pain])
    taken_back = recovery_of(events=[event(EventKind.SUDDEN_PAIN, is_withdrawn=True)])

    said = told(recorded, judged(ReasonKind.CHANGE)).words

    assert "you told us: sudden new pain. Call the clinic" in said
    assert "Do not lift or bend until you have talked." in said
    assert stand_by(taken_back, judged()) is None


def test_a_fall_is_told_unless_the_days_speak_louder() -> None:
    """Alone it asks to call if it hurts; with more pain since, the call is for today."""
    fell = recovery_of(events=[event(EventKind.FALL, 1)])

    alone = told(fell, judged(ReasonKind.HIGHER, standing=Standing.HIGHER)).words

    assert "you told us: a fall. If it hurts more, or in a new place: Call" in alone
    assert told(fell, judged(ReasonKind.CHANGE)) == told(recovery_of(), judged(ReasonKind.CHANGE))
