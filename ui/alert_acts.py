"""What a clinician does with an alert: one press, one act, and nothing typed is lost."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import streamlit as st

from db.alerts import act_on_alert
from db.engine import Session, act
from db.patients import renewed
from recovery.access import PatientAccess
from recovery.alerts import (
    MAX_SNOOZE_DAYS,
    Alert,
    AlertActKind,
    AlertPress,
    AlertState,
    CloseReason,
)
from recovery.errors import RecoveryError, StaleEntry
from ui.alert_words import CLOSE_WORDS
from ui.clock import now
from ui.presses import note_recent, press_button, press_submit, recent
from ui.said import bare, is_said, refusals_of, said_of, saying, show_said_of

_SAVED = {
    AlertActKind.SEEN: "Noted: you have seen this alert.",
    AlertActKind.ACTED: "Noted: you acted on this alert.",
    AlertActKind.SNOOZED: "Snoozed. It comes back by itself.",
    AlertActKind.CLOSED: "Closed. It stays under the closed alerts.",
}


ONE_CHANGED = (
    "One of these alerts changed in the meantime, so none is noted as seen yet. "
    "Look at what was done with it, then press again."
)
"""Why nothing was stored when several were to be noted at once."""

_LAST = "act-on-alert"


class _Came(NamedTuple):
    """What came of a press: of what kind it was, what is said of it, and the words refused with it."""

    kind: AlertActKind
    said: RecoveryError | str
    words: str = ""


def ask_all_seen(access: PatientAccess, alerts: Sequence[Alert], today: date) -> None:
    """
    Offer to say of several new alerts at once that somebody has seen them.

    Args:
        access: Of one who looks after the patient.
        alerts: As they were read for this drawing, new and other ones.
        today: The patient's own day.
    """
    new = [each for each in alerts if each.state is AlertState.NEW]
    # Holds its place when the button is gone, as below.
    with st.container():
        if len(new) > 1:
            press_button(
                "Seen, all of them",
                _press_all,
                access,
                new,
                today,
                key=f"alerts-all-seen-{access.patient_id}",
            )
    show_said_of(_all(access))


def ask_seen(access: PatientAccess, alert: Alert, today: date) -> None:
    """Offer to say that somebody has seen a new alert."""
    # Holds its place when the button is gone, so that the form beneath stays the same one.
    with st.container(width="content"):
        if alert.state is AlertState.NEW:
            press_button(
                "Seen",
                _press,
                access,
                alert,
                AlertActKind.SEEN,
                today,
                key=_key(alert.alert_id, "seen"),
            )


def ask_acts(access: PatientAccess, alert: Alert, today: date) -> None:
    """
    Offer to act on an open alert, to snooze and to close it.

    Args:
        access: Of one who looks after the patient.
        alert: As it was read for this drawing; an act names its version.
        today: The patient's own day.
    """
    with st.form(_key(alert.alert_id, "form"), border=False):
        st.text_area("What you did, or why", key=_key(alert.alert_id, "words"), height=80)
        _offer("I acted on it", access, alert, AlertActKind.ACTED, today)
        # Below each other: beside a chart there is no room for two fields in a row.
        st.date_input(
            f"Snooze until, at most {MAX_SNOOZE_DAYS} days",
            value=None,
            format="YYYY-MM-DD",
            key=_key(alert.alert_id, "until"),
        )
        _offer("Snooze it", access, alert, AlertActKind.SNOOZED, today)
        st.selectbox(
            "Why it can be closed",
            list(CloseReason),
            index=None,
            format_func=CLOSE_WORDS.__getitem__,
            placeholder="Choose one",
            key=_key(alert.alert_id, "why"),
        )
        _offer("Close it", access, alert, AlertActKind.CLOSED, today)


def show_said(alert: Alert, *, in_fold: bool = False) -> None:
    """
    Say what came of the last press on an alert, with words that found no place.

    Args:
        alert: As it stands now.
        in_fold: Whether it is shown under the form, far below the alert's own line.
    """
    with saying(_key(alert.alert_id, "act")) as came:
        if came is not None and in_fold is _is_of_form(alert, came):
            _show_came(alert, came)


def _is_of_form(alert: Alert, came: _Came) -> bool:
    return came.kind is not AlertActKind.SEEN and alert.state is not AlertState.CLOSED


def _show_came(alert: Alert, came: _Came) -> None:
    if not isinstance(came.said, RecoveryError):
        st.success(came.said)
        return
    st.error(str(came.said))
    if came.words and alert.state is AlertState.CLOSED:
        # Its form is gone, and with it the field in which the words stood.
        st.markdown("You had written:")
        st.text(came.words)


def was_refused(alert: Alert) -> bool:
    """Tell whether the last press on an alert was refused, so that its form stays in sight."""
    return alert.alert_id in _refused()


def has_said(alert: Alert) -> bool:
    """Tell whether ``show_said`` has something to say."""
    return is_said(_key(alert.alert_id, "act"))


def _offer(
    label: str, access: PatientAccess, alert: Alert, kind: AlertActKind, today: date
) -> None:
    press_submit(label, _press, access, alert, kind, today, key=_key(alert.alert_id, kind.value))


def _press(access: PatientAccess, alert: Alert, kind: AlertActKind, today: date) -> None:
    """Act before the page is drawn, so that it shows what stands then."""
    press = _same_or_new(_asked(alert, kind), now())
    said = said_of(_key(alert.alert_id, "act"))
    try:
        at = now()
        # Asked again, since the access may have ended while the page stood open.
        act(
            lambda session: act_on_alert(
                session, renewed(session, access), press, today=today, now=at
            ),
            is_keyed=True,
        )
    except RecoveryError as refusal:
        _refused().add(alert.alert_id)
        said.what = _Came(kind, bare(refusal), press.words)
        return
    note_recent(_LAST, press, now())
    said.what = _Came(kind, _SAVED[kind])
    if kind is not AlertActKind.SEEN:
        _clear(alert.alert_id)


def _press_all(access: PatientAccess, alerts: Sequence[Alert], today: date) -> None:
    """Note each by its own version, in one transaction: all are seen, or none is."""
    at, presses = now(), [_asked(each, AlertActKind.SEEN) for each in alerts]

    def note_all(session: Session) -> None:
        held = renewed(session, access)
        for press in presses:
            act_on_alert(session, held, press, today=today, now=at)

    with refusals_of(_all(access)):
        try:
            act(note_all, is_keyed=True)
        except StaleEntry:
            raise StaleEntry(ONE_CHANGED) from None
        said_of(_all(access)).what = f"Noted: you have seen {len(alerts)} alerts."


def _asked(alert: Alert, kind: AlertActKind) -> AlertPress:
    typed = {
        part: st.session_state.get(_key(alert.alert_id, part)) for part in ("words", "until", "why")
    }
    if kind is AlertActKind.SEEN:
        return AlertPress(alert_id=alert.alert_id, expected_version=alert.version, kind=kind)
    return AlertPress(
        alert_id=alert.alert_id,
        expected_version=alert.version,
        kind=kind,
        words=str(typed["words"] or ""),
        reason=typed["why"] if kind is AlertActKind.CLOSED else None,
        until=typed["until"] if kind is AlertActKind.SNOOZED else None,
    )


def _same_or_new(press: AlertPress, at: datetime) -> AlertPress:
    """Return the last press when this one is a double click of it, in emptied fields too."""
    last: AlertPress | None = recent(_LAST, at)
    if last is None or (last.alert_id, last.kind) != (press.alert_id, press.kind):
        return press
    return last if press.words in {"", last.words} else press


def _clear(alert_id: UUID) -> None:
    _refused().discard(alert_id)
    st.session_state[_key(alert_id, "words")] = ""
    for part in ("until", "why"):
        st.session_state[_key(alert_id, part)] = None


def _refused() -> set[UUID]:
    kept: set[UUID] = st.session_state.setdefault("alerts-refused", set())
    return kept


def _all(access: PatientAccess) -> str:
    return f"alerts-all-{access.patient_id}"


def _key(alert_id: UUID, part: str) -> str:
    # Each alert's own, so that nothing written about one ever shows with another.
    return f"alert-{part}-{alert_id}"
