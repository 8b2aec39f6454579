"""Events at any hour: one press records one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import streamlit as st

from content.placeholders import dialling_link, fill
from db.engine import act, reading
from db.events import add_event, list_events, withdraw_event
from db.patients import own_access
from recovery.access import Actor, Role
from recovery.days import LATE_WINDOW_DAYS, today_in
from recovery.errors import DatabaseUnavailable, OutcomeUnknown, RecoveryError
from recovery.reports import Event, EventKind
from recovery.wording import tr
from ui.clock import now, today_at
from ui.own_record import OwnRecord
from ui.pain_scale import chosen_nrs, pain_scale
from ui.presses import end_presses, is_repeat, note_done, press_button, press_key
from ui.procedure import procedure_of
from ui.said import refusals_of, said_of, saying, show_said_of
from ui.who import present_actor
from ui.words import EVENT_WORDS, clock_time, relative_day

_PAIN, _TIME, _REVISION = "event-pain", "event-time", "event-revision"
_SAID, _READING_SAID, _BACK_SAID = "event", "event-reading", "event-back"
_STAYS = timedelta(minutes=10)
"""How long whom to call stands there, whatever else is done on the page."""

_PRESSES = {
    EventKind.SUDDEN_PAIN: ":material/bolt:",
    EventKind.FALL: ":material/falling:",
}


def ask_events(actor: Actor, record: OwnRecord) -> None:
    """Offer the events, record what is pressed, and list the last days' with a way back."""
    st.header(tr("Did something happen?"), anchor=False)
    st.markdown(tr("One press records it with the time. You can do this at any hour."))
    _show_said(_SAID, record)
    with st.container(horizontal=True):
        for kind, icon in _PRESSES.items():
            press_button(tr(EVENT_WORDS[kind]), _press, kind, key=f"event-{kind}", icon=icon)
    # A key, so that it stays open when what was said above it comes and goes.
    with st.expander(tr("Add a pain reading"), icon=":material/speed:", key="event-reading-fold"):
        pain_scale(tr("Your pain at that time"), key=_PAIN, revision=_readings())
        st.time_input(
            tr("At what time today? Leave it empty for now."),
            value=None,
            format="localized",
            key=_TIME,
        )
        press_button(tr("Record this reading"), _press_reading, record, key="event-reading")
        _show_said(_READING_SAID, record)
    with reading() as session:
        events = list_events(session, record.access)
    show_said_of(_BACK_SAID)
    _list_recent(actor, record, events)


def _show_said(name: str, record: OwnRecord) -> None:
    """Show what came of the last of the presses *name*."""
    with saying(name, _STAYS) as event:
        if isinstance(event, RecoveryError):
            st.error(_refusal(event))
        if not isinstance(event, Event):
            return
        at = clock_time(event.occurred_at, record.patient.time_zone)
        what = tr(EVENT_WORDS[event.kind]).lower()
        st.success(tr("Recorded at {time}: {what}.", time=at, what=what))
        if event.kind is not EventKind.PAIN_READING:
            st.warning(_advice(event.kind, record), icon=":material/call:")


def _refusal(refusal: RecoveryError) -> str:
    if isinstance(refusal, DatabaseUnavailable) and not isinstance(refusal, OutcomeUnknown):
        # Nothing is kept of a press, as answers are of a form.
        not_yet = tr("It is not recorded yet.")
        return f"{refusal} {not_yet}"
    return str(refusal)


def _press(kind: EventKind) -> None:
    """Record what happened before the page is drawn."""
    at = now()
    with refusals_of(_SAID):
        event = Event(kind=kind, occurred_at=at, pain_nrs=None)
        _record(event, press_key(f"event-{kind}", at), at)
        said_of(_SAID).what = event


def _press_reading(record: OwnRecord) -> None:
    """Record a reading before the page is drawn, which then shows an empty scale."""
    at, chosen = now(), st.session_state.get(_TIME)
    nrs = chosen_nrs(_PAIN, revision=_readings())
    if nrs is None and is_repeat(_READING_SAID, at):
        # The second press of a double click finds the scale emptied.
        return
    with refusals_of(_READING_SAID):
        occurred_at = at if chosen is None else today_at(chosen, record.patient.time_zone)
        event = Event(kind=EventKind.PAIN_READING, occurred_at=occurred_at, pain_nrs=nrs)
        # Another number or time is another reading, however soon after.
        _record(event, press_key(f"event-reading-{nrs}-{chosen}", at), at)
        said_of(_READING_SAID).what = event
        st.session_state[_REVISION] = _readings() + 1
        st.session_state[_TIME] = None
        note_done(_READING_SAID, at)


def _readings() -> int:
    """Return how many readings were recorded here; the scale is emptied with each."""
    return int(st.session_state.get(_REVISION, 0))


def _record(event: Event, key: UUID, at: datetime) -> None:
    actor = present_actor(Role.PATIENT, Role.CARER)
    act(
        lambda session: add_event(
            session, own_access(session, actor), event, idempotency_key=key, now=at
        ),
        is_keyed=True,
    )


def _advice(kind: EventKind, record: OwnRecord) -> str:
    numbers = (
        dialling_link(record.settings.emergency_number),
        dialling_link(record.settings.phone),
    )
    sign = procedure_of(record.patient.episode.procedure).sudden_pain_sign
    if sign is None:
        what_to_do = fill(tr("Call {clinic_phone} today."), *numbers)
    else:
        what_to_do = sign.advice(*numbers)
    if kind is EventKind.SUDDEN_PAIN:
        return what_to_do
    return tr("If it hurts more, or in a new place: {what_to_do}", what_to_do=what_to_do)


def _list_recent(actor: Actor, record: OwnRecord, events: Sequence[Event]) -> None:
    zone_name = record.patient.time_zone
    for event in events:
        day = today_in(zone_name, event.occurred_at)
        if event.is_withdrawn or (record.today - day).days > LATE_WINDOW_DAYS:
            continue
        what = tr(EVENT_WORDS[event.kind])
        if event.pain_nrs is not None:
            what = tr("{event}, pain {nrs} of 10", event=what, nrs=event.pain_nrs)
        with st.container(horizontal=True, vertical_alignment="center"):
            at = f"{relative_day(day, record.today)}, {clock_time(event.occurred_at, zone_name)}"
            st.markdown(f"{at}: {what}")
            if record.access.is_proxy and event.recorded_by != actor.account_id:
                continue
            press_button(
                tr("Take back"),
                _withdraw,
                actor,
                event.event_id,
                key=f"withdraw-{event.event_id}",
                help=tr("For a press by mistake. It stays on record as taken back."),
            )


def _withdraw(actor: Actor, event_id: UUID) -> None:
    at = now()
    # What was taken back may happen again at once.
    end_presses("event-")
    with refusals_of(_BACK_SAID):
        act(
            lambda session: withdraw_event(session, own_access(session, actor), event_id, at),
            is_keyed=True,
        )
        said_of(_BACK_SAID).what = tr("Taken back. It stays on record as a mistake.")
