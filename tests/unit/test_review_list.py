"""What a row of the review list says of its alerts and its days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from recovery.alerts import STATE_WORDS, AlertState, OpenAlert
from recovery.judgement.reasons import Reason, ReasonKind
from recovery.review import ReviewRow
from ui.review_list import logged_words, procedure_words, state_words, why_words

DAY = date(2026, 11, 28)
SINCE = datetime(2026, 11, 27, tzinfo=UTC)
NEW, SEEN, ACTED = AlertState.NEW, AlertState.SEEN, AlertState.ACTED
ROW = ReviewRow(
    patient_id=uuid4(),
    name="Rowan Elm",
    procedure="kyphoplasty",
    procedure_date=DAY - timedelta(days=3),
    post_procedure_day=3,
    today=DAY,
    last_day=DAY - timedelta(days=1),
    last_worst_pain_nrs=3,
    days_logged=3,
    days_counted=3,
    spark="",
    changed_at=SINCE,
)


def _alert(
    kind: ReasonKind = ReasonKind.FALL, state: AlertState = NEW, *, is_escalated: bool = False
) -> OpenAlert:
    reason = Reason(kind=kind, first_day=DAY, last_day=DAY)
    return OpenAlert(alert_id=uuid4(), reason=reason, state=state, is_escalated=is_escalated)


def _row(*alerts: OpenAlert, **changes: object) -> ReviewRow:
    return replace(ROW, alerts=alerts, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("alerts", "said"),
    [
        ([], ""),
        ([_alert()], "New"),
        ([_alert(is_escalated=True)], "New, passed on"),
        ([_alert(state=SEEN, is_escalated=True)], "Seen, passed on"),
        ([_alert(state=ACTED)] * 2, "2 acted on"),
        ([_alert(state=ACTED), *[_alert(ReasonKind.SILENCE)] * 3], "3 new, 1 acted on"),
        (
            [_alert(state=ACTED), _alert(state=SEEN), _alert(), _alert(is_escalated=True)],
            "2 new (1 passed on), 1 seen, 1 acted on",
        ),
    ],
)
def test_the_state_hides_no_alert_that_nobody_handled(alerts: list[OpenAlert], said: str) -> None:
    """Whatever became of the gravest, the least handled are named first and all are counted."""
    assert state_words(_row(*alerts)) == said


def test_every_state_has_its_words() -> None:
    """No row is left without a word for what became of it."""
    assert set(STATE_WORDS) == set(AlertState)


def test_a_snooze_leaves_its_trace() -> None:
    """Alone, and beside an alert that still asks for a look."""
    until = DAY + timedelta(days=4)

    assert state_words(_row(snoozed_until=until)) == "Snoozed until Wed 2 Dec"
    beside = state_words(_row(_alert(), snoozed_until=until))
    assert beside == "New, another snoozed until Wed 2 Dec"


@pytest.mark.parametrize(
    ("minutes", "is_own", "said"),
    [(0, False, ""), (1, False, "Changed"), (1, True, ""), (0, True, "")],
)
def test_only_what_others_changed_later_is_told(minutes: int, is_own: bool, said: str) -> None:
    """What the reader did is nothing new to the reader."""
    row = _row(changed_at=SINCE + timedelta(minutes=minutes), is_own_change=is_own)

    assert state_words(row, SINCE) == said
    assert state_words(row) == ""


def test_the_reason_is_what_nobody_handled_or_what_was_asked_for() -> None:
    """An old grave reason hides no new one, and a filter finds its reason in each row."""
    row = _row(_alert(state=ACTED), _alert(ReasonKind.SILENCE))

    assert why_words(row).endswith(",\nSat 28 Nov, 1 more")
    assert why_words(row).startswith("No reports")
    assert why_words(row, ReasonKind.FALL).startswith("A fall")
    assert why_words(row, ReasonKind.BRACE) == why_words(row)
    assert why_words(_row()) == ""


def test_visits_stand_below_the_day() -> None:
    """All of the week, where they were asked for."""
    assert procedure_words(ROW) == "Kyphoplasty,\nday 3"
    two = replace(ROW, visits=(DAY - timedelta(days=2), DAY))
    assert procedure_words(two) == "Kyphoplasty,\nday 3,\nvisit Thu 26 Nov and Sat 28 Nov"


def test_days_are_told_only_where_some_could_be_logged() -> None:
    """Before the procedure none is due, and that is no zero."""
    assert logged_words(ROW) == "3 of 3"
    assert logged_words(replace(ROW, days_logged=0, days_counted=7)) == "0 of 7"
    assert logged_words(replace(ROW, days_logged=0, days_counted=0)) == "None due yet"
