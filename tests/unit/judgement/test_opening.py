"""When a reason opens an alert."""

import pytest

from recovery.judgement.opening import REARM_DAYS, Openings, openings
from recovery.judgement.reasons import Judgement, Reason, ReasonKind, Unjudged
from tests.unit.judgement.logs import on

CHANGE, BRACE, SIGN = ReasonKind.CHANGE, ReasonKind.BRACE, ReasonKind.WARNING_SIGN


def _said(pod: int, *kinds: ReasonKind, unjudged: bool = False) -> Judgement:
    reasons = tuple(Reason(kind=kind, first_day=on(pod), last_day=on(pod)) for kind in kinds)
    why = {CHANGE: Unjudged.TOO_FEW} if unjudged else {}
    return Judgement(as_of=on(pod), reasons=reasons, unjudged=why)


def _days(*judgements: Judgement) -> list[int]:
    return [(each.day - on(0)).days for each in openings(judgements)]


def test_a_reason_that_stays_opens_one_alert() -> None:
    """However long it stays."""
    assert _days(*(_said(pod, CHANGE) for pod in range(60))) == [0]


@pytest.mark.parametrize(("again", "opened"), [(REARM_DAYS - 1, [0]), (REARM_DAYS, [0, 14])])
def test_another_alert_waits_two_weeks(again: int, opened: list[int]) -> None:
    """Counted from the last one, after a quiet day."""
    assert _days(_said(0, CHANGE), _said(1), _said(again, CHANGE)) == opened


def test_a_reason_that_waited_opens_when_the_two_weeks_have_passed() -> None:
    """It is not forgotten."""
    later = [_said(pod, CHANGE) for pod in range(5, 20)]

    assert _days(_said(0, CHANGE), _said(1), *later) == [0, 14]


def test_a_day_that_could_not_be_judged_is_not_quiet() -> None:
    """Without reports a rule has not said that all is well."""
    silent = [_said(pod, unjudged=True) for pod in range(1, 20)]

    assert _days(_said(0, CHANGE), *silent, _said(20, CHANGE)) == [0]


def test_kinds_do_not_wait_for_each_other() -> None:
    """An open alert of one kind hides none of another."""
    assert _days(_said(0, CHANGE), _said(1, CHANGE, BRACE)) == [0, 1]


def test_what_was_recorded_opens_once_for_each_day() -> None:
    """A sign of Monday is one alert all week, and one of Tuesday another."""
    so_far = Openings()
    monday, tuesday = _said(0, SIGN).reasons[0], _said(1, SIGN).reasons[0]

    assert len(so_far.after(Judgement(as_of=on(0), reasons=(monday,)))) == 1
    assert len(so_far.after(Judgement(as_of=on(1), reasons=(tuesday, monday)))) == 1
    assert so_far.after(Judgement(as_of=on(2), reasons=(tuesday, monday))) == []
