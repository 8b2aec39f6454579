"""What became of an alert, in words for the staff."""

from datetime import date

from db.alert_queue import AlertQueue
from recovery.alerts import Alert, AlertAct, AlertActKind, AlertState, CloseReason
from recovery.days import today_in
from ui.plain_text import plain
from ui.words import count_of, dated, moment, short_day

STATE_WORDS = {
    AlertState.NEW: "new",
    AlertState.SEEN: "seen",
    AlertState.ACTED: "acted on",
    AlertState.CLOSED: "closed",
}
"""Each state inside a sentence."""

CLOSE_WORDS = {
    CloseReason.SPOKE: "Spoke with the patient",
    CloseReason.VISIT: "Will be seen at a visit",
    CloseReason.SENT_ON: "Sent to somebody else for care",
    CloseReason.EXPECTED: "Expected at this point",
    CloseReason.MISTAKE: "Answer entered by mistake",
    CloseReason.OTHER: "Other, in your own words",
}
"""Why an alert is closed, as a choice; told afterwards in the same words."""

_DONE = {
    AlertActKind.SEEN: "Seen",
    AlertActKind.ACTED: "Acted on",
    AlertActKind.SNOOZED: "Snoozed",
    AlertActKind.CLOSED: "Closed",
    AlertActKind.ESCALATED: "Passed on to a second clinician",
    AlertActKind.RETURNED: "Back from its snooze",
}
_UNTITLED = CloseReason.OTHER


def act_line(act: AlertAct, zone_name: str) -> str:
    """Say in one line what was done, by whom and when; the words of it stand apart."""
    by = f" by {plain(act.by_name)}" if act.by_name else ""
    to = f", {plain(act.to_name)}," if act.to_name else ""
    until = f" until {short_day(act.until)}" if act.until else ""
    why = f": {_why(act.reason)}" if act.reason else ""
    return f"{_DONE[act.kind]}{to}{until}{by} on {moment(act.at, zone_name)}{why}"


def state_words(alert: Alert, today: date) -> str:
    """
    Say how an alert stands: ``seen, snoozed until Tue 24 Nov``.

    Args:
        alert: The alert.
        today: A snooze that ended before this day is not told any more.
    """
    words = [STATE_WORDS[alert.state]]
    if alert.state is not AlertState.CLOSED:
        if alert.escalated_at is not None:
            words.append("passed on to a second clinician")
        if alert.snoozed_until is not None and alert.snoozed_until >= today:
            words.append(f"snoozed until {short_day(alert.snoozed_until)}")
    return ", ".join(words)


def origin_words(alert: Alert, zone_name: str) -> str:
    """Say since when an alert stands and which settings made it."""
    made = f"Since {dated(today_in(zone_name, alert.opened_at))}"
    if alert.reason.kind.is_recorded:
        return f"{made}, recorded by the patient or a helper."
    if not alert.settings_version:
        return f"{made}, by the settings that Mendline ships."
    return f"{made}, by version {alert.settings_version} of the clinic's settings."


def holds_words(alert: Alert) -> str:
    """Say that the newest answers do not say so any more; empty while they do."""
    if alert.holds or alert.state is AlertState.CLOSED:
        return ""
    if alert.reason.kind.is_recorded:
        return "Corrected since: it was taken back or changed. It stays here until you close it."
    # The days that are compared move on, so nothing that was said then has become untrue.
    return "By today's days this rule would not ask again. It stays here until you close it."


def queue_words(queue: AlertQueue, zone_name: str) -> str:
    """Say how many alerts are open in a clinic, and since when the oldest untouched one waits."""
    still_open = f"{count_of(queue.open, 'open alert')}"
    if queue.oldest_untouched is None:
        return f"{still_open}, all of them seen" if queue.open else "no open alert"
    return (
        f"{still_open}, {queue.untouched} that nobody has seen, "
        f"the oldest from {moment(queue.oldest_untouched, zone_name)}"
    )


def _why(reason: CloseReason) -> str:
    return "for another reason" if reason is _UNTITLED else CLOSE_WORDS[reason].lower()
