"""What became of an alert, in words for the staff."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from db.alert_queue import AlertQueue
from recovery.alerts import Alert, AlertAct, AlertActKind, AlertState, CloseReason
from recovery.judgement.reasons import Reason, ReasonKind
from tests.factories import NOW, TODAY, ZONE
from ui.alert_words import (
    CLOSE_WORDS,
    STATE_WORDS,
    act_line,
    holds_words,
    origin_words,
    queue_words,
    state_words,
)

AT = "22 Nov 2026, 10:00 AM"


def _alert(kind: ReasonKind = ReasonKind.SILENCE, **changes: Any) -> Alert:
    fields: dict[str, Any] = {
        "alert_id": uuid4(),
        "reason": Reason(kind=kind, first_day=TODAY, last_day=TODAY),
        "state": AlertState.NEW,
        "version": 1,
        "settings_version": 0,
        "holds": True,
        "opened_at": NOW,
    }
    return Alert(**fields | changes)


def _act(kind: AlertActKind, **changes: Any) -> AlertAct:
    return AlertAct(**{"kind": kind, "at": NOW, "by_name": "Cl_in", **changes})


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (_act(AlertActKind.SEEN), f"Seen by Cl\\_in on {AT}"),
        (
            _act(AlertActKind.SNOOZED, until=TODAY + timedelta(days=2)),
            f"Snoozed until Tue 24 Nov by Cl\\_in on {AT}",
        ),
        (
            _act(AlertActKind.CLOSED, reason=CloseReason.SPOKE),
            f"Closed by Cl\\_in on {AT}: spoke with the patient",
        ),
        (
            _act(AlertActKind.CLOSED, reason=CloseReason.OTHER),
            f"Closed by Cl\\_in on {AT}: for another reason",
        ),
        (_act(AlertActKind.RETURNED, by_name=""), f"Back from its snooze on {AT}"),
        (
            _act(AlertActKind.ESCALATED, by_name=""),
            f"Passed on to a second clinician on {AT}",
        ),
        (
            _act(AlertActKind.ESCALATED, by_name="", to_name="Se_cond"),
            f"Passed on to a second clinician, Se\\_cond, on {AT}",
        ),
    ],
    ids=["seen", "snoozed", "closed", "other", "returned", "escalated", "escalated to"],
)
def test_an_act_says_who_when_and_why(act: AlertAct, words: str) -> None:
    """On the clinic's clock; what time did names nobody."""
    assert act_line(act, ZONE) == words


def test_everything_has_words() -> None:
    """No state and no reason is shown as an empty choice, and no act fails."""
    assert set(STATE_WORDS) == set(AlertState)
    assert set(CLOSE_WORDS) == set(CloseReason)
    assert all(act_line(_act(kind), ZONE) for kind in AlertActKind)


def test_a_snooze_is_told_until_its_last_day() -> None:
    """Not after it, when only the next sweep has not come yet."""
    alert = _alert(state=AlertState.SEEN, snoozed_until=TODAY)

    assert state_words(alert, TODAY) == "seen, snoozed until Sun 22 Nov"
    assert state_words(alert, TODAY + timedelta(days=1)) == "seen"


def test_passing_on_is_told_while_it_is_open() -> None:
    """A closed one is closed, whatever came before."""
    assert state_words(_alert(escalated_at=NOW), TODAY) == "new, passed on to a second clinician"
    closed = _alert(state=AlertState.CLOSED, escalated_at=NOW, snoozed_until=TODAY)
    assert state_words(closed, TODAY) == "closed"


def test_what_does_not_hold_any_more_is_told_while_open() -> None:
    """Corrected for what was recorded, otherwise as days passed; closed ones say nothing."""
    assert holds_words(_alert()) == ""
    for kind in (kind for kind in ReasonKind if not kind.is_recorded):
        assert holds_words(_alert(kind, holds=False)) == (
            "By today's days this rule would not ask again. It stays here until you close it."
        )
    assert holds_words(_alert(ReasonKind.WARNING_SIGN, holds=False)).startswith("Corrected since:")
    assert holds_words(_alert(holds=False, state=AlertState.CLOSED)) == ""


def test_the_settings_that_made_an_alert_are_named() -> None:
    """What was recorded hangs on no setting."""
    assert origin_words(_alert(), ZONE) == "Since 22 Nov 2026, by the settings that Mendline ships."
    assert origin_words(_alert(settings_version=2), ZONE).endswith(
        "by version 2 of the clinic's settings."
    )
    assert origin_words(_alert(ReasonKind.FALL, settings_version=2), ZONE).endswith(
        "recorded by the patient or a helper."
    )


@pytest.mark.parametrize(
    ("queue", "words"),
    [
        (AlertQueue(open=0, untouched=0, oldest_untouched=None), "no open alert"),
        (AlertQueue(open=2, untouched=0, oldest_untouched=None), "2 open alerts, all of them seen"),
        (
            AlertQueue(open=3, untouched=1, oldest_untouched=NOW),
            f"3 open alerts, 1 that nobody has seen, the oldest from {AT}",
        ),
    ],
    ids=["none", "seen", "waiting"],
)
def test_the_queue_says_what_waits(queue: AlertQueue, words: str) -> None:
    """How many, and since when nobody looked."""
    assert queue_words(queue, ZONE) == words
