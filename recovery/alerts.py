"""An alert: one reason to look at a recovery, and what the staff did about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from recovery.errors import InvalidEntry
from recovery.judgement.reasons import Reason
from recovery.text import MAX_NOTE_LENGTH, clean_text

MAX_SNOOZE_DAYS = 30
"""A snooze ends on its own, this many days ahead at most."""


class AlertState(StrEnum):
    """What became of an alert; it only ever moves on, and nothing moves it but a person."""

    NEW = "new"
    SEEN = "seen"
    ACTED = "acted"
    CLOSED = "closed"


class AlertActKind(StrEnum):
    """What was done with an alert; the last two are done by time alone."""

    SEEN = "seen"
    ACTED = "acted"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    ESCALATED = "escalated"
    RETURNED = "returned"


class CloseReason(StrEnum):
    """Why nothing more has to be done."""

    SPOKE = "spoke"
    VISIT = "visit"
    SENT_ON = "sent_on"
    EXPECTED = "expected"
    MISTAKE = "mistake"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAct:
    """
    One thing done with an alert.

    Attributes:
        kind: What.
        at: When (UTC).
        by_name: Who; empty where time alone did it.
        to_name: To whom time passed it on; empty for other acts.
        words: Why, in the person's own words; may be empty.
        reason: Why it was closed; None for other acts.
        until: Last day of a snooze; None for other acts.
    """

    kind: AlertActKind
    at: datetime
    by_name: str
    to_name: str = ""
    words: str = ""
    reason: CloseReason | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """
    One reason to look, as it stands.

    Attributes:
        reason: What was found, with the days and figures it rests on.
        state: What became of it.
        version: One more with each act; an act names the version it was decided on.
        settings_version: Version of the clinic's thresholds that made it.
        holds: Whether the newest answers still say so; False after a correction or as days pass.
        opened_at: When it was made (UTC).
        snoozed_until: Last day on which it does not ask for a look; None when not snoozed.
        escalated_at: When it was brought to a second clinician (UTC); None if it was not.
        acts: What was done, oldest first.
    """

    alert_id: UUID
    reason: Reason
    state: AlertState
    version: int
    settings_version: int
    holds: bool
    opened_at: datetime
    snoozed_until: date | None = None
    escalated_at: datetime | None = None
    acts: tuple[AlertAct, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPress:
    """
    One press that acts on an alert.

    Attributes:
        alert_id: Which alert.
        expected_version: Version of the alert that the person looked at.
        kind: What is done: seen, acted, snoozed or closed.
        words: Why, in the person's own words.
        reason: Why it is closed.
        until: Last day of a snooze.
    """

    alert_id: UUID
    expected_version: int
    kind: AlertActKind
    words: str = ""
    reason: CloseReason | None = None
    until: date | None = None

    def checked(self, today: date) -> "AlertPress":
        """
        Return the press with its words cleaned.

        Args:
            today: The patient's own day, in whose calendar a snooze ends.

        Raises:
            InvalidEntry: Naming what is missing.
        """
        if self.kind not in _BY_PEOPLE:
            raise ValueError("time alone does this")
        words = clean_text(self.words, max_length=MAX_NOTE_LENGTH, what="note")
        if self.kind is AlertActKind.ACTED and not words:
            raise InvalidEntry("Write what you did, then press it again.")
        if self.kind is AlertActKind.CLOSED:
            words = _closing_words(self.reason, words)
        if self.kind is AlertActKind.SNOOZED:
            _check_snooze(self.until, today)
        is_closed, is_snoozed = (
            self.kind is each for each in (AlertActKind.CLOSED, AlertActKind.SNOOZED)
        )
        return AlertPress(
            alert_id=self.alert_id,
            expected_version=self.expected_version,
            kind=self.kind,
            words=words,
            reason=self.reason if is_closed else None,
            until=self.until if is_snoozed else None,
        )


_BY_PEOPLE = frozenset(
    {AlertActKind.SEEN, AlertActKind.ACTED, AlertActKind.SNOOZED, AlertActKind.CLOSED}
)
NEXT_STATE: Mapping[AlertActKind, AlertState] = {
    AlertActKind.SEEN: AlertState.SEEN,
    AlertActKind.SNOOZED: AlertState.SEEN,
    AlertActKind.ACTED: AlertState.ACTED,
    AlertActKind.CLOSED: AlertState.CLOSED,
}
"""Where an act of a person leads."""

_ORDER = list(AlertState)


def state_after(state: AlertState, kind: AlertActKind) -> AlertState:
    """
    Return the state after an act of a person; it never moves back.

    Raises:
        InvalidEntry: If the alert is closed already.
    """
    if state is AlertState.CLOSED:
        raise InvalidEntry("This alert is closed already. Open the list to see what is open.")
    return max(state, NEXT_STATE[kind], key=_ORDER.index)


STATE_WORDS = {
    AlertState.NEW: "New",
    AlertState.SEEN: "Seen",
    AlertState.ACTED: "Acted on",
    AlertState.CLOSED: "Closed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlert:
    """An open alert as the review list shows it."""

    alert_id: UUID
    reason: Reason
    state: AlertState
    is_escalated: bool = False

    @property
    def state_words(self) -> str:
        """What became of it, for the staff: on the page and in a file the same."""
        said = STATE_WORDS[self.state]
        return f"{said}, passed on" if self.is_escalated else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """
    How much a recovery asks for a look.

    Attributes:
        rank: 0 for not at all; more is graver, and within one kind a new alert goes before one
            that was seen.
        day: The newest day that the gravest alert rests on; None without any.
        alerts: Open alerts that are not snoozed, the gravest first.
    """

    rank: int = 0
    day: date | None = None
    alerts: tuple[OpenAlert, ...] = field(default=())


_STEPS = 4


def need_of(alerts: tuple[OpenAlert, ...]) -> Need:
    """Return how much these open alerts, none of them snoozed, ask for a look."""
    if not alerts:
        return Need()
    ordered = tuple(
        sorted(alerts, key=lambda each: (-_rank(each), -each.reason.last_day.toordinal()))
    )
    return Need(rank=_rank(ordered[0]), day=ordered[0].reason.last_day, alerts=ordered)


def _rank(alert: OpenAlert) -> int:
    step = {AlertState.NEW: 2, AlertState.SEEN: 1}.get(alert.state, 0)
    return alert.reason.kind.need * _STEPS + (_STEPS - 1 if alert.is_escalated else step)


def _closing_words(reason: CloseReason | None, words: str) -> str:
    if reason is None:
        raise InvalidEntry("Say why this alert can be closed, then close it again.")
    if reason is CloseReason.OTHER and not words:
        raise InvalidEntry("Write in a few words why this alert can be closed.")
    return words


def _check_snooze(until: date | None, today: date) -> None:
    if until is None or not 0 < (until - today).days <= MAX_SNOOZE_DAYS:
        raise InvalidEntry(
            f"Choose a last day of the snooze, from tomorrow up to {MAX_SNOOZE_DAYS} days ahead."
        )
